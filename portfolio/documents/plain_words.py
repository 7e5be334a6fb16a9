"""Blocks as plain text, the way a person would copy them: a line for a paragraph, a row on a line, "
"tabs between cells."""

from collections.abc import Iterable

from portfolio.documents.blocks import Block, CodeBlock, Heading, ListItem, Paragraph, Quote, Run, Table, text_of


def words_of(blocks: Iterable[Block]) -> str:
    """The text of blocks; what has no words is left out, and paragraphs have an empty line between them."""
    return "\n\n".join(said for block in blocks if (said := _said(block)))


def _said(block: Block) -> str:
    if isinstance(block, Heading | Paragraph | ListItem | Quote):
        return text_of(block.runs)
    if isinstance(block, CodeBlock):
        return block.text
    return "\n".join(_row(row) for row in block.rows) if isinstance(block, Table) else ""


def _row(row: Iterable[tuple[Run, ...]]) -> str:
    return "\t".join(" ".join(text_of(cell).split()) for cell in row)
