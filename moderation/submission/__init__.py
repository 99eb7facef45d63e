"""The path of one comment from a reader's form to memory."""
