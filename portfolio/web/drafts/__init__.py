"""Keeping what somebody types as they type it, and showing how it will read."""
