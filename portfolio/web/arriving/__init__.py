"""Bringing in portfolios that another centre sent as a bundle."""
