"""What readers and their pages call."""
