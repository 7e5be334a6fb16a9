"""What the work of proving a centre's trails is called. Pure."""

CHECK_TRAIL = "check-trail"
