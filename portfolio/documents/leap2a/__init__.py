"""A portfolio as Leap2A, which Mahara and other portfolio systems read."""
