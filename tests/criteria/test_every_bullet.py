"""Every bullet of the source pages has an entry of its own in our words, which names the page and which people see.

The pages are not kept here. `bullets.json` lists their bullets by page, kind and digest, each with the digest of its
entry. `python tests/criteria/test_every_bullet.py FOLDER` makes it anew from the pages: the bullets of a kind and the
entries that name their page are paired in order, so read the pairs over afterwards.
"""

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from portfolio.accounts.models import Person
from portfolio.centres.models import Centre
from portfolio.criteria.actions import load_pack
from portfolio.criteria.contents import PackGuidance
from portfolio.criteria.models import UnitVersion
from portfolio.criteria.packs import read_pack, read_unit
from portfolio.criteria.rules import GuidanceKind
from portfolio.enrolment.models import Enrolment
from tests.cast import Cast, enrol
from tests.client import StrictClient

ROOT = Path(__file__).parents[2]
KEPT = Path(__file__).with_name("bullets.json")
KEPT_BESIDE = ROOT.parent / "shared" / "units"
UNITS = ROOT / "criteria" / "units"
PACKS = sorted((ROOT / "criteria").glob("*.yaml"))
DIGEST = 16

SECTIONS = {
    "Key Concepts": GuidanceKind.KEY_CONCEPT,
    "Key Concepts & Core Principles": GuidanceKind.KEY_CONCEPT,
    "Learning Objectives": GuidanceKind.OBJECTIVE,
    "Assessment Criteria": GuidanceKind.MARKING_POINT,
    "Examiner Marking Points": GuidanceKind.MARKING_POINT,
    "Assessment Guidance": GuidanceKind.TIP,
    "Exam Tips & Revision Strategies": GuidanceKind.TIP,
    "Common Mistakes": GuidanceKind.COMMON_MISTAKE,
    "Common Misconceptions & Mistakes to Avoid": GuidanceKind.COMMON_MISTAKE,
    "Before You Start": GuidanceKind.PREREQUISITE,
    "Key Terminology": GuidanceKind.TERM,
}
"""The kind of guidance that the bullets under each heading of a page become."""
BULLETS_OF = {
    "fdq-process-customer-service-complaints": 17,
    "icq-handle-referred-customer-complaints": 24,
    "icq-handle-referred-customer-complaints-short": 13,
    "nocn-handle-referred-customer-complaints": 15,
    "qs-resolve-customers-problems": 17,
}


@dataclass(frozen=True, slots=True)
class Bullet:
    """A bullet of a page and the entry that stands for it, both by their digests. `unit` is the stem of its file."""

    page: str
    kind: GuidanceKind
    bullet: str
    unit: str
    entry: str

    def __str__(self) -> str:
        return f"{self.page}-{self.kind}-{self.bullet}"


