"""Handing work in, and taking it back while nobody has opened it."""
