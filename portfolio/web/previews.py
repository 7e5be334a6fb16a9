"""What a page shows of files: what was made anew from them, as far as there is room on the page."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from portfolio.documents.blocks import Block, Rule
from portfolio.documents.codec import Malformed
from portfolio.documents.kinds import kind_word
from portfolio.documents.nesting import Listed, nested
from portfolio.documents.preview import Manifest, Piece, Shot, Sound, blocks_in, manifest_of, sound_in
from portfolio.documents.preview_bench import weight_of
from portfolio.evidence.file_queries import PreviewRow, previews_of
from portfolio.mapping.places import SHEET_MOST, short_name
from portfolio.previews.rules import MADE, PreviewState, is_played
from portfolio.screening.pieces import told
from portfolio.web.session import database_session, installation

log = logging.getLogger("portfolio.web")

IN_PLACE = 60_000
"""How many characters of text the files of one item may have on a page of something else."""
MISSING, PLAYED, NEVER = "missing", "played", "never"
"""What a preview can be beside the states of its row: not asked for or lost; played as it is; of a kind without one."""
NO_KIND = "Files of this kind are not shown here. Download it to open it."


class AnyFile(Protocol):
    """A file as the pages know it."""

    @property
    def name(self) -> str:
        """As it was uploaded."""

    @property
    def size(self) -> int:
        """In bytes."""

    @property
    def media_type(self) -> str:
        """By its content."""


@dataclass(frozen=True, slots=True)
class ShownPiece:
    """A page, a sheet, a slide, a picture or a text. `is_cut`: there is more of its text than the page has room for.

    `name` tells it apart within its file, such as `page-3`; `first` is the number of its first paragraph in the file.
    """

    id: str
    name: str
    title: str
    note: str
    shots: tuple[Shot, ...]
    nodes: tuple[Block | Listed, ...]
    is_folded: bool
    is_cut: bool
    first: int

    @property
    def is_titled(self) -> bool:
        """Whether its title says something even where it stands alone."""
        return self.is_sheet

    @property
    def is_sheet(self) -> bool:
        """Whether it has rows and cells rather than paragraphs."""
        return "sheet-" in self.name

    @property
    def sheet(self) -> str:
        """Its name as a place tells it; empty for what is no sheet."""
        return short_name(self.title)[:SHEET_MOST] if self.is_sheet else ""

    @property
    def paragraphs(self) -> int:
        """How many of its blocks have a number."""
        return 0 if self.is_sheet else sum(1 for node in self.nodes if not isinstance(node, Rule))


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file and what there is to see of it; `weight` is the length of all its text.

    `unseen` is what it holds beside that, `carries` what of it a redacted copy would not have, and `unread` what could
    not be read of it, in sentences.
    """

    id: int
    name: str
    size: int
    media_type: str
    state: str
    note: str = ""
    pieces: tuple[ShownPiece, ...] = ()
    thumbnail: Shot | None = None
    weight: int = 0
    unseen: tuple[ShownPiece, ...] = ()
    carries: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def is_cut(self) -> bool:
        """Whether the page has only the first part of what there is to see."""
        return any(piece.is_cut for piece in self.pieces)

    @property
    def place(self) -> str:
        """Its name as a place tells it."""
        return short_name(self.name)

    @property
    def kind(self) -> str:
        """What sort of file it is, in a word."""
        return kind_word(self.media_type)

    @property
    def is_sound(self) -> bool:
        """Whether it is played as a sound rather than as a film."""
        return self.media_type.startswith("audio/")


def shown(files: Iterable[tuple[int, AnyFile]], *, top: int, room: int | None = IN_PLACE) -> list[ShownFile]:
    """Files by their id with what there is to see of them, in the same order.

    `top` is the level of their headings on the page, `room` the characters that it has room for, None for all.
    """
    listed = list(files)
    rows = previews_of(database_session(), [file_id for file_id, file in listed if file.media_type in MADE])
    found = []
    for file_id, file in listed:
        one = _shown(file_id, file, rows.get(file_id), top, room)
        found.append(one)
        if room is not None:
            room = max(0, room - one.weight)
    return found


def sound_as(row: PreviewRow | None) -> Sound | None:
    """How a recording goes, by its preview; None where that is not known yet, or cannot be."""
    part = None if row is None or row.state is not PreviewState.READY else _manifest(row).sound
    try:
        return None if row is None or part is None else sound_in(_part(row, part))
    except (FileNotFoundError, Malformed):
        log.warning("How a recording goes cannot be read.")
        return None


