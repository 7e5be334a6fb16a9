"""Bundles: having one made of a portfolio, for a visit or of a whole centre, watching, downloading."""
