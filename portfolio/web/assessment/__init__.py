"""The assessor's pages."""
