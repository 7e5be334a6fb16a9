"""The Word portfolio: reading what it shows, and making it in the background."""
