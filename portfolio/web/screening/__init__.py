"""Personal data: looking through what was found in an item, and deciding it."""
