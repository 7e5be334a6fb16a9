"""True redaction: a file written anew without what was accepted as personal data, whatever part of it that stood in."""
