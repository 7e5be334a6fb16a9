"""Qualifications and units: what they say, and loading packs."""
