"""Arithmetic captchas: the question, its wording, and the signed token that carries it."""
