"""Books of what was made ready of files when they arrived: the same bytes as those of files that are read anew."""

import hashlib
import shutil
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import URL, select

from portfolio import clock
from portfolio.documents import sandbox
from portfolio.documents.blocks import Card, Extract, Paragraph, plain
from portfolio.documents.prepared import Prepared, packed, unpacked
from portfolio.documents.preview import FORMAT, Ready, manifest_of
from portfolio.evidence.actions import Details
from portfolio.evidence.models import EvidenceFile
from portfolio.export import jobs, queries
from portfolio.export.jobs import MISSING, Files, write_book_now
from portfolio.export.queries import FileText
from portfolio.housekeeping import keep_previews
from portfolio.installation import Installation, open_installation
from portfolio.mapping.actions import map_to
from portfolio.previews import actions as previews
from portfolio.previews.models import Preview
from portfolio.previews.queries import centre_uid
from portfolio.previews.rules import PreviewState
from portfolio.storage.models import Blob
from portfolio.storage.stores import Store
from tests import screened
from tests.cast import Cast, add_files, hand_in, upload, wanted
from tests.conftest import World, administer, in_full, settings_over
from tests.documents import samples
from tests.documents.well_made import lacks
from tests.export.scenes import ask, books, content, rows_of, sandboxed_runner

KINDS = {
    "letter.docx": (samples.WORD, samples.word),
    "log.xlsx": (samples.SHEET, samples.workbook),
    "mail.eml": ("message/rfc822", samples.mail),
    "order.pdf": ("application/pdf", samples.pdf),
    "photo.jpg": ("image/jpeg", samples.phone_photo),
    "talk.pptx": (samples.SLIDES, samples.slides),
}
TEXT = Prepared(Extract((Paragraph(plain("As it was made ready.")),)))
ANEW = Extract((Paragraph(plain("As it was read anew.")),))


def with_files(home: Path, world: World, postgres: URL | None) -> World:
    """A copy of the cast's world in which amina has handed in files of many kinds, whose previews are made."""
    shutil.copytree(world.home, home)
    name = f"{world.postgres_name}_ready" if postgres is not None else ""
    if postgres is not None:
        administer(postgres, f"CREATE DATABASE {name} TEMPLATE {world.postgres_name}")
    url = in_full(postgres.set(database=name)) if postgres is not None else ""
    with closing(open_installation(settings_over(home, url))) as installation:
        cast = world.cast.over(installation)
        with installation.database.writing() as session:
            files = [upload(installation, make(), name, kind) for name, (kind, make) in KINDS.items()]
            details = Details("Many files", date(2026, 11, 3), "I sent them.")
            evidence = add_files(session, installation, cast, "amina", details, files)
            claims = wanted(session, evidence.enrolment, {"2.4": "I rang back."})
            map_to(session, cast.actor("amina", session), evidence, wanted=claims)
            hand_in(session, cast, "amina", evidence, evidence.ref)
            session.commit()
        make_previews(installation)
    return World(home, name, cast)


