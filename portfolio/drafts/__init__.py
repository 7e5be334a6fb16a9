"""What somebody is typing and has not saved, kept as they type, so that nothing typed is lost."""
