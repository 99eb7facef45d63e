"""Telling other programs what has happened, by the Standard Webhooks specification."""
