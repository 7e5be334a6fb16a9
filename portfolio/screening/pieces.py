"""What of a file's content can be looked through: the text of each piece of its preview, and what has none. Pure.

A finding counts its places in these texts, so they must be made the same way wherever they are shown. Whatever could
not be read is said, and what only a program has read: somebody has to look at that for themselves.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from portfolio.documents.blocks import Block, Table
from portfolio.documents.plain_words import words_of
from portfolio.documents.preview import Inside, Manifest, Piece, blocks_in
from portfolio.documents.redaction.places import is_technical
from portfolio.documents.redaction.plan import Why
from portfolio.screening.rules import NOTE_MOST

NO_TEXT = "There is no text in this file that can be read here."
NO_KIND = "Files of this kind cannot be read here."
RECORDING = "A recording has no text that can be read here."
ONE_PICTURE = "A picture in it has no text that can be read here."
PICTURES = "{count} pictures or pages in it have no text that can be read here."
UNREAD: dict[Why, tuple[str, str]] = {
    Why.PICTURE: (ONE_PICTURE, PICTURES),
    Why.READ: (
        "A program has read the words in a picture in it, and may have missed some.",
        "A program has read the words in {count} pictures or pages in it, and may have missed some.",
    ),
    Why.SOUND: (RECORDING, "{count} recordings in it have no text that can be read here."),
    Why.HEARD: (
        "A program has written down what is said in it, and may have misheard some of it.",
        "A program has written down what is said in {count} recordings in it, and may have misheard some of it.",
    ),
    Why.KIND: (
        "A part of it is of a kind that cannot be read here.",
        "{count} parts of it are of kinds that cannot be read here.",
    ),
    Why.BROKEN: ("A part of it is broken and cannot be read.", "{count} parts of it are broken and cannot be read."),
}
"""What is said of one part of a file that could not be read, or only by a program, and of several."""
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

    @property
    def technical(self) -> dict[str, str]:
        """Those texts that programs say to each other."""
        return {piece: text for piece, text in self.texts.items() if is_technical(self.titles[piece])}


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


def told(inside: Inside) -> list[str]:
    """What could not be read when all of a file was, a sentence for each reason."""
    counts = Counter(one.why for one in inside.unread)
    return [UNREAD[why][counts[why] > 1].format(count=counts[why]) for why in Why if counts[why]]


def _unread(manifest: Manifest) -> str:
    inside = manifest.inside
    if inside is not None and not inside.note:
        said = told(inside)
        if not (manifest.has_parts or said):
            said = [manifest.note or NO_TEXT]
    elif not manifest.pieces:
        said = [manifest.note or NO_TEXT]
    else:
        pictures = sum(1 for piece in manifest.pieces if piece.shots and (piece.text is None or not piece.is_folded))
        said = [ONE_PICTURE if pictures == 1 else PICTURES.format(count=pictures)] if pictures else []
        said += dict.fromkeys(_notes(manifest))
    whole = " ".join(said)
    return whole if len(whole) <= NOTE_MOST else f"{whole[: NOTE_MOST - 1]}…"


def _notes(manifest: Manifest) -> Iterator[str]:
    """What the preview says is missing from it. The words of a page stand in its picture already."""
    beside = () if manifest.inside is None else (manifest.inside.note,)
    for note in (manifest.note, *(piece.note for piece in manifest.pieces), *beside):
        left = note
        for harmless in NOTHING_MISSING:
            left = left.replace(harmless, "")
        if left.strip():
            yield " ".join(left.split())
