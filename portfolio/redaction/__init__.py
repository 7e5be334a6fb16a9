"""Redacted versions of files: asked for, made and proved by a worker, used in the place of the original or not."""
