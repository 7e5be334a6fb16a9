"""Whether all is well, for those who watch over it: alive, ready, and in figures."""
