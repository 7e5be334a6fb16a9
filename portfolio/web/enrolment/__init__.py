"""Learners on qualifications: the list, enrolling, and who is allocated."""
