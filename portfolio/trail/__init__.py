"""The trail for people: what each entry says, who may be linked to what, proving it, and who opened what."""
