"""Invented newsrooms: readers, pages, comments and what became of them, to show and to measure."""
