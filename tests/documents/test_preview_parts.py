"""Manifests, parts and nested blocks: whole ones survive, nonsense is told apart."""

import json
from pathlib import Path
from typing import Any

import pytest

from portfolio.documents.blocks import Block, Extract, Heading, ListItem, Paragraph, Run, Table, plain
from portfolio.documents.codec import Malformed
from portfolio.documents.nesting import Entry, Listed, nested
from portfolio.documents.preview import Manifest, Piece, Shot, blocks_in, check_parts, manifest_of
from portfolio.documents.preview_bench import Bench, Full, cleaned, said, weight_of

SHOT = Shot(0, "image/webp", 10, 20)
WHOLE = Manifest(
    (Piece("page-1", "Page 1", (SHOT,), 1, 5, is_folded=True, note="n"), Piece("attachment-2-page-3", "x")),
    "note",
    Shot(2, "image/png", 1, 1),
)


def whole_with(**changes: Any) -> dict[str, Any]:
    """The whole manifest's JSON with something else in it."""
    value: dict[str, Any] = json.loads(json.dumps(WHOLE.as_json()))
    return value | changes


def piece_with(place: int, value: Any) -> dict[str, Any]:
    """The whole manifest's JSON with one thing about its first piece changed."""
    changed = whole_with()
    changed["pieces"][0][place] = value
    return changed


def test_a_manifest_survives_the_way_through_json() -> None:
    assert manifest_of(whole_with()) == WHOLE
    assert WHOLE.parts() == {0, 1, 2}
    assert WHOLE.shot(2) == WHOLE.thumbnail
    assert WHOLE.shot(1) is None


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        whole_with(note=None),
        whole_with(note="x" * 3000),
        whole_with(pieces={}),
        whole_with(pieces=[[]]),
        whole_with(pieces=[*WHOLE.as_json()["pieces"]] * 2),  # type: ignore[misc]  # a list, as JSON has it
        whole_with(thumbnail=[0, "image/svg+xml", 1, 1]),
        whole_with(thumbnail=[0, "image/png", 1]),
        whole_with(thumbnail=[-1, "image/png", 1, 1]),
        whole_with(thumbnail=[True, "image/png", 1, 1]),
        whole_with(thumbnail=["../../etc/passwd", "image/png", 1, 1]),
        piece_with(0, '"><script>'),
        piece_with(0, 7),
        piece_with(1, None),
        piece_with(2, None),
        piece_with(2, [[0, "text/html", 1, 1]]),
        piece_with(3, 10**6),
        piece_with(4, "many"),
        piece_with(6, 1),
    ],
)
def test_nonsense_is_no_manifest(value: Any) -> None:
    with pytest.raises(Malformed):
        manifest_of(value)


def parts(folder: Path) -> None:
    """The parts of the whole manifest."""
    (folder / "0").write_bytes(b"RIFF1234WEBP")
    (folder / "1").write_bytes(json.dumps([["paragraph", [["Hi", False, False, False, None]], 0]]).encode())
    (folder / "2").write_bytes(b"\x89PNG\r\n\x1a\n")


def test_parts_are_what_they_are_said_to_be(tmp_path: Path) -> None:
    parts(tmp_path)
    (tmp_path / "workpiece").write_bytes(b"left")
    (tmp_path / "link").symlink_to("/etc/passwd")
    check_parts(WHOLE, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"0", "1", "2"}


@pytest.mark.parametrize("content", [b"<svg onload='alert(1)'>", b"", b"\xff\xd8\xff"])
def test_a_picture_that_is_none_is_found(tmp_path: Path, content: bytes) -> None:
    parts(tmp_path)
    (tmp_path / "0").write_bytes(content)
    with pytest.raises(Malformed):
        check_parts(WHOLE, tmp_path)


@pytest.mark.parametrize("content", [b"", b"{}", b"[[]]", b'[["picture", "0", "image/png", 1, 1]]', b"[" * 100_000])
def test_text_that_is_none_is_found(tmp_path: Path, content: bytes) -> None:
    parts(tmp_path)
    (tmp_path / "1").write_bytes(content)
    with pytest.raises(Malformed):
        check_parts(WHOLE, tmp_path)


