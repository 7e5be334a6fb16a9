"""The centre itself: its name, limits, periods, logo and words, for its administrators."""
