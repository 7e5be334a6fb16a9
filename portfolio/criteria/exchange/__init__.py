"""Criteria in the formats of others, read and written: bytes on one side, a pack on the other. Knows no database.

What is read is taken whole or refused with every fault at once; what is assumed or left out is always said.
"""
