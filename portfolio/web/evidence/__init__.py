"""Adding evidence, seeing an item, changing a draft, and downloading files."""