def digest(text: str) -> str:
    """What stands for a text, however its lines run."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:DIGEST]


def bullets_in(text: str) -> list[tuple[GuidanceKind, str]]:
    """The bullets of a page in order: what kind each one is, and its digest."""
    found, section = [], ""
    for line in (line.strip() for line in text.splitlines()):
        if line in SECTIONS:
            section = line
        elif line.startswith(("•", "- ")):
            words = line.removeprefix("•").removeprefix("- ").strip()
            is_misconception = words.startswith("Misconception:")
            found.append((GuidanceKind.MISCONCEPTION if is_misconception else SECTIONS[section], digest(words)))
    return found


def listed() -> list[Bullet]:
    """Every bullet that is listed, with its entry."""
    rows = json.loads(KEPT.read_text(encoding="utf-8"))
    return [Bullet(**{**row, "kind": GuidanceKind(row["kind"])}) for row in rows]


def entries_of(unit: str) -> dict[str, PackGuidance]:
    """The guidance of a unit by the digest of its text."""
    return {digest(hint.text): hint for hint in read_unit(UNITS / f"{unit}.yaml").guidance}


def texts_by_unit() -> dict[str, list[str]]:
    """The entries that stand for bullets, by the code of their unit."""
    units = {bullet.unit: read_unit(UNITS / f"{bullet.unit}.yaml") for bullet in BULLETS}
    return {
        unit.code: sorted({entries_of(stem)[bullet.entry].text for bullet in BULLETS if bullet.unit == stem})
        for stem, unit in units.items()
    }


BULLETS = listed() if KEPT.exists() else []


def test_no_page_lost_a_bullet() -> None:
    assert Counter(bullet.page for bullet in BULLETS) == BULLETS_OF
    assert len({(bullet.page, bullet.kind, bullet.bullet) for bullet in BULLETS}) == len(BULLETS)


def test_the_list_agrees_with_the_pages_where_they_stand_beside_the_project() -> None:
    for path in KEPT_BESIDE.glob("*.txt"):
        found = bullets_in(path.read_text(encoding="utf-8"))
        assert [(bullet.kind, bullet.bullet) for bullet in BULLETS if bullet.page == path.stem] == found, path.stem


def test_bullets_are_found_under_their_headings() -> None:
    page = "Key Concepts\n• One: two\nCommon Mistakes\n  - Three\n  - Misconception: four. Correction: five.\nReady?\n"
    assert bullets_in(page) == [
        (GuidanceKind.KEY_CONCEPT, digest("One: two")),
        (GuidanceKind.COMMON_MISTAKE, digest("Three")),
        (GuidanceKind.MISCONCEPTION, digest("Misconception: four. Correction: five.")),
    ]


@pytest.mark.parametrize("bullet", BULLETS, ids=str)
def test_a_bullet_has_an_entry_that_names_its_page(bullet: Bullet) -> None:
    entry = entries_of(bullet.unit).get(bullet.entry)
    assert entry, f"no entry of {bullet.unit} stands for this bullet any more"
    assert entry.kind is bullet.kind
    assert bullet.page in entry.sources


@pytest.mark.parametrize("page", BULLETS_OF)
def test_no_two_bullets_of_a_page_share_an_entry(page: str) -> None:
    entries = Counter(bullet.entry for bullet in BULLETS if bullet.page == page)
    assert [entry for entry, number in entries.items() if number > 1] == []


def test_a_page_that_an_entry_names_is_one_of_the_pages() -> None:
    named = {stem for path in UNITS.glob("*.yaml") for hint in read_unit(path).guidance for stem in hint.sources}
    assert named == set(BULLETS_OF)


def test_an_administrator_sees_every_entry_on_the_page_of_its_unit(client: StrictClient, cast: Cast) -> None:
    load_all(cast)
    wanted = texts_by_unit()
    with cast.installation.database.reading() as session:
        found = session.execute(select(UnitVersion.code, UnitVersion.id).where(UnitVersion.code.in_(wanted)))
        addresses = {code: f"/criteria/units/{id_}" for code, id_ in found}
    assert set(addresses) == set(wanted)
    client.sign_in("ada")
    for code, texts in wanted.items():
        page = client.get(addresses[code])
        assert [text for text in texts if text not in page.words] == [], code


def test_a_learner_sees_every_entry_on_the_page_of_the_unit(client: StrictClient, cast: Cast) -> None:
    enrolled = enrol_ben_on_all(cast)
    client.sign_in("ben")
    seen: dict[str, str] = {}
    for enrolment_id, unit_id, code in enrolled:
        seen[code] = client.get(f"/enrolments/{enrolment_id}/units/{unit_id}").words
    for code, texts in texts_by_unit().items():
        assert [text for text in texts if text not in seen[code]] == [], code


def load_all(cast: Cast) -> None:
    """Load every shipped pack."""
    with cast.installation.database.writing() as session:
        for path in PACKS:
            load_pack(session, cast.actor("ada", session), read_pack(path))
        session.commit()


def enrol_ben_on_all(cast: Cast) -> list[tuple[int, int, str]]:
    """Enrol ben on every shipped qualification that he is not on; answers his enrolments, units and unit codes."""
    with cast.installation.database.writing() as session:
        ben, centre = session.get_one(Person, cast.people["ben"]), session.get_one(Centre, cast.homes["ben"])
        begun = session.get_one(Enrolment, cast.enrolments["ben"])
        loaded = [load_pack(session, cast.actor("ada", session), read_pack(path)) for path in PACKS]
        enrolments = [
            begun if version.id == begun.qualification_version_id else enrol(session, centre, ben, version, cast, "new")
            for version in loaded
        ]
        session.flush()
        found = [
            (enrolment.id, unit.id, session.get_one(UnitVersion, unit.unit_version_id).code)
            for enrolment in enrolments
            for unit in enrolment.units
        ]
        session.commit()
    return found


def paired(page: str, text: str) -> Iterator[Bullet]:
    """The bullets of a page, each with the entry that comes at its place among those of its kind that name the page."""
    stands_on = [
        (path.stem, hint)
        for path in sorted(UNITS.glob("*.yaml"))
        for hint in read_unit(path).guidance
        if page in hint.sources
    ]
    entries = {kind: iter([one for one in stands_on if one[1].kind is kind]) for kind in GuidanceKind}
    for kind, bullet in bullets_in(text):
        unit, entry = next(entries[kind])
        yield Bullet(page, kind, bullet, unit, digest(entry.text))


if __name__ == "__main__":
    made = [
        asdict(bullet)
        for path in sorted(Path(sys.argv[1]).glob("*.txt"))
        for bullet in paired(path.stem, path.read_text(encoding="utf-8"))
    ]
    KEPT.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
