"""Cohorts: the list, one with its learners, opening, renaming and closing them."""
