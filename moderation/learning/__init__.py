"""The life of models: people's decisions become a challenger, and a challenger the champion."""
