"""Bringing lists of people, cohorts, enrolments and allocations as CSV."""
