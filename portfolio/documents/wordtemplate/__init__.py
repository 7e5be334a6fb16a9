"""A centre's own Word template: read as hostile, kept as a small package of ours, and put around the books."""
