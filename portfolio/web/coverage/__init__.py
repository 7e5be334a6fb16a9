"""The centre's coverage audit."""
