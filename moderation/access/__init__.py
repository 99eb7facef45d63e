"""Who may come in: passwords, one-time codes, sessions of the console."""
