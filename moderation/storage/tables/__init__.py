"""The tables as both databases hold them; `migrations` builds them, a test compares the two.

What only one database knows (full-text index, triggers) is in the migrations alone.
"""
