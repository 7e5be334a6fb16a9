"""Blocks as JSON and back, for the pipe between a book and the process that reads its files.

Pictures travel as files in a folder that both share. What comes back is checked piece by piece: the process that made
it had hostile input.
"""

import re
from collections.abc import Callable, Iterable
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
from portfolio.documents.fragments import blocks_of

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_SPOOLED = re.compile(r"[0-9]{1,4}\Z")
_PICTURE_TYPES = {"image/png", "image/jpeg"}


class Malformed(Exception):
    """What came through the pipe is not an extract."""


def extract_into(spool: str, path: str, media_type: str, name: str, sha256: str | None) -> Json:
    """Reads a file as `fragments.blocks_of` does and gives it as JSON; called by name in the child process."""
    return encode(blocks_of(Path(path), media_type, name, sha256), Path(spool))


def encode(extract: Extract, spool: Path) -> Json:
    """JSON for an extract; pictures go to numbered files in the folder."""
    blocks: list[Json] = []
    for number, block in enumerate(extract.blocks):
        if isinstance(block, Picture):
            (spool / str(number)).write_bytes(block.data)
            blocks.append(["picture", str(number), block.media_type, block.width, block.height])
        else:
            blocks.append(_encoded(block))
    return {"blocks": blocks, "note": extract.note}


def decode(value: Json, spool: Path) -> Extract:
    """The extract that `encode` was given. Raises Malformed for anything else; takes pictures out of the folder."""
    if not isinstance(value, dict):
        raise Malformed
    blocks, note = value.get("blocks"), value.get("note")
    if not isinstance(blocks, list) or not isinstance(note, str):
        raise Malformed
    return Extract(tuple(_decoded(block, spool) for block in blocks), note)


def encoded_text(blocks: Iterable[Block]) -> Json:
    """JSON for blocks without pictures."""
    return [_encoded(block) for block in blocks]


def decode_text(value: Json) -> tuple[Block, ...]:
    """The blocks that `encoded_text` was given. Raises Malformed for anything else, pictures included."""
    return tuple(_decoded(block, None) for block in _list(value))


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
        case Card(name, media_type, size, sha256, reason):
            return ["card", name, media_type, size, sha256, reason]
        case _:
            return ["rule"]


def _runs(runs: tuple[Run, ...]) -> list[Json]:
    return [[run.text, run.bold, run.italic, run.code, run.link] for run in runs]


def _decoded(value: Json, spool: Path | None) -> Block:
    if not isinstance(value, list) or not value or not isinstance(value[0], str):
        raise Malformed
    read = _READERS.get(value[0])
    if value[0] == "picture" and spool is not None:
        return _picture(value[1:], spool)
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


def _card(name: Json, media_type: Json, size: Json, sha256: Json, reason: Json) -> Block:
    return Card(_text(name), _text(media_type), _int(size), _text(sha256), _text(reason))


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


def _picture(values: list[Json], spool: Path) -> Picture:
    if len(values) != 4:
        raise Malformed
    name, media_type = _text(values[0]), _text(values[1])
    if not _SPOOLED.match(name) or media_type not in _PICTURE_TYPES:
        raise Malformed
    file = spool / name
    if file.is_symlink() or not file.is_file():
        raise Malformed
    data = file.read_bytes()
    file.unlink()
    return Picture(data, media_type, max(1, _int(values[2])), max(1, _int(values[3])))


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
