"""What of a file's content can be looked through: the text of each piece of its preview, and what has none. Pure.

A finding counts its places in these texts, so they must be made the same way wherever they are shown. Whatever could
not be read is said: somebody has to look at that for themselves.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from portfolio.documents.blocks import Block, Table
from portfolio.documents.plain_words import words_of
from portfolio.documents.preview import Manifest, Piece, blocks_in
from portfolio.screening.rules import NOTE_MOST

NO_TEXT = "There is no text in this file that can be read here."
NO_KIND = "Files of this kind cannot be read here."
RECORDING = "A recording has no text that can be read here."
ONE_PICTURE = "A picture in it has no text that can be read here."
PICTURES = "{count} pictures or pages in it have no text that can be read here."
NOTHING_MISSING = frozenset(
    {
        "It is empty.",
        "Slides are shown as their words and pictures, without their layout.",
        "The file is empty.",
        "There is nothing in it that can be shown.",
        "This sheet is hidden in the file.",
        "This slide is hidden in the file.",
    }
)
"""What previews say of files of which all the same everything was read."""
_SHEET, _FRAME = "sheet-", 1


@dataclass(frozen=True, slots=True)
class Content:
    """The texts of a file by the names of their pieces, what the pieces are called, and what could not be read."""

    texts: dict[str, str]
    titles: dict[str, str]
    unread: str = ""


def content_of(manifest: Manifest, part: Callable[[int], bytes]) -> Content:
    """What there is to look through in a preview. Raises Malformed, or what `part` raises."""
    texts = {}
    for piece in manifest.pieces:
        if piece.text is not None:
            texts[piece.id] = _text(piece, blocks_in(part(piece.text)))
    return Content(texts, {piece.id: piece.title for piece in manifest.pieces}, _unread(manifest))


def unreadable(media_type: str) -> str:
    """Why there is nothing to look through in a file of a kind without a preview."""
    return RECORDING if media_type.startswith(("audio/", "video/")) else NO_KIND


def _text(piece: Piece, blocks: tuple[Block, ...]) -> str:
    if _SHEET not in piece.id:
        return words_of(blocks)
    return f"{piece.title}\n\n{words_of(map(_unframed, blocks))}"


def _unframed(block: Block) -> Block:
    """A sheet without the letters over its columns and the numbers before its rows."""
    return (
        replace(block, rows=tuple(row[_FRAME:] for row in block.rows[_FRAME:])) if isinstance(block, Table) else block
    )


def _unread(manifest: Manifest) -> str:
    if not manifest.pieces:
        return (manifest.note or NO_TEXT)[:NOTE_MOST]
    pictures = sum(1 for piece in manifest.pieces if piece.shots and (piece.text is None or not piece.is_folded))
    said = [ONE_PICTURE if pictures == 1 else PICTURES.format(count=pictures)] if pictures else []
    said += dict.fromkeys(_notes(manifest))
    whole = " ".join(said)
    return whole if len(whole) <= NOTE_MOST else f"{whole[: NOTE_MOST - 1]}…"


def _notes(manifest: Manifest) -> Iterator[str]:
    """What the preview says is missing from it. The words of a page stand in its picture already."""
    for note in (manifest.note, *(piece.note for piece in manifest.pieces)):
        left = note
        for harmless in NOTHING_MISSING:
            left = left.replace(harmless, "")
        if left.strip():
            yield " ".join(left.split())
