"""A small Outlook message, written as the compound file that it is: enough of the format for one mail."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

SECTOR, SMALL = 512, 64
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_STRING, _BINARY, _LONG = 0x001F, 0x0102, 0x0003
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_MESSAGE_CLASS = bytes.fromhex("0b0d020000000000c000000000000046")
_CUTOFF = 4096

Properties = dict[int, str | bytes | int]
Tree = dict[str, "bytes | Tree"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the directory; `beside` and `child` are the numbers of other lines."""

    name: str
    kind: int
    data: bytes = b""
    beside: int = _FREE
    child: int = _FREE


def message(subject: str, body: str, attachments: dict[str, bytes]) -> bytes:
    """A mail from one person to another with files attached."""
    said: Properties = {0x0037: subject, 0x1000: body, 0x0C1A: "Customer A", 0x0C1F: "a@example.org"}
    files: list[Properties] = [{0x3707: name, 0x3701: data, 0x3705: 1} for name, data in attachments.items()]
    return written(tree(said, [{0x3001: "The desk", 0x39FE: "desk@example.org", 0x0C15: 1}], files))


def tree(
    said: Properties, people: Sequence[Properties], files: Sequence[Properties], inside: Tree | None = None
) -> Tree:
    """The storages of a mail with whatever properties; `inside` is a mail that is attached last."""
    found: Tree = dict(_streams(said, header=32 if inside is not None or files or people else 24))
    for number, person in enumerate(people):
        found[f"__recip_version1.0_#{number:08X}"] = dict(_streams(person, header=8))
    for number, file in enumerate(files):
        found[f"__attach_version1.0_#{number:08X}"] = dict(_streams(file, header=8))
    if inside is not None:
        last: Tree = dict(_streams({0x3705: 5}, header=8))
        found[f"__attach_version1.0_#{len(files):08X}"] = last | {"__substg1.0_3701000D": inside}
    return found


def _streams(properties: Properties, *, header: int) -> dict[str, bytes]:
    """A stream for each long property, and the table that lists them all."""
    found, table = {}, b"\0" * header
    for name, value in properties.items():
        if isinstance(value, int):
            table += struct.pack("<HHIII", _LONG, name, 6, value, 0)
            continue
        kind, data = (_STRING, value.encode("utf-16-le")) if isinstance(value, str) else (_BINARY, value)
        table += struct.pack("<HHIII", kind, name, 6, len(data), 0)
        found[f"__substg1.0_{name:04X}{kind:04X}"] = data
    return found | {"__properties_version1.0": table}


def written(content: Tree) -> bytes:
    """The tree as a compound file: short streams in small sectors inside one long stream, long ones in their own."""
    entries = [Entry("Root Entry", _ROOT, child=1)]
    _add(entries, content)
    return _file(entries)


def _add(entries: list[Entry], content: Tree) -> None:
    """The lines of a storage stand together, and those of the storages in it after them."""
    first = len(entries)
    besides = [*range(first + 1, first + len(content)), _FREE]
    pairs = list(zip(content.items(), besides, strict=True))
    for (name, data), beside in pairs:
        entries.append(Entry(name, _STREAM, data if isinstance(data, bytes) else b"", beside))
    for place, ((name, data), beside) in enumerate(pairs, first):
        if isinstance(data, dict):
            entries[place] = Entry(name, _STORAGE, beside=beside, child=len(entries))
            _add(entries, data)


class Chains:
    """Contents in sectors of one size, and the table that says which sector follows which."""

    def __init__(self, sector: int) -> None:
        self.sector, self.content, self.table = sector, b"", list[int]()

    def add(self, data: bytes) -> int:
        """The first sector of the data, which stands in one piece."""
        count = -(-len(data) // self.sector)
        first = len(self.table)
        self.content += data.ljust(count * self.sector, b"\0")
        self.table += [first + number + 1 for number in range(count - 1)] + [_END] * bool(count)
        return first if count else _END


def _file(entries: list[Entry]) -> bytes:
    large, small = Chains(SECTOR), Chains(SMALL)
    starts = [(large if len(entry.data) >= _CUTOFF else small).add(entry.data) for entry in entries]
    starts[0] = large.add(small.content)
    sizes = [len(small.content), *(len(entry.data) for entry in entries[1:])]
    directory = b"".join(map(_entry, entries, starts, sizes))
    first = large.add(directory)
    small_table = large.add(struct.pack(f"<{len(small.table)}I", *small.table).ljust(SECTOR, b"\xff"))
    tables = -(-(len(large.table) + 1) // (SECTOR // 4 - 1))
    at = range(len(large.table), len(large.table) + tables)
    table = [*large.table, *[_FAT] * tables]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<5H6x", 62, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, tables, first, 0, _CUTOFF, small_table, 1, _END, 0)
    head += struct.pack(f"<{tables}I", *at)
    fat = struct.pack(f"<{len(table)}I", *table).ljust(tables * SECTOR, b"\xff")
    return head.ljust(SECTOR, b"\xff") + large.content + fat


def _entry(entry: Entry, start: int, size: int) -> bytes:
    wide = entry.name.encode("utf-16-le") + b"\0\0"
    named = wide.ljust(64, b"\0") + struct.pack("<HBB3I", len(wide), entry.kind, 1, _FREE, entry.beside, entry.child)
    mark = _MESSAGE_CLASS if entry.kind == _ROOT else b"\0" * 16
    return named + mark + b"\0" * 20 + struct.pack("<IQ", start if size else _END, size)
