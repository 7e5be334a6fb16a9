"""What somebody wrote as XHTML: well formed whatever the text, no scripts, nothing fetched. Pure."""

import re
from collections.abc import Iterable
from itertools import groupby

from portfolio.documents.blocks import Block, Table
from portfolio.documents.offline.markup import blocks, runs

_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EMPTY = {"<br>": "<br/>", "<hr>": "<hr/>"}
_HOLLOW = re.compile(r"<(td|th|p|li|pre|h[1-6])></\1>")


def legal(words: str) -> str:
    """The words with U+FFFD for each sign that XML cannot carry."""
    return words if words.isprintable() else _NOT_XML.sub("\ufffd", _BREAKS.sub("\n", words))


def line(words: str) -> str:
    """The words on one line."""
    return " ".join(legal(words).split())


def xhtml(of: Iterable[Block]) -> str:
    """Blocks as the inside of a `div`. Texts are escaped, so the tags are ours alone. No element is empty that may hold
    words: some readers make `<pre/>` of it, which browsers take for the beginning of one.
    """
    said: list[str] = []
    for is_table, group in groupby(of, lambda block: isinstance(block, Table)):
        listed = list(group)
        said += (_table(block) for block in listed if isinstance(block, Table)) if is_table else blocks(listed)
    made = legal("".join(said))
    for tag, closed in _EMPTY.items():
        made = made.replace(tag, closed)
    return _HOLLOW.sub("<\\1>\u00a0</\\1>", made)


def _table(table: Table) -> str:
    head, *rows = ([runs(cell) for cell in row] for row in table.rows or ((),))
    titles = "".join(f"<th>{cell}</th>" for cell in head)
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{lines}</tbody></table>"