def test_missing_and_strange_parts_are_found(tmp_path: Path) -> None:
    for name in ("0", "1", "2"):
        parts(tmp_path)
        (tmp_path / name).unlink()
        (tmp_path / name).symlink_to("/etc/passwd")
        with pytest.raises(Malformed):
            check_parts(WHOLE, tmp_path)
        (tmp_path / name).unlink(missing_ok=True)
    parts(tmp_path)
    (tmp_path / "folder").mkdir()
    with pytest.raises(Malformed):
        check_parts(WHOLE, tmp_path)


def test_blocks_of_a_part() -> None:
    assert blocks_in(b'[["paragraph", [["Hi", true, false, false, null]], 0]]') == (Paragraph((Run("Hi", bold=True),)),)


def test_text_is_made_fit_for_a_page() -> None:
    run = Run("a\x00\x0b\ud800\ufffeb\r\n", link="https://e.org/\n")
    assert cleaned(Paragraph((run,))) == Paragraph((Run("a\nb\n"),))
    assert cleaned(Table((((Run("x\x07"),),),))) == Table((((Run("x"),),),))
    assert said(" a\n b\x00 " + "c" * 300) == "a b " + "c" * 195 + "…"
    assert weight_of(Table(((plain("ab"), ()),))) == 4


def item(text: str, level: int = 0, *, ordered: bool = False, list_no: int = 1) -> ListItem:
    return ListItem(plain(text), level, ordered, list_no)


def entry(text: str, *lists: Listed) -> Entry:
    return Entry(plain(text), list(lists))


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ([item("a"), item("b")], [Listed(False, 1, [entry("a"), entry("b")])]),
        (
            [item("a"), item("b", 1), item("c", 1), item("d")],
            [Listed(False, 1, [entry("a", Listed(False, 1, [entry("b"), entry("c")])), entry("d")])],
        ),
        ([item("a", 3), item("b", 8)], [Listed(False, 1, [entry("a", Listed(False, 1, [entry("b")]))])]),
        (
            [item("a", ordered=True, list_no=1), item("b", ordered=True, list_no=2)],
            [Listed(True, 1, [entry("a")]), Listed(True, 2, [entry("b")])],
        ),
        (
            [item("a"), item("b", 1), item("c", 1, ordered=True, list_no=2)],
            [Listed(False, 1, [entry("a", Listed(False, 1, [entry("b")]), Listed(True, 2, [entry("c")]))])],
        ),
        (
            [item("a"), Paragraph(plain("more"), 1), Paragraph(plain("after"))],
            [Listed(False, 1, [Entry((Run("a"), Run("\n"), Run("more")))]), Paragraph(plain("after"))],
        ),
        (
            [Heading(4, ()), Heading(1, ()), Heading(9, ()), Heading(9, ()), Heading(9, ()), Heading(9, ())],
            [Heading(4, ()), Heading(4, ()), Heading(5, ()), Heading(6, ()), Heading(6, ()), Heading(6, ())],
        ),
    ],
)
def test_lists_and_headings_are_nested(blocks: list[Block], expected: list[Block | Listed]) -> None:
    assert list(nested(blocks, top=4)) == expected


def test_there_is_an_end_to_time_and_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portfolio.documents.preview_bench.SECONDS", -1)
    with pytest.raises(Full):
        Bench(tmp_path).check_room()
    monkeypatch.setattr("portfolio.documents.preview_bench.SECONDS", 60)
    monkeypatch.setattr("portfolio.documents.preview_bench._MAX_BYTES", 10)
    bench = Bench(tmp_path)
    bench.add("text", "Text", extract=Extract((Paragraph(plain("more than ten bytes")),)))
    with pytest.raises(Full):
        bench.add("text-2", "Text", extract=Extract((Paragraph(plain("more")),)))
    assert [piece.id for piece in bench.finished().pieces] == ["text"]
