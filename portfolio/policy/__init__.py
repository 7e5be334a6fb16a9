"""Who may do what: one table of permissions and rules."""
