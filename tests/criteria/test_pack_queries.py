"""What is stored, as packs again; what a pack would change; and the library of a centre."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from portfolio.audit.events import System
from portfolio.centres.actions import open_centre
from portfolio.centres.models import Centre
from portfolio.criteria.actions import load_pack, load_unit
from portfolio.criteria.contents import Pack, PackUnit, content_sha
from portfolio.criteria.differences import Change
from portfolio.criteria.models import QualificationVersion
from portfolio.criteria.pack_queries import compare_pack, compare_unit, stored_pack, stored_unit
from portfolio.criteria.packs import read_pack, read_pack_texts
from portfolio.criteria.queries import library, newest_unit, units_of
from portfolio.opening import SHIPPED
from tests.criteria.pack_files import PACK, RULED, UNIT, changed


@dataclass(frozen=True)
class Administrator:
    """Somebody who loads packs in a centre."""

    centre_stream_id: int
    uid: str = "somebody"
    role: str = "centre administrator"


@pytest.fixture
def centre(session: Session) -> Centre:
    """A centre."""
    return open_centre(session, System(), name="Harbour Training", number="12345")


@pytest.fixture
def actor(centre: Centre) -> Administrator:
    """Its administrator."""
    return Administrator(centre.stream_id)


@contextmanager
def counted_statements(session: Session) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


RULED_PACK = read_pack_texts(RULED, {"complaints": UNIT})
PLAIN_PACK = read_pack_texts(PACK, {"complaints": UNIT})
FULL = RULED_PACK.groups[0].units[0]


def test_what_was_stored_is_what_was_loaded(session: Session, actor: Administrator) -> None:
    shipped = [read_pack(path) for path in sorted(SHIPPED.glob("*.yaml"))]
    packs = [RULED_PACK, replace(PLAIN_PACK, reference="B/1"), *shipped]
    for pack in packs:
        version = load_pack(session, actor, pack)
        session.expire_all()
        assert stored_pack(session, version) == pack
        assert content_sha(stored_pack(session, version)) == version.content_sha == content_sha(pack)


def test_dates_and_outlines_are_stored(session: Session, actor: Administrator) -> None:
    version = load_pack(session, actor, RULED_PACK)
    session.expire_all()
    assert (version.operational_end, version.certification_end) == (
        RULED_PACK.operational_end,
        RULED_PACK.certification_end,
    )
    assert version.rules_known
    rows = units_of(session, version.id)
    assert [(row.code, row.is_outline, row.group_code) for row in rows] == [
        ("R/506/2151", False, "A"),
        ("A2", True, "A"),
        ("B1", True, "B"),
        ("B2", True, "B"),
        ("C1", True, "C"),
        ("C2", True, "C"),
    ]


def test_outlines_are_shared_too(session: Session, actor: Administrator) -> None:
    old = load_pack(session, actor, RULED_PACK)
    new = load_pack(session, actor, replace(RULED_PACK, title="Another title"))
    assert units_of(session, new.id) == units_of(session, old.id)


def test_a_stored_version_from_before_there_were_rules_reads_as_unknown(session: Session, actor: Administrator) -> None:
    version = load_pack(session, actor, PLAIN_PACK)
    before = QualificationVersion(
        reference=version.reference,
        title=version.title,
        level=version.level,
        awarding_organisation=version.awarding_organisation,
        spec_version=version.spec_version,
        status=version.status,
        source=version.source,
        rules_known=False,
        rules={"groups": [{"code": "A", "title": "Everything"}]},
        content_sha="as before",
    )
    session.add(before)
    session.flush()
    found = stored_pack(session, before)
    assert (found.rules_known, found.groups[0].title, found.groups[0].units) == (False, "Everything", ())


def test_reading_a_stored_pack_takes_the_same_few_statements_however_large_it_is(
    session: Session, actor: Administrator
) -> None:
    small = load_pack(session, actor, PLAIN_PACK)
    large = load_pack(session, actor, RULED_PACK)
    session.expire_all()
    session.refresh(small)
    session.refresh(large)
    counts = []
    for version in (small, large):
        with counted_statements(session) as sent:
            stored_pack(session, version)
        counts.append(len(sent))
    assert counts == [3, 3]


def test_a_pack_is_compared_with_the_newest_of_its_reference(session: Session, actor: Administrator) -> None:
    first = compare_pack(session, RULED_PACK, None)
    assert (first.newest, first.stored, first.changes) == (None, None, None)
    version = load_pack(session, actor, RULED_PACK)
    again = compare_pack(session, RULED_PACK, None)
    assert (again.newest, again.stored) == (version, version)
    assert not again.changes
    other = replace(RULED_PACK, title="Another title")
    found = compare_pack(session, other, None)
    assert (found.newest, found.stored) == (version, None)
    assert found.changes is not None
    assert found.changes.facts == (Change("Title", "Diploma in Complaints", "Another title"),)
    newer = load_pack(session, actor, other)
    back = compare_pack(session, RULED_PACK, None)
    assert (back.newest, back.stored) == (newer, version)
    assert back.changes


def test_a_centre_compares_with_its_own_or_else_with_the_site(
    session: Session, actor: Administrator, centre: Centre
) -> None:
    site = load_pack(session, actor, RULED_PACK)
    same = compare_pack(session, RULED_PACK, centre.id)
    assert (same.newest, same.stored) == (site, None)
    assert not same.changes
    own = load_pack(session, actor, replace(RULED_PACK, title="Ours"), centre=centre)
    assert compare_pack(session, RULED_PACK, centre.id).newest is own
    assert compare_pack(session, RULED_PACK, None).newest is site


def test_a_unit_is_compared_with_the_newest_of_its_code(session: Session, actor: Administrator, centre: Centre) -> None:
    assert compare_unit(session, FULL, None).newest is None
    load_pack(session, actor, RULED_PACK)
    same = compare_unit(session, FULL, None)
    assert same.stored is same.newest is newest_unit(session, FULL.code, None)
    assert not same.changes
    other = replace(FULL, title="Complain")
    found = compare_unit(session, other, centre.id)
    assert (found.stored, found.newest) == (None, same.newest)
    assert found.changes is not None
    assert found.changes.facts == (Change("Title", "Complaints", "Complain"),)
    own = load_unit(session, actor, other, centre=centre)
    assert newest_unit(session, FULL.code, centre.id) is own
    assert newest_unit(session, FULL.code, None) is same.newest
    assert stored_unit(session, own) == other


def alone(unit: PackUnit, code: str) -> PackUnit:
    """The unit under another code."""
    return replace(unit, code=code)


def test_the_library_has_each_qualification_with_its_other_versions(
    session: Session, actor: Administrator, centre: Centre
) -> None:
    first = load_pack(session, actor, RULED_PACK)
    second = load_pack(session, actor, replace(RULED_PACK, source="Said anew."))
    own = load_pack(session, actor, replace(RULED_PACK, source="Ours."), centre=centre)
    plain = load_pack(session, actor, changed_reference(PLAIN_PACK))
    found = library(session, centre.id)
    assert [(row.version, row.others, row.units, row.outlines) for row in found.qualifications] == [
        (plain, (), 1, 0),
        (own, (second.id, first.id), 6, 5),
    ]
    other = open_centre(session, System(), name="Hill College", number="999")
    assert [row.version for row in library(session, other.id).qualifications] == [plain, second]
    assert [row.others for row in library(session, None).qualifications] == [(), (first.id,)]


def changed_reference(pack: Pack) -> Pack:
    """The pack as another qualification, the first by title."""
    return replace(pack, reference="B/1", title="A second one")


def test_the_library_has_units_of_no_qualification_in_their_newest_version(
    session: Session, actor: Administrator, centre: Centre
) -> None:
    load_pack(session, actor, RULED_PACK)
    load_unit(session, actor, alone(FULL, "U2"))
    newer = load_unit(session, actor, replace(alone(FULL, "U2"), title="Said anew"))
    own = load_unit(session, actor, alone(FULL, "U1"), centre=centre)
    load_unit(session, actor, FULL)
    assert library(session, centre.id).units == (own, newer)
    assert library(session, None).units == (newer,)


def test_the_library_takes_the_same_few_statements_however_much_there_is(
    session: Session, actor: Administrator, centre: Centre
) -> None:
    counts = []
    for number in range(3):
        load_pack(session, actor, replace(RULED_PACK, reference=f"Q/{number}"))
        with counted_statements(session) as sent:
            library(session, centre.id)
        counts.append(len(sent))
    assert counts == [5, 5, 5]


def test_a_changed_file_changes_the_stored_unit_as_the_differences_say(session: Session, actor: Administrator) -> None:
    version = load_pack(session, actor, PLAIN_PACK)
    after = read_pack_texts(PACK, {"complaints": changed(UNIT, "Keep the customer informed", "Tell the customer")})
    compared = compare_pack(session, after, None)
    assert compared.changes is not None
    [unit] = compared.changes.units
    assert unit.reworded == (Change("1.10", "Keep the customer informed", "Tell the customer"),)
    assert stored_pack(session, version) == PLAIN_PACK
