"""Keeping an installation safe: sealed backups, bringing them back, and looking after what runs."""
