"""Blocks as JSON and back, for the pipe from the process that reads files, and for what is kept of what it read.

Pictures go beside the JSON: as files in a folder, or one behind the other. What comes back is checked piece by piece:
the process that made it had hostile input.
"""

import re
from collections.abc import Callable, Iterable
from functools import partial
from itertools import count
from pathlib import Path

from portfolio.documents.blocks import (
    Block,
    Card,
    CodeBlock,
    Extract,
    Heading,
    ListItem,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Run,
    Table,
)

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

Keep = Callable[[bytes], Json]
"""Puts a picture beside the JSON; answers what leads to it."""
Take = Callable[[Json], bytes]
"""The picture that this leads to. Raises Malformed when it leads to none."""

_SPOOLED = re.compile(r"[0-9]{1,4}\Z")
_STARTS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
_MAX_SIDE = 22 * 914_400
_MAX_SECONDS = 1e6


class Malformed(Exception):
    """What came through the pipe is not an extract."""


def encode(extract: Extract, keep: Keep) -> dict[str, Json]:
    """JSON for an extract, beside its pictures."""
    return {"blocks": [_with_picture(block, keep) for block in extract.blocks], "note": extract.note}


def decode(value: Json, take: Take) -> Extract:
    """The extract that `encode` was given. Raises Malformed for anything else."""
    if not isinstance(value, dict):
        raise Malformed
    blocks, note = value.get("blocks"), value.get("note")
    if not isinstance(blocks, list) or not isinstance(note, str):
        raise Malformed
    return Extract(tuple(_decoded(block, take) for block in blocks), note)


def into_folder(spool: Path) -> Keep:
    """Keeps pictures as numbered files of a folder."""

    names = map(str, count())

    def keep(data: bytes) -> Json:
        name = next(names)
        (spool / name).write_bytes(data)
        return name

    return keep


def out_of_folder(spool: Path) -> Take:
    """Takes pictures out of a folder that `into_folder` filled."""
    return partial(_taken, spool)


def _taken(spool: Path, name: Json) -> bytes:
    if not isinstance(name, str) or not _SPOOLED.match(name):
        raise Malformed
    file = spool / name
    if file.is_symlink() or not file.is_file():
        raise Malformed
    data = file.read_bytes()
    file.unlink()
    return data


def encoded_text(blocks: Iterable[Block]) -> Json:
    """JSON for blocks without pictures."""
    return [_encoded(block) for block in blocks]


def decode_text(value: Json) -> tuple[Block, ...]:
    """The blocks that `encoded_text` was given. Raises Malformed for anything else, pictures included."""
    return tuple(_decoded(block, None) for block in _list(value))


def _with_picture(block: Block, keep: Keep) -> Json:
    if isinstance(block, Picture):
        return ["picture", keep(block.data), block.media_type, block.width, block.height]
    return _encoded(block)


def _encoded(block: Block) -> Json:
    match block:
        case Heading(level, runs):
            return ["heading", level, _runs(runs)]
        case Paragraph(runs, indent):
            return ["paragraph", _runs(runs), indent]
        case ListItem(runs, level, ordered, list_no):
            return ["item", _runs(runs), level, ordered, list_no]
        case Quote(runs):
            return ["quote", _runs(runs)]
        case CodeBlock(text):
            return ["code", text]
        case Table(rows):
            return ["table", [[_runs(cell) for cell in row] for row in rows]]
        case Card(name, media_type, size, sha256, reason, seconds):
            return ["card", name, media_type, size, sha256, reason, seconds]
        case _:
            return ["rule"]


def _runs(runs: tuple[Run, ...]) -> list[Json]:
    return [[run.text, run.bold, run.italic, run.code, run.link] for run in runs]


def _decoded(value: Json, take: Take | None) -> Block:
    if not isinstance(value, list) or not value or not isinstance(value[0], str):
        raise Malformed
    read = _READERS.get(value[0])
    if value[0] == "picture" and take is not None:
        return _picture(value[1:], take)
    if read is None:
        raise Malformed
    try:
        return read(*value[1:])
    except TypeError as error:
        raise Malformed from error


def _heading(level: Json, runs: Json) -> Block:
    return Heading(_int(level), _read_runs(runs))


def _paragraph(runs: Json, indent: Json) -> Block:
    return Paragraph(_read_runs(runs), _int(indent))


def _item(runs: Json, level: Json, ordered: Json, list_no: Json) -> Block:
    return ListItem(_read_runs(runs), _int(level), ordered is True, _int(list_no))


def _quote(runs: Json) -> Block:
    return Quote(_read_runs(runs))


def _code(text: Json) -> Block:
    return CodeBlock(_text(text))


def _table(rows: Json) -> Block:
    return Table(tuple(tuple(_read_runs(cell) for cell in _list(row)) for row in _list(rows)))


def _card(name: Json, media_type: Json, size: Json, sha256: Json, reason: Json, seconds: Json) -> Block:
    return Card(_text(name), _text(media_type), _int(size), _text(sha256), _text(reason), seconds_in(seconds))


def _rule() -> Block:
    return Rule()


_READERS: dict[str, Callable[..., Block]] = {
    "heading": _heading,
    "paragraph": _paragraph,
    "item": _item,
    "quote": _quote,
    "code": _code,
    "table": _table,
    "card": _card,
    "rule": _rule,
}


def _picture(values: list[Json], take: Take) -> Picture:
    if len(values) != 4:
        raise Malformed
    leads, media_type, width, height = values
    start = _STARTS.get(_text(media_type))
    data = take(leads)
    if start is None or not data.startswith(start):
        raise Malformed
    return Picture(data, _text(media_type), _side(width), _side(height))


def _side(value: Json) -> int:
    side = _int(value)
    if side > _MAX_SIDE:
        raise Malformed
    return max(1, side)


def seconds_in(value: Json) -> float:
    """How long something takes. Raises Malformed for what is no such number."""
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value < _MAX_SECONDS:
        raise Malformed
    return float(value)


def _read_runs(value: Json) -> tuple[Run, ...]:
    return tuple(_run(_list(piece)) for piece in _list(value))


def _run(values: list[Json]) -> Run:
    if len(values) != 5:
        raise Malformed
    text, bold, italic, code, link = values
    return Run(_text(text), bold is True, italic is True, code is True, None if link is None else _text(link))


def _list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise Malformed
    return value


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise Malformed
    return value


def _int(value: Json) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise Malformed
    return value
