"""Claims of evidence against criteria, and the coverage that follows from them."""
