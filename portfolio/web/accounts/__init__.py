"""Signing in and out, one-use links, and one's own account."""
