"""What we talk about: frozen dataclasses of the standard library, no behaviour of others."""
