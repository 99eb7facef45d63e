"""The moderation command."""
