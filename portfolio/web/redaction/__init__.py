"""Redacting a file: what goes from it, what is marked by hand, how it was proved, and what takes its place."""
