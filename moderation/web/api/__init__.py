"""What moderators and operators call."""
