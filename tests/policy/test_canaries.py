"""What each person can find, wherever they look, is exactly what they may know (S2): 0 words more, 0 fewer.

The allowed sets are written by hand. A word is named by what carries it; see tests/policy/canaries.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from threading import Event

import pytest
from flask import Flask

from portfolio.export.gate import going_in
from portfolio.export.jobs import write_book_now
from portfolio.export.queries import source_of
from portfolio.housekeeping import keep_previews
from portfolio.web import paging
from portfolio.web.app import create_app
from portfolio.web.assessment import views as assessment
from portfolio.web.coverage import views as coverage
from portfolio.worker import make_preview_runner, make_runner
from tests.cast import PASSWORD
from tests.policy.canaries import LENGTH, MARK, World, made
from tests.policy.crawling import Crawler, addresses, readings_of
from tests.policy.doors import sign_in_as
from tests.policy.estate import opened_on

CANARY = re.compile(rf"{MARK}[a-p]{{{LENGTH}}}")

HANDED_IN = "lena E001 v1 *", "lena E002 v1 *", "lena E004 v1 *", "lena E005 v1 *", "lena E007 v1 *"
NOT_RELEASED = "lena E004 v1 feedback", "lena E004 v1 criterion feedback", "lena E00[57] v1 trainee*"
BESIDE_LENA = "lena name", "lena registration", "asa name", "tia name", "cole name", "eva name", "adi name"
LENAS_OWN = (
    "lena E001 v2 *", "lena E003 v1 *", "lena E006 v1 *", "lena E006 v2 *", "lena E008 v1 later *",
    "lena E008 v1 annotation", "lena E008 v1 place", "lena E008 v1 word*", "lena E008 v1 author", "lena E007 further *",
)  # fmt: skip
MILOS, BESIDE_MILO = ("milo E001 v1 *",), ("milo name", "milo registration", "noa name", "adi name")
ZOES, BESIDE_ZOE = ("zoe E001 v1 *",), ("zoe name", "zoe registration", "zed name", "zia name")
HARROW, OTHER = "harrow centre", "other centre"
EVERYBODY_AT_HARROW = "adi *", "asa *", "cole *", "noa *", "tia *", "ira *", "eva *", "lena email", "milo email"

ALLOWED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "nobody": ((), ()),
    "lena": ((*HANDED_IN, *LENAS_OWN, *BESIDE_LENA, "lena email", HARROW), NOT_RELEASED),
    "milo": ((*MILOS, "milo E002 v1 *", *BESIDE_MILO, "milo email", HARROW), ()),
    "asa": (
        (*HANDED_IN, *BESIDE_LENA, "asa email", HARROW),
        ("lena E007 v1 trainee*",),  # her own notes on E004, and tia's on E005 that await somebody
    ),
    "tia": (
        (*HANDED_IN, *BESIDE_LENA, "tia email", HARROW),
        ("lena E004 v1 feedback", "lena E004 v1 criterion feedback", "lena E007 v1 trainee*"),
    ),
    "cole": (
        (*HANDED_IN, *BESIDE_LENA, "cole email", HARROW),
        ("lena E004 v1 feedback", "lena E004 v1 criterion feedback", "lena E007 v1 trainee*"),
    ),
    "noa": ((*MILOS, *BESIDE_MILO, "noa email", HARROW), ()),
    "ira": ((*HANDED_IN, *BESIDE_LENA, *MILOS, *BESIDE_MILO, "ira name", "ira email", HARROW), NOT_RELEASED),
    "eva": ((*HANDED_IN, *BESIDE_LENA, "eva email", HARROW), NOT_RELEASED),
    "adi": ((*HANDED_IN, *BESIDE_LENA, *MILOS, *BESIDE_MILO, *EVERYBODY_AT_HARROW, HARROW), NOT_RELEASED),
    "zoe": ((*ZOES, "zoe E002 v1 *", *BESIDE_ZOE, "zoe email", OTHER), ()),
    "zed": ((*ZOES, *BESIDE_ZOE, "zed email", OTHER), ()),
    "zia": ((*ZOES, *BESIDE_ZOE, "zoe email", "zed email", "zia email", OTHER), ()),
}
"""For each person which words they may find, and which of those they may not after all.

