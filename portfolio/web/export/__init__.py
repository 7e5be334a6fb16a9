"""The Word portfolio: having it made, watching, downloading."""
