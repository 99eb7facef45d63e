"""The console: pages for moderators and operators, which work without JavaScript."""
