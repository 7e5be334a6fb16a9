"""What a book shows of a file, made ready with its preview: the same as is read anew, and nothing but that."""

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.documents import engines, fragments, sandbox, speech
from portfolio.documents.blocks import Card, Extract, Heading, Paragraph, Picture, Table, plain, text_of
from portfolio.documents.codec import Malformed
from portfolio.documents.fragments import NOT_SHOWN, TRANSCRIBED, UNREADABLE, heard_in, prepared_from, ready_for_books
from portfolio.documents.prepared import Prepared, packed, unpacked
from portfolio.documents.preview import Manifest, Piece, Ready, Sound, manifest_of
from portfolio.documents.preview_maker import READERS
from portfolio.documents.recordings.contents import Recording
from portfolio.documents.sandbox import Extractor, Previewer
from portfolio.documents.unseen import preview_here
from tests.documents import outlook, samples
from tests.documents.redaction.recorded import names, recorded
from tests.documents.test_sandbox import JPEG, ONE_OF_EACH, PNG

WHOLE = Prepared(Extract(ONE_OF_EACH, "a note"), "a reason", 61.5)
RECORDINGS = ("audio/mpeg", "audio/wav", "audio/mp4", "audio/ogg", "video/mp4", "video/quicktime", "video/webm")
FILES: dict[str, Callable[[], bytes]] = {
    "application/pdf": samples.pdf,
    "application/rtf": lambda: rb"{\rtf1 Dear \b Customer A\b0\par Thank you.}",
    "application/vnd.ms-outlook": lambda: outlook.message(
        "My parcel", "It has not come.", {"a.png": samples.picture()}
    ),
    samples.WORD: samples.word,
    samples.SLIDES: samples.slides,
    samples.SHEET: samples.workbook,
    "image/gif": lambda: samples.picture("GIF"),
    "image/jpeg": samples.phone_photo,
    "image/png": samples.picture,
    "image/tiff": lambda: samples.scan(2),
    "image/webp": lambda: samples.picture("WEBP"),
    "message/rfc822": samples.mail,
    "text/csv": lambda: b"a,b\n1,2\n",
    "text/markdown": lambda: b"# A call\n\n- I *rang* back\n",
    "text/plain": lambda: b"Dear Customer A,\n\nI am sorry.",
}

needs_ffmpeg = pytest.mark.skipif(engines.ffmpeg() is None, reason="ffmpeg is not installed")


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Extractor]:
    """Reads files for books in one process apart."""
    with Extractor(tmp_path_factory.mktemp("spool")) as extract:
        yield extract


def ready_in(folder: Path, manifest: Manifest) -> Prepared:
    """What was made ready."""
    assert manifest.ready is not None
    return unpacked((folder / str(manifest.ready.part)).read_bytes())


def source_with(folder: Path, content: bytes) -> tuple[Path, Path]:
    """A file as it lies in the store, and a folder for its parts."""
    source, parts = folder / "source", folder / "parts"
    source.write_bytes(content)
    parts.mkdir()
    return source, parts


def test_a_part_holds_all_of_it() -> None:
    assert unpacked(packed(WHOLE)) == WHOLE
    assert unpacked(packed(Prepared(Extract(())))) == Prepared(Extract(()))


def test_every_kind_has_a_file_here() -> None:
    assert {*FILES, *RECORDINGS, "image/heic"} == set(READERS)


@pytest.mark.parametrize("media_type", list(FILES))
def test_what_was_made_ready_is_what_is_read_anew(tmp_path: Path, read: Extractor, media_type: str) -> None:
    """To the last byte of each picture."""
    source, parts = source_with(tmp_path, FILES[media_type]())
    manifest = preview_here(parts, source, media_type)
    anew = read(source, media_type, "A name.xyz", "ab" * 32)
    assert anew.blocks
    assert not any(isinstance(block, Card) for block in anew.blocks)
    assert ready_in(parts, manifest).named("A name.xyz", media_type, source.stat().st_size, "ab" * 32) == anew
    assert manifest_of(json.loads(json.dumps(manifest.as_json()))) == manifest


