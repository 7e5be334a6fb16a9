"""Lists of people, cohorts, enrolments and allocations that a centre brings as CSV."""
