"""A portfolio that leaves whole: files, mapping, decisions and history in one archive that proves itself."""
