"""Criteria packs: read, validated, versioned by content."""
