"""Personal data in what is told and sent: what was looked through, what was found, and what was decided about it."""
