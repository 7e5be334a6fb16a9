"""Names of real people in what is a draft, or is held by the gate, reach nobody but whoever wrote them: they are on no
page of anybody else's, in no trail, notice, letter, log, list or book.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import select

from portfolio import clock, posting
from portfolio.db import Base
from portfolio.enrolment.models import Enrolment
from portfolio.export.actions import ask_for_book
from portfolio.export.jobs import write_book_now
from portfolio.housekeeping import keep_previews
from portfolio.web.app import create_app
from portfolio.worker import make_runner
from tests.cast import assemble
from tests.policy.crawling import Crawler, addresses, readings_of
from tests.policy.doors import sign_in
from tests.policy.estate import opened_on
from tests.policy.names import Names, plant
from tests.screened import by_worker

WITH_WORDS = {
    "evidence_version.title", "evidence_version.context", "evidence_version.role", "evidence_version.body",
    "evidence_version.custody", "evidence_version.notes", "evidence_file.name", "waiting_file.name",
    "claim.annotation", "claim.place", "draft.content", "preview.manifest",
    "unit_matrix.packed",
}  # fmt: skip
"""Where words of items and of their files are kept; everything else is made of references and counts."""
SHOWN = re.compile(r"/evidence/\d+\?version=\d+")
"""The page that shows the version for which its address asks."""
UNSEEN_BY_MAKER = {
    "amina account replaced", "amina files docx author", "amina files docx header", "amina files png",
    "amina files mp3", "amina waiting txt",
}  # fmt: skip
"""What even its maker does not find: what was replaced, and perhaps what lies packed within a file."""


@dataclass(frozen=True, slots=True)
class Planted:
    """The world, the application over it, every address that there is, and all that was logged and sent meanwhile."""

    names: Names
    app: Flask
    start: list[str]
    logged: list[str]
    letters: list[str]
    word: re.Pattern[str]


class Listening(logging.Handler):
    """Keeps every line."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self.lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture(scope="module")
def planted(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    """The cast with names planted; a worker has done all there is to do, and letters went out."""
    logged: list[str] = []
    letters: list[str] = []
    listening = Listening(logged)
    root = logging.getLogger()
    level = root.level
    root.addHandler(listening)
    root.setLevel(logging.DEBUG)
    installation = opened_on(sqlite_template, tmp_path_factory.mktemp("names"))
    cast = assemble(installation)
    with installation.database.writing() as session:
        names = plant(session, cast)
        session.commit()
    keep_previews(installation.database, installation.previews, Event())
    by_worker(installation)
    with installation.database.writing() as session:
        amina = cast.actor("amina", session)
        ask_for_book(session, amina, session.get_one(Enrolment, cast.enrolments["amina"]))
        session.commit()
    assert make_runner(installation, Event()).run_due() == 1
    with pytest.MonkeyPatch.context() as patch, clock.fixed(clock.now() + timedelta(hours=1)):
        patch.setattr(posting, "hand_over", lambda _settings, letter: _taken(letters, letter))
        with_mail = replace(installation.settings, mail=replace(installation.settings.mail, host="mail.example.org"))
        assert posting.Postman(installation.database, with_mail).post_due() > 0
    app = create_app(installation)
    with installation.database.reading() as session:
        start = [path for path in addresses(app, session) if "?" not in path or SHOWN.fullmatch(path)]
        word = re.compile("|".join(sorted(map(str.lower, names.by_place.values()))))
        yield Planted(names, app, start, logged, letters, word)
    root.removeHandler(listening)
    root.setLevel(level)
    installation.close()


def _taken(letters: list[str], letter: EmailMessage) -> posting.Outcome:
    letters.append(str(letter))
    return posting.Outcome.SENT


def seen_by(planted: Planted, who: str) -> dict[str, str]:
    """The names that somebody finds anywhere, each with the first address that showed it."""
    crawler = Crawler(planted.app, sign_in(planted.app, who)[0], planted.word)
    crawler.walk(planted.start, follows=False)
    assert crawler.opened[200] > (20 if who else 4)
    return crawler.seen


@pytest.mark.parametrize("who", ["", "ben", "marguerite", "tobias", "dafydd", "iris", "ewan", "ada", "olga"])
def test_nobody_finds_a_name_in_what_is_not_theirs(planted: Planted, who: str) -> None:
    seen = seen_by(planted, who)
    theirs = planted.names.of("marguerite") if who == "marguerite" else set()
    assert not {name: path for name, path in seen.items() if name not in theirs}
    assert seen.keys() == theirs


def test_whoever_wrote_them_finds_them_so_the_search_finds(planted: Planted) -> None:
    seen = seen_by(planted, "amina")
    assert seen.keys() <= planted.names.of("amina")
    missing = {place for place, name in planted.names.by_place.items() if name.lower() not in seen}
    assert {place for place in missing if place.startswith("amina ")} <= UNSEEN_BY_MAKER


def test_nothing_but_the_items_themselves_holds_them(planted: Planted) -> None:
    found = set()
    with planted.names.cast.installation.database.reading() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table)).mappings():
                found |= {
                    f"{table.name}.{column}" for column, said in row.items() if planted.word.search(str(said).lower())
                }
    assert found <= WITH_WORDS
    assert "evidence_version.body" in found


def test_no_line_is_logged_and_no_letter_sent_with_one(planted: Planted) -> None:
    assert planted.logged
    assert planted.letters
    said = "\n".join([*planted.logged, *planted.letters])
    assert [name for name in planted.names.by_place.values() if name in said] == []


def test_the_book_has_none(planted: Planted, tmp_path: Path) -> None:
    installation, path = planted.names.cast.installation, tmp_path / "book.docx"
    write_book_now(installation.database, installation.store, planted.names.cast.enrolments["amina"], path)
    said = " ".join(readings_of(path.read_bytes()))
    assert [name for name in planted.names.by_place.values() if name in said] == []
