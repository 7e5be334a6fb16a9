"""A learner on a qualification: chosen units, allocations, dates."""