@pytest.mark.media
@needs_ffmpeg
@pytest.mark.parametrize("media_type", RECORDINGS)
def test_a_recording_has_a_card_with_its_length(tmp_path: Path, read: Extractor, media_type: str) -> None:
    source, parts = recorded(tmp_path, media_type, names()), tmp_path / "parts"
    parts.mkdir()
    manifest = preview_here(parts, source, media_type)
    extract = ready_in(parts, manifest).named("call", media_type, 9, "ab" * 32)
    [card] = extract.blocks
    assert isinstance(card, Card)
    assert (card.name, card.sha256, card.reason) == ("call", "ab" * 32, NOT_SHOWN)
    assert card.seconds == pytest.approx(6, abs=0.2)
    if media_type == "audio/wav":
        assert read(source, media_type, "call", "ab" * 32) == replace(
            extract, blocks=(replace(card, size=source.stat().st_size),)
        )


@pytest.mark.parametrize("media_type", ["application/pdf", "text/plain"])
def test_the_worker_makes_it_ready_too(tmp_path: Path, media_type: str) -> None:
    source, parts = source_with(tmp_path, FILES[media_type]())
    manifest = Previewer()(source, media_type, parts)
    assert ready_in(parts, manifest) == prepared_from(source, media_type)
    assert {path.name for path in parts.iterdir()} == {str(part) for part in manifest.parts()}


@pytest.mark.media
@needs_ffmpeg
def test_the_worker_listens_once(tmp_path: Path) -> None:
    source, parts = source_with(tmp_path, samples.sound())
    manifest = Previewer()(source, "audio/wav", parts)
    assert ready_in(parts, manifest) == Prepared(Extract(()), NOT_SHOWN, 2.0)


@pytest.mark.media
@needs_ffmpeg
def test_what_is_said_is_a_table_with_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = (speech.Word(0.5, 1.0, " Hello,"), speech.Word(1.0, 1.5, " Dana."), speech.Word(75.25, 76.0, " Bye."))

    def said_in(_: Recording, *, seconds: float) -> speech.Spoken:
        assert seconds
        return speech.Spoken(said)

    monkeypatch.setattr(speech, "said_in", said_in)
    source, parts = source_with(tmp_path, samples.sound())
    prepared = ready_in(parts, preview_here(parts, source, "audio/wav"))
    assert prepared == prepared_from(source, "audio/wav")
    assert (prepared.card, prepared.seconds) == (TRANSCRIBED, 2.0)
    heading, table = prepared.extract.blocks
    assert heading == Heading(1, plain("Transcript"))
    assert isinstance(table, Table)
    rows = [tuple(text_of(cell) for cell in row) for row in table.rows]
    assert rows == [("Time", "What is said"), ("00:00", "Hello, Dana."), ("01:15", "Bye.")]
    assert "gets names and numbers wrong" in prepared.extract.note


def test_without_a_program_for_it_a_recording_is_only_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "ffmpeg", lambda: None)
    (tmp_path / "source").write_bytes(b"RIFF")
    assert prepared_from(tmp_path / "source", "audio/wav") == Prepared(Extract(()), NOT_SHOWN)


def test_a_passage_without_words_is_a_row_all_the_same() -> None:
    parts = {0: json.dumps(Sound(3.0).as_json()).encode(), 1: b'[["paragraph", [], 0], ["rule"]]'}
    told = heard_in(Manifest((Piece("said", "What is said", text=1),), sound=0), parts.__getitem__)
    assert told.extract.blocks[1] == Table(((plain("Time"), plain("What is said")), ((), ())))


def test_no_part_tells_what_a_file_is_called(tmp_path: Path) -> None:
    """Not even where the book has but a card: its name is given when the book is made."""
    source, parts = source_with(tmp_path, samples.pdf(password="locked"))
    prepared = prepared_from(source, "application/pdf")
    assert prepared.extract == Extract(())
    assert "locked with a password" in prepared.card
    [card] = prepared.named("Dana.pdf", "application/pdf", 12, "cd" * 32).blocks
    assert card == Card("Dana.pdf", "application/pdf", 12, "cd" * 32, prepared.card)
    kept = ready_for_books(Manifest((Piece("text", "Text"),)), parts, prepared)
    assert b"Dana" not in (parts / "0").read_bytes()
    assert ready_in(parts, kept) == prepared


