"""The pages of the newspaper in these tests."""

ORIGIN = "https://gazette.example"
ARTICLE = f"{ORIGIN}/village/la-halle"
