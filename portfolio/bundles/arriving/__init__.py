"""Portfolios that come in bundles from elsewhere: opened, looked at, matched and brought in."""