def state_of(file_id: int, media_type: str) -> str:
    """How it stands with the preview of one file."""
    if is_played(media_type):
        return PLAYED
    if media_type not in MADE:
        return NEVER
    return _state(previews_of(database_session(), [file_id]).get(file_id))


def shown_as(row: PreviewRow | None, file: AnyFile, *, top: int) -> ShownFile:
    """The same of what is no file of an item yet, such as one that was redacted; all of it."""
    return _shown(row.file_id if row is not None else 0, file, row, top, None)


def shot_of(file_id: int, part: int) -> tuple[Shot, bytes] | None:
    """A picture of a file's preview with its bytes; None where there is none."""
    return shot_in(previews_of(database_session(), [file_id]).get(file_id), part)


def shot_in(row: PreviewRow | None, part: int) -> tuple[Shot, bytes] | None:
    """A picture of a preview with its bytes; None where there is none."""
    if row is None or row.state is not PreviewState.READY:
        return None
    shot = _manifest(row).shot(part)
    try:
        return None if shot is None else (shot, installation().previews.read(row.centre_uid, row.sha256, part))
    except FileNotFoundError:
        return None


def _state(row: PreviewRow | None) -> str:
    if row is None or row.state is None:
        return MISSING
    is_lost = row.state is PreviewState.READY and not installation().previews.has(row.centre_uid, row.sha256)
    return MISSING if is_lost else row.state.value


def _shown(file_id: int, file: AnyFile, row: PreviewRow | None, top: int, room: int | None) -> ShownFile:
    about = (file_id, file.name, file.size, file.media_type)
    if file.media_type not in MADE:
        return ShownFile(*about, NEVER, NO_KIND)
    state = PLAYED if is_played(file.media_type) else _state(row)
    if row is None or row.state in {None, PreviewState.WAITING} or state == MISSING:
        return ShownFile(*about, state)
    manifest = _manifest(row)
    pieces, first = [], 1
    for piece in manifest.pieces:
        if piece.is_unseen:
            continue
        one = _piece(file_id, row, piece, top, room, first)
        if room is not None:
            room = max(0, room - piece.weight)
        first += one.paragraphs
        pieces.append(one)
    weight = sum(piece.weight for piece in manifest.pieces if not piece.is_unseen)
    none = None if room is None else 0
    unseen = tuple(_piece(file_id, row, one, top, none, 0) for one in manifest.pieces if one.is_unseen)
    inside = manifest.inside
    return ShownFile(
        *about,
        state,
        manifest.note,
        tuple(pieces),
        manifest.thumbnail,
        weight,
        unseen,
        () if inside is None else inside.gone,
        () if inside is None else (*told(inside), *filter(None, [inside.note])),
    )


def _piece(file_id: int, row: PreviewRow, piece: Piece, top: int, room: int | None, first: int) -> ShownPiece:
    blocks = _within(_text(row, piece), room) if piece.text is not None and room != 0 else ()
    is_cut = piece.text is not None and room is not None and piece.weight > room
    nodes = tuple(nested(blocks, top=top))
    return ShownPiece(
        id=f"file-{file_id}-{piece.id}",
        name=piece.id,
        title=piece.title,
        note=piece.note,
        shots=piece.shots,
        nodes=nodes,
        is_folded=piece.is_folded,
        is_cut=is_cut,
        first=first,
    )


def _within(blocks: Sequence[Block], room: int | None) -> Sequence[Block]:
    """As many blocks as there is room for, but at least one."""
    if room is None:
        return blocks
    used = 0
    for number, block in enumerate(blocks):
        used += weight_of(block)
        if used > room:
            return blocks[: max(1, number)]
    return blocks


def _text(row: PreviewRow, piece: Piece) -> Sequence[Block]:
    try:
        return blocks_in(_part(row, piece.text or 0))
    except (FileNotFoundError, Malformed):
        log.warning("A part of the preview of %s cannot be read.", row.sha256)
        return ()


def _part(row: PreviewRow, part: int) -> bytes:
    return installation().previews.read(row.centre_uid, row.sha256, part)


def _manifest(row: PreviewRow) -> Manifest:
    try:
        return manifest_of(row.manifest)
    except Malformed:
        log.warning("The preview of %s cannot be read.", row.sha256)
        return Manifest()