def test_what_is_too_large_is_left_to_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "MAX_READY_BYTES", len(packed(WHOLE)) - 1)
    manifest = Manifest((Piece("text", "Text"),))
    assert ready_for_books(manifest, tmp_path, WHOLE) == manifest
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(fragments, "MAX_READY_BYTES", len(packed(WHOLE)))
    assert ready_for_books(manifest, tmp_path, WHOLE).ready is not None


def test_where_there_is_no_preview_nothing_is_made_ready(tmp_path: Path) -> None:
    assert ready_for_books(Manifest(note="Locked."), tmp_path, WHOLE) == Manifest(note="Locked.")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("prepared", [replace(WHOLE, is_late=True), Prepared(Extract(()), UNREADABLE)])
def test_what_may_be_read_better_another_time_is_not_kept(tmp_path: Path, prepared: Prepared) -> None:
    manifest = Manifest((Piece("text", "Text"),))
    assert ready_for_books(manifest, tmp_path, prepared) == manifest
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("media_type", ["application/pdf", samples.WORD])
def test_where_time_is_over_that_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, media_type: str) -> None:
    (tmp_path / "source").write_bytes(FILES[media_type]())
    assert not prepared_from(tmp_path / "source", media_type).is_late
    monkeypatch.setattr("portfolio.documents.preview_bench.SECONDS", -1)
    prepared = prepared_from(tmp_path / "source", media_type)
    assert prepared.is_late
    assert unpacked(packed(prepared)) == prepared


def test_a_preview_is_kept_where_nothing_could_be_made_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_read", lambda *_arguments: (None, "It took too long."))
    source, parts = source_with(tmp_path, b"Hello")
    manifest = Previewer()(source, "text/plain", parts)
    assert manifest.ready is None
    assert [piece.id for piece in manifest.pieces] == ["text"]
    assert {path.name for path in parts.iterdir()} == {"0"}


def test_the_process_apart_cannot_say_that_a_part_is_ready(tmp_path: Path) -> None:
    (tmp_path / "0").write_bytes(packed(WHOLE))
    claimed = Manifest(note="x", ready=Ready(0, "ab" * 32))
    assert sandbox._checked(claimed.as_json(), tmp_path) == Manifest(note="x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ready", [[], [0], [0, "ab"], ["0", "ab" * 32], [-1, "ab" * 32], [10**6, "ab" * 32], "ab", 7])
def test_nonsense_leads_nowhere(ready: object) -> None:
    with pytest.raises(Malformed):
        manifest_of(Manifest().as_json() | {"ready": ready})


def test_nonsense_is_not_unpacked() -> None:
    part = packed(WHOLE)
    picture = packed(Prepared(Extract((Picture(PNG, "image/png", 5, 6),))))
    for nonsense in (
        b"",
        b"\0",
        part[:3],
        part[:-1],
        part + b"x",
        b"\xff\xff\xff\xff" + part[4:],
        b"\0\0\0\0" + part[4:],
        b"\0\0\0\2[]",
        b"\0\0\0\2{}",
        b"\0\1\x86\xa0" + b"[" * 100_000,
        part.replace(b'"card":"a reason"', b'"card":7.654321'),
        part.replace(b'"seconds":61.5', b'"seconds":-1.5'),
        part.replace(b'"seconds":61.5', b'"seconds": NaN'),
        picture.replace(PNG, PNG[:8].lower() + PNG[8:]),
        picture.replace(b'[["picture",11', b'[["picture",99'),
        picture.replace(b'[["picture",11', b'[["picture",-1'),
        picture.replace(b"image/png", b"text/html"),
        picture.replace(PNG, JPEG),
    ):
        assert nonsense not in (part, picture)
        with pytest.raises(Malformed):
            unpacked(nonsense)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_whatever_stands_in_a_part_there_is_an_answer(data: st.DataObject) -> None:
    part = bytearray(packed(Prepared(Extract((Paragraph(plain("Hello")), Picture(PNG, "image/png", 5, 6)), "n"), "c")))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(part)))
        part[at : at + data.draw(st.integers(0, 5))] = data.draw(st.binary(max_size=5))
    with contextlib.suppress(Malformed):
        assert isinstance(unpacked(bytes(part)), Prepared)
