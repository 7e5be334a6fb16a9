"""The trail as people read it: of one portfolio, of the centre, and of what external quality assurers opened."""
