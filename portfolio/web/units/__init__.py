"""A unit: its criteria with their state, the evidence beside them, and the guidance."""
