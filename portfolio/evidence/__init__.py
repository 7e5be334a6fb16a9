"""Evidence items, their versions and files."""
