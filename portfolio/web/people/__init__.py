"""Who belongs to the centre: the list, inviting, withdrawing a role."""
