"""Compound files, as old Office and Outlook write them and as documents embed them: every stream put together."""

from portfolio.documents.proof.search import Damaged, Search

_END = 0xFFFFFFFA
_ENTRY = 128
_MOST_SECTORS = 4_000_000
_DAMAGED = "The result holds a compound file that is damaged, so it cannot be searched."


def open_compound(search: Search, data: bytes, place: str) -> None:
    """Every stream of the file, and the names of the streams. Raises Undone."""
    search.searched("in streams of compound files")
    search.dense(data, place)
    if len(data) < 512:
        return
    book = _Sectors(data)
    directory = book.chain(_number(data, 48))
    entries = [directory[at : at + _ENTRY] for at in range(0, len(directory) - _ENTRY + 1, _ENTRY)]
    if not entries:
        return
    small = book.chain(_number(entries[0], 116))
    names = []
    for number, entry in enumerate(entries, 1):
        names.append(entry[: min(max(_half(entry, 64) - 2, 0), 62)].decode("utf-16-le", "replace"))
        if entry[66:67] != b"\x02":
            continue
        size, start = _number(entry, 120), _number(entry, 116)
        stream = book.chain(start) if size >= book.least else book.small_chain(start, small)
        search.inside(stream[:size], f"{place}: Stream {number}")
    search.built(names, f"{place}: Names of streams")


class _Sectors:
    def __init__(self, data: bytes) -> None:
        shift, small = _half(data, 30), _half(data, 32)
        if shift not in {9, 12} or small != 6:
            raise Damaged(_DAMAGED)
        self._data, self._size = data, 1 << shift
        self.least = _number(data, 56) or 4096
        lists = [_number(data, at) for at in range(76, 512, 4)]
        more = _number(data, 68)
        seen: set[int] = set()
        while more < _END and more not in seen and len(seen) < 10_000:
            seen.add(more)
            sector = self._sector(more)
            numbers = _numbers(sector)
            lists += numbers[:-1]
            more = numbers[-1] if numbers else _END
        self._next = [number for one in lists if one < _END for number in _numbers(self._sector(one))]
        self._small_next = _numbers(self.chain(_number(data, 60)))

    def chain(self, start: int) -> bytes:
        """The sectors that follow each other from one on."""
        return b"".join(self._sector(one) for one in _followed(start, self._next))

    def small_chain(self, start: int, small: bytes) -> bytes:
        """The same of the small sectors, which lie in a stream of their own."""
        return b"".join(small[one * 64 : one * 64 + 64] for one in _followed(start, self._small_next))

    def _sector(self, number: int) -> bytes:
        return self._data[(number + 1) * self._size : (number + 2) * self._size]


def _followed(start: int, following: list[int]) -> list[int]:
    chain: list[int] = []
    seen: set[int] = set()
    while start < len(following) and start not in seen and len(chain) < _MOST_SECTORS:
        seen.add(start)
        chain.append(start)
        start = following[start]
    return chain


def _numbers(data: bytes) -> list[int]:
    return [_number(data, at) for at in range(0, len(data) - 3, 4)]


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


def _half(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "little")
