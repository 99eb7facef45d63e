"""Tells spam from comments: trains a model, keeps its versions, scores with it and explains the score."""
