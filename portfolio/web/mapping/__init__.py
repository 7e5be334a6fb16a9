"""Ticking the criteria that an item meets, beside the item."""