Nobody finds what was replaced in a draft or discarded (E008, E009), nor a trainee's notes once a colleague's stand in
their place (E007). What ends in `feedback` on E004 is asa's unreleased review.
"""

IN_LENAS_BOOK = (*HANDED_IN, *BESIDE_LENA, HARROW)
NOT_IN_LENAS_BOOK = (*NOT_RELEASED, "lena E00? v1 author")


@dataclass(frozen=True, slots=True)
class Place:
    """The world, the application over it, and every address that there is."""

    world: World
    app: Flask
    start: list[str]

    def matching(self, allowed: tuple[str, ...], but: tuple[str, ...]) -> set[str]:
        """The names of words that a pattern of `allowed` matches and none of `but`; every pattern must match one."""
        names = self.world.words
        idle = [pattern for pattern in (*allowed, *but) if not any(fnmatch(name, pattern) for name in names)]
        assert not idle, f"nothing is called {idle}"
        found = {name for name in names if any(fnmatch(name, pattern) for pattern in allowed)}
        return {name for name in found if not any(fnmatch(name, pattern) for pattern in but)}


@pytest.fixture(scope="module")
def place(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The world with its books made; every list shows one row on a page, so that there is a page 2."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paging, "ROWS", 1)
        patch.setattr(assessment, "ROWS", 1)
        patch.setattr(coverage, "LEARNERS", 1)
        installation = opened_on(sqlite_template, tmp_path_factory.mktemp("canaries"))
        world = made(installation)
        assert make_runner(installation, Event()).run_due() == len(world.enrolments)
        keep_previews(installation.database, installation.previews, Event())
        previews = make_preview_runner(installation, Event())
        while previews.make_next():
            pass
        app = create_app(installation)
        with installation.database.reading() as session:
            yield Place(world, app, addresses(app, session))
        installation.close()


@pytest.mark.parametrize("name", ALLOWED)
def test_somebody_finds_exactly_what_they_may_know(place: Place, name: str) -> None:
    cookie = "" if name == "nobody" else sign_in_as(place.app, place.world.email(name), PASSWORD)[0]
    crawler = Crawler(place.app, cookie, CANARY)
    crawler.walk(place.start)
    names = {word: known for known, word in place.world.words.items()}
    seen = {names[word]: path for word, path in crawler.seen.items()}
    allowed = place.matching(*ALLOWED[name])
    too_much = {known: path for known, path in seen.items() if known not in allowed}
    assert not too_much, f"{name} found what is not theirs to know"
    assert not allowed - set(seen), f"{name} could not find what they may know"
    assert crawler.opened[200] > (100 if name == "lena" else 20 if name != "nobody" else 4)


def test_a_book_holds_what_counts_and_nothing_else(place: Place, tmp_path: Path) -> None:
    """The book of lena as the command line writes it, read part by part."""
    installation = place.world.installation
    path = tmp_path / "book.docx"
    write_book_now(installation.database, installation.store, place.world.enrolments["lena"], path)
    said = " ".join(readings_of(path.read_bytes())).lower()
    found = {name for name, word in place.world.words.items() if word in said}
    assert found == place.matching(IN_LENAS_BOOK, NOT_IN_LENAS_BOOK)


def test_what_people_wrote_in_a_book_was_looked_through_before(place: Place, tmp_path: Path) -> None:
    """Every word of the book that somebody typed about an item is among the texts of the gate; files have scans."""
    installation, enrolment_id = place.world.installation, place.world.enrolments["lena"]
    path = tmp_path / "book.docx"
    write_book_now(installation.database, installation.store, enrolment_id, path)
    said = " ".join(readings_of(path.read_bytes())).lower()
    with installation.database.reading() as session:
        going = list(going_in(source_of(session, enrolment_id)))
    looked_at = "\n".join(text.lower() for one in going for text in one.texts.values())
    typed = {name: word for name, word in place.world.words.items() if name.startswith("lena E") and word in said}
    unlooked = {name for name, word in typed.items() if word not in looked_at}
    assert unlooked == place.matching(("lena E00[1457] v1 content", "lena E00[1457] v1 words"), ())
    assert len(typed) > len(unlooked)


def test_everybody_is_asked_for_and_every_word_is_its_own(place: Place) -> None:
    assert set(ALLOWED) - {"nobody"} == set(place.world.people)
    assert len(set(place.world.words.values())) == len(place.world.words) > 140
