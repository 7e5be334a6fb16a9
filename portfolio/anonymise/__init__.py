"""Personal data in text: what was found, where, whose it is and why it is thought so. Pure: text in, findings out."""
