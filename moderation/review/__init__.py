"""What moderators do: look, understand, decide."""
