"""The proof of a redaction: other code than wrote the result opens it and searches all of it for what was to go."""
