"""NVQ Portfolio: evidence, criteria and decisions of NVQ learners, from a file to a Word book."""