@pytest.fixture(scope="module")
def sqlite_kinds(sqlite_world: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """That on SQLite."""
    return with_files(tmp_path_factory.mktemp("kinds") / "home", sqlite_world, None)


@pytest.fixture(scope="module")
def postgres_kinds(postgres_world: World, postgres_server: URL, tmp_path_factory: pytest.TempPathFactory) -> World:
    """That on PostgreSQL."""
    return with_files(tmp_path_factory.mktemp("kinds") / "home", postgres_world, postgres_server)


@pytest.fixture
def world(engine_kind: str, request: pytest.FixtureRequest) -> World | None:
    """What the test begins from: the cast's world, and with those files when it asks for them."""
    if "cast" not in request.fixturenames:
        return None
    named = "kinds" if "with_kinds" in request.fixturenames else "world"
    made: World = request.getfixturevalue(f"{'sqlite' if engine_kind == 'sqlite' else 'postgres'}_{named}")
    return made


@pytest.fixture
def with_kinds(cast: Cast) -> Cast:
    """Amina has handed in files of many kinds, whose previews are made."""
    return cast


def make_previews(installation: Installation) -> None:
    """Every file has one."""
    keep_previews(installation.database, installation.previews, Event())
    screened.by_worker(installation)


@contextmanager
def nothing_read(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Fails where a file is read anew."""

    def read(*_arguments: object) -> Extract:
        pytest.fail("a file was read anew")

    with monkeypatch.context() as patch:
        patch.setattr(sandbox.Extractor, "__call__", read)
        yield


def test_the_same_moment_gives_the_same_file_whether_it_was_made_ready_or_not(
    installation: Installation, with_kinds: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at, enrolment_id = clock.now(), with_kinds.enrolments["amina"]
    ready, anew = tmp_path / "ready.docx", tmp_path / "anew.docx"
    write_book_now(installation.database, installation.store, enrolment_id, anew, as_of=at)
    with nothing_read(monkeypatch):
        write_book_now(
            installation.database, installation.store, enrolment_id, ready, as_of=at,
            prepared=installation.previews.read,
        )  # fmt: skip
    assert ready.read_bytes() == anew.read_bytes()
    assert lacks(ready.read_bytes()) == []
    text = "\n".join(rows_of(ready.read_bytes()))
    assert all(name in text for name in KINDS)
    assert "Thank you for telling us." in text


def test_the_worker_only_joins_what_was_made_ready(
    installation: Installation, with_kinds: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(installation, with_kinds)
    with nothing_read(monkeypatch):
        sandboxed_runner(installation).run_due()
    assert lacks(content(installation, books(installation, with_kinds)[0])) == []


def test_a_preview_that_is_forgotten_or_made_anew_meanwhile_changes_nothing(
    installation: Installation, with_kinds: Cast, tmp_path: Path
) -> None:
    """While the book is written: then the file is read."""
    at, enrolment_id = clock.now(), with_kinds.enrolments["amina"]
    paths = [tmp_path / "one.docx", tmp_path / "two.docx"]
    seen = []

    def part(centre: str, sha256: str, number: int) -> bytes:
        seen.append(sha256)
        with installation.database.writing() as session:
            blob = session.scalars(select(Blob).where(Blob.sha256 == sha256)).one()
            if len(seen) == 1:
                previews.forget(session, installation.previews, [blob], centre_uid=centre)
            else:
                previews.make_anew(session, session.scalars(select(Preview).where(Preview.blob_id == blob.id)).one())
            session.commit()
        screened.by_worker(installation)
        return installation.previews.read(centre, sha256, number)

    for path, prepared in zip(paths, (None, part), strict=True):
        write_book_now(installation.database, installation.store, enrolment_id, path, as_of=at, prepared=prepared)
    assert len(seen) == len(KINDS) + 1
    assert paths[0].read_bytes() == paths[1].read_bytes()


def ready_files(installation: Installation, cast: Cast) -> dict[str, FileText]:
    """Amina's files by their names, as a book reads them."""
    with installation.database.reading() as session:
        source = queries.source_of(session, cast.enrolments["amina"])
    return {file.name: file for files in source.files.values() for file in files}


def test_a_book_knows_where_that_stands_which_was_made_ready(installation: Installation, with_kinds: Cast) -> None:
    found = ready_files(installation, with_kinds)
    with installation.database.reading() as session:
        for name in KINDS:
            file, ready = session.get_one(EvidenceFile, found[name].id), found[name].ready
            preview = session.scalars(select(Preview).where(Preview.blob_id == file.blob_id)).one()
            assert ready is not None
            assert manifest_of(preview.manifest).ready == ready
            part = installation.previews.read(centre_uid(session, file.blob), file.blob.sha256, ready.part)
            assert unpacked(part).extract.blocks


def test_what_another_release_made_or_nobody_did_is_not_relied_on(installation: Installation, cast: Cast) -> None:
    make_previews(installation)
    assert ready_files(installation, cast)["letter.txt"].ready is not None
    with installation.database.reading() as session:
        kept = {row.id: row.manifest for row in session.scalars(select(Preview))}
    for change in (
        {"ready": None},
        {"ready": ["0", "ab"]},
        {"ready": "elsewhere"},
        {"format": None},
        {"format": FORMAT - 1},
        {"format": FORMAT + 1},
    ):
        with installation.database.writing() as session:
            for row in session.scalars(select(Preview)):
                row.manifest = kept[row.id] | change
            session.commit()
        assert ready_files(installation, cast)["letter.txt"].ready is None
    for manifest, state in (({}, PreviewState.READY), (None, PreviewState.WAITING), (None, PreviewState.NONE)):
        with installation.database.writing() as session:
            for row in session.scalars(select(Preview)):
                row.manifest, row.state = kept[row.id] if manifest is None else manifest, state
            session.commit()
        assert ready_files(installation, cast)["letter.txt"].ready is None


class Shelf:
    """A store with one file in it, of which a part was made ready."""

    def __init__(self, folder: Path, part: bytes) -> None:
        self.part, self.is_there = part, True
        self.path = folder / "file"
        self.path.write_bytes(b"content")
        self.read_anew = 0

    def size(self, _centre: str, _sha256: str) -> int | None:
        return 7 if self.is_there else None

    @contextmanager
    def here(self, _centre: str, _sha256: str) -> Any:
        yield self.path

    def anew(self, path: Path, media_type: str, name: str, sha256: str | None) -> Extract:
        assert (path, media_type, name, sha256) == (self.path, "text/plain", "A name.txt", "ab" * 32)
        self.read_anew += 1
        return ANEW

    def extract(self, ready: Ready | None, read: jobs.ReadPart | None = None) -> Extract:
        """What a book shows of the file."""
        store: Store = self  # type: ignore[assignment]  # what of a store is needed here
        files = Files("centre", store, self.anew, read or (lambda _centre, _sha256, _part: self.part))
        return files._extract(FileText(1, "A name.txt", "text/plain", 7, "ab" * 32, ready=ready))


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_what_was_made_ready_is_taken(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, packed(TEXT))
    assert shelf.extract(Ready(0, sha256_of(shelf.part))) == TEXT.extract
    assert shelf.read_anew == 0


def test_a_card_has_the_name_that_the_file_has_here(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, packed(Prepared(Extract(()), "Not shown.", 2.5)))
    expected = Card("A name.txt", "text/plain", 7, "ab" * 32, "Not shown.", 2.5)
    assert shelf.extract(Ready(0, sha256_of(shelf.part))) == Extract((expected,))


def test_what_is_not_what_was_made_ready_is_read_anew(tmp_path: Path) -> None:
    """Another part that is as sound among it: what a store of files holds is not believed."""
    other = packed(Prepared(Extract((Paragraph(plain("As somebody else has it.")),))))
    for part, sha256 in (
        (other, sha256_of(packed(TEXT))),
        (packed(TEXT)[:-1], sha256_of(packed(TEXT))),
        (packed(TEXT)[:-1], sha256_of(packed(TEXT)[:-1])),
        (b"", sha256_of(b"")),
    ):
        shelf = Shelf(tmp_path, part)
        assert shelf.extract(Ready(0, sha256)) == ANEW
        assert shelf.read_anew == 1


@pytest.mark.parametrize("trouble", [FileNotFoundError, IsADirectoryError, PermissionError])
def test_what_cannot_be_had_is_read_anew(tmp_path: Path, trouble: type[OSError]) -> None:
    def read(_centre: str, _sha256: str, _part: int) -> bytes:
        raise trouble

    shelf = Shelf(tmp_path, packed(TEXT))
    assert shelf.extract(Ready(0, sha256_of(shelf.part)), read) == ANEW


def test_what_was_never_made_ready_is_read_anew(tmp_path: Path) -> None:
    assert Shelf(tmp_path, packed(TEXT)).extract(None) == ANEW


def test_a_missing_file_has_a_card_whatever_was_made_ready_of_it(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, packed(TEXT))
    shelf.is_there = False
    [card] = shelf.extract(Ready(0, sha256_of(shelf.part))).blocks
    assert isinstance(card, Card)
    assert card.reason == MISSING
