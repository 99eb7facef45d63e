"""Tells spam from comments: trains models, keeps their versions, scores, and explains the score."""
