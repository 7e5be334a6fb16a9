"""People, memberships with roles, grants, passwords, one-use links and sessions."""
