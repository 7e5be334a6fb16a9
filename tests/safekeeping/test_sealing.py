"""A sealed stream opens whole or not at all."""

from io import BytesIO
from pathlib import Path
from random import Random

import pytest

from portfolio.errors import NotFound, Rejected
from portfolio.safekeeping.sealing import HEAD_BYTES, PIECE, TAG_BYTES, Damaged, Key, Opened, Sealer, key_in, read_key

KEY = Key(bytes(range(32)))


def sealed(content: bytes, key: Key = KEY) -> bytes:
    out = BytesIO()
    sealer = Sealer(out, key)
    for start in range(0, len(content), 70_000):
        sealer.write(content[start : start + 70_000])
    sealer.close()
    return out.getvalue()


def opened(data: bytes, size: int, key: Key = KEY) -> bytes:
    source = Opened(BytesIO(data), key)
    content = source.read(size)
    assert source.is_at_end()
    return content


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 17])
def test_what_was_sealed_comes_out_again(size: int) -> None:
    content = Random(size).randbytes(size)
    assert opened(sealed(content), size) == content


def test_the_same_content_is_never_sealed_the_same_way() -> None:
    assert sealed(b"the same")[HEAD_BYTES:] != sealed(b"the same")[HEAD_BYTES:]


def test_every_bit_counts() -> None:
    data = sealed(b"kept")
    for place in range(len(data)):
        altered = bytearray(data)
        altered[place] ^= 1
        with pytest.raises(Damaged):
            opened(bytes(altered), 4)


@pytest.mark.parametrize("left", [0, HEAD_BYTES - 1, HEAD_BYTES, HEAD_BYTES + PIECE + TAG_BYTES, -1])
def test_what_is_cut_off_is_found(left: int) -> None:
    with pytest.raises(Damaged):
        opened(sealed(b"x" * (2 * PIECE))[:left], 2 * PIECE)


def test_pieces_that_change_places_are_found() -> None:
    data, size = sealed(b"x" * (3 * PIECE)), PIECE + TAG_BYTES
    head, first, second = data[:HEAD_BYTES], data[HEAD_BYTES:][:size], data[HEAD_BYTES + size :][:size]
    with pytest.raises(Damaged, match="piece 1"):
        opened(head + second + first + data[HEAD_BYTES + 2 * size :], 3 * PIECE)


def test_what_is_added_is_found() -> None:
    with pytest.raises(Damaged):
        opened(sealed(b"kept") + b"more", 4)


def test_pieces_of_another_file_are_found() -> None:
    one, other = sealed(b"x" * PIECE * 2), sealed(b"y" * PIECE * 2)
    cut = HEAD_BYTES + PIECE + TAG_BYTES
    with pytest.raises(Damaged, match="piece 2"):
        opened(one[:cut] + other[cut:], 2 * PIECE)


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(Damaged, match="another key"):
        opened(sealed(b"kept"), 4, Key(bytes(32)))


def test_reading_beyond_the_end_is_damage() -> None:
    with pytest.raises(Damaged, match="too early"):
        opened(sealed(b"kept"), 5)


def test_a_key_file_is_made_for_its_owner_alone_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "key"
    key = key_in(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert key_in(path) == key == read_key(path)


def test_only_a_key_is_taken_for_one(tmp_path: Path) -> None:
    path = tmp_path / "key"
    with pytest.raises(NotFound):
        read_key(path)
    for words in ("", "secret", "nvq-portfolio-backup-key-1 abcd", "nvq-portfolio-backup-key-1 " + "z" * 64, "é" * 64):
        path.write_text(words)
        with pytest.raises(Rejected):
            read_key(path)
    with pytest.raises(Rejected, match="cannot be read"):
        read_key(tmp_path)
