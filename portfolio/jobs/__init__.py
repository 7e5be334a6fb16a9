"""Background work: the job row is the truth, huey only wakes a worker."""
