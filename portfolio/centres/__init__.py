"""Centres: name, number, settings and the words they use."""
