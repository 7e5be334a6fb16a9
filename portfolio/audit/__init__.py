"""The hash-chained trail of what happened: one stream per enrolment, one per centre."""
