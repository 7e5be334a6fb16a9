"""Submissions, reviews and judgements; who may judge whom."""
