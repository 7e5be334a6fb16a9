"""What the command line does, a module for each group: an edge like the pages, so it opens sessions and commits."""
