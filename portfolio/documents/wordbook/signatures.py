"""Lines that are left for wet ink: who is to sign, with room for the signature and the date."""

from functools import lru_cache

from portfolio.documents.wordbook.content import SignatureLine
from portfolio.documents.wordbook.markup import cell, head_row, paragraph, row, run, table, words

_WIDTHS = (3438, 4200, 2000)
ROOM = 624
"""How high a row is that somebody signs in."""


@lru_cache(maxsize=64)
def signatures_table(lines: tuple[SignatureLine, ...]) -> str:
    """A row for each, all on one page; mostly the same people on every item."""
    empty = cell(_WIDTHS[1], paragraph("Cell", "")) + cell(_WIDTHS[2], paragraph("Cell", ""))
    rows = [
        row(cell(_WIDTHS[0], _named(line, last=number == len(lines))) + empty, height=ROOM)
        for number, line in enumerate(lines, 1)
    ]
    return table(_WIDTHS, (head_row(_WIDTHS, ("Signed by", "Signature", "Date")), *rows), "Signatures")


def _named(line: SignatureLine, *, last: bool) -> str:
    kept = "" if last else "<w:keepNext/>"
    return paragraph("Cell", run(line.role), kept) + (words("CellLabel", line.name) if line.name else "")
