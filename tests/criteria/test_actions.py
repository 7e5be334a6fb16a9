"""Loading packs: once by content, beside what was there before, for one centre or for the whole site."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio.audit.events import System
from portfolio.audit.models import AuditEvent, AuditText
from portfolio.audit.streams import named
from portfolio.centres.actions import open_centre
from portfolio.centres.models import Centre
from portfolio.criteria.actions import load_pack, load_unit
from portfolio.criteria.combination import rules_from
from portfolio.criteria.contents import Pack, PackUnit, content_sha
from portfolio.criteria.models import (
    CriteriaLoad,
    Criterion,
    Guidance,
    GuidanceCriterion,
    Outcome,
    QualificationUnit,
    QualificationVersion,
    UnitVersion,
)
from portfolio.criteria.packs import read_pack
from portfolio.criteria.queries import (
    criteria_of,
    guidance_for,
    newest_unit,
    newest_version,
    qualifications_in,
    units_of,
)
from portfolio.criteria.rules import Figures, GuidanceKind, Method, OutcomeKind, Status
from tests.cast import Cast

TABLES = (
    *(QualificationVersion, UnitVersion, QualificationUnit, Outcome, Criterion, Guidance, GuidanceCriterion),
    CriteriaLoad,
)


@dataclass(frozen=True)
class Administrator:
    """Somebody who loads packs in a centre."""

    centre_stream_id: int
    uid: str = "somebody"
    role: str = "centre administrator"


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The shipped pack."""
    return read_pack(Path(__file__).parents[2] / "criteria" / "icq-l3-contact-centre-operations.yaml")


@pytest.fixture
def centre(session: Session) -> Centre:
    """A centre."""
    return open_centre(session, System(), name="Harbour Training", number="12345")


@pytest.fixture
def actor(centre: Centre) -> Administrator:
    """Its administrator."""
    return Administrator(centre.stream_id)


def counts(session: Session) -> list[int]:
    """How many rows each table of the subject has, and the audit trail."""
    return [session.scalar(select(func.count()).select_from(table)) or 0 for table in (*TABLES, AuditEvent)]


def with_unit(pack: Pack, unit: PackUnit) -> Pack:
    """The pack with its one unit replaced."""
    return replace(pack, groups=(replace(pack.groups[0], units=(unit,)),))


def the_unit(pack: Pack) -> PackUnit:
    """The one unit of the pack."""
    return pack.groups[0].units[0]


def test_a_pack_is_stored_as_it_was_read(session: Session, actor: Administrator, pack: Pack) -> None:
    version = load_pack(session, actor, pack)
    session.expire_all()
    assert (version.reference, version.title, version.level) == (pack.reference, pack.title, 3)
    assert (version.status, version.rules_known, version.centre_id) == (Status.DRAFT, False, None)
    assert rules_from(version.rules) == pack.rules
    assert version.content_sha == content_sha(pack)
    [unit] = units_of(session, version.id)
    assert (unit.code, unit.group_code, unit.figures, unit.status) == (
        "HRCC",
        "units",
        Figures.UNCONFIRMED,
        Status.DRAFT,
    )
    given = [(outcome, criterion) for outcome in the_unit(pack).outcomes for criterion in outcome.criteria]
    rows = criteria_of(session, unit.unit_version_id)
    assert [(row.code, row.text, row.methods) for row in rows] == [(c.code, c.text, c.methods) for _o, c in given]
    assert [(row.outcome_code, row.outcome_kind) for row in rows] == [(o.code, o.kind) for o, _c in given]
    assert all(isinstance(method, Method) for row in rows for method in row.methods)
    assert isinstance(rows[0].outcome_kind, OutcomeKind)


def test_codes_stay_text_and_in_the_order_of_the_file(session: Session, actor: Administrator, pack: Pack) -> None:
    unit = the_unit(pack)
    first = unit.outcomes[0]
    many = tuple(replace(first.criteria[0], code=f"1.{number}") for number in range(1, 13))
    changed = replace(unit, outcomes=(replace(first, criteria=many),), guidance=())
    version = load_pack(session, actor, with_unit(pack, changed))
    [row] = units_of(session, version.id)
    assert [criterion.code for criterion in criteria_of(session, row.unit_version_id)] == [
        f"1.{n}" for n in range(1, 13)
    ]


def test_guidance_stands_under_its_criteria(session: Session, actor: Administrator, pack: Pack) -> None:
    [unit] = units_of(session, load_pack(session, actor, pack).id)
    guidance = guidance_for(session, unit.unit_version_id)
    hints = the_unit(pack).guidance
    assert [hint.text for hint in guidance.general] == [hint.text for hint in hints if not hint.criteria]
    for criterion in criteria_of(session, unit.unit_version_id):
        expected = [hint for hint in hints if criterion.code in hint.criteria]
        assert [hint.text for hint in guidance.on(criterion.id)] == [hint.text for hint in expected]
        points = guidance.on(criterion.id, GuidanceKind.MARKING_POINT)
        assert len(points) >= 2
        assert {point.kind for point in points} == {GuidanceKind.MARKING_POINT}
    assert guidance.on(0) == ()
    assert guidance.general[0].sources == hints[0].sources


def test_loading_is_one_event_of_the_centre(session: Session, actor: Administrator, centre: Centre, pack: Pack) -> None:
    version = load_pack(session, actor, pack)
    events = session.scalars(select(AuditEvent).where(AuditEvent.verb == "criteria.load")).all()
    assert [(event.stream_id, event.subject, event.actor) for event in events] == [
        (centre.stream_id, named(version), actor.uid)
    ]
    said = session.get_one(AuditText, events[0].id).text
    assert said == {
        "reference": pack.reference,
        "title": pack.title,
        "content_sha": version.content_sha,
        "units": ["HRCC"],
    }


def test_the_same_content_writes_nothing(session: Session, actor: Administrator, pack: Pack) -> None:
    version = load_pack(session, actor, pack)
    before = counts(session)
    assert load_pack(session, actor, pack) is version
    assert counts(session) == before


def test_going_back_is_one_more_load(session: Session, actor: Administrator, centre: Centre, pack: Pack) -> None:
    """A, B, A leaves A in use, with its units, and is told each time; nothing is stored anew."""
    changed = with_unit(pack, replace(the_unit(pack), title="A mistake"))
    first = load_pack(session, actor, pack, centre=centre)
    load_pack(session, actor, changed, centre=centre)
    before = counts(session)[:-2]
    assert load_pack(session, actor, pack, centre=centre) is first
    assert newest_version(session, pack.reference, centre.id) is first
    assert qualifications_in(session, centre.id) == [first]
    assert newest_unit(session, the_unit(pack).code, centre.id) is first.units[0].unit
    assert counts(session)[:-2] == before
    events = session.scalars(select(AuditEvent.subject).where(AuditEvent.verb == "criteria.load")).all()
    assert [subject == named(first) for subject in events] == [True, False, True]
    after = counts(session)
    assert load_pack(session, actor, pack, centre=centre) is first
    assert counts(session) == after


def test_going_back_to_a_unit_is_one_more_load(session: Session, actor: Administrator, pack: Pack) -> None:
    unit = the_unit(pack)
    first = load_unit(session, actor, unit)
    load_unit(session, actor, replace(unit, title="A mistake"))
    assert load_unit(session, actor, unit) is first
    assert newest_unit(session, unit.code, None) is first
    after = counts(session)
    assert load_unit(session, actor, unit) is first
    assert counts(session) == after
    assert session.scalar(select(func.count()).where(AuditEvent.verb == "criteria.load_unit")) == 3


def test_two_who_load_at_once_come_one_after_the_other(cast: Cast, pack: Pack) -> None:
    """Both packs share a unit that is stored once."""
    database, gate, seen = cast.installation.database, Barrier(2), list[int]()
    changed = with_unit(pack, replace(the_unit(pack), title="Another title"))

    def load(reference: str) -> None:
        gate.wait(10)
        with database.writing() as session:
            centre = session.get_one(Centre, cast.homes["ada"])
            version = load_pack(
                session, cast.actor("ada", session), replace(changed, reference=reference), centre=centre
            )
            session.commit()
            seen.append(version.units[0].unit_version_id)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(load, ["Q/1", "Q/2"]))
    assert len(seen) == 2
    assert len(set(seen)) == 1


def test_a_changed_qualification_shares_the_unit_that_stayed(
    session: Session, actor: Administrator, pack: Pack
) -> None:
    old = load_pack(session, actor, pack)
    new = load_pack(session, actor, replace(pack, title="Another title"))
    assert new.id != old.id
    assert units_of(session, new.id) == units_of(session, old.id)
    assert newest_version(session, pack.reference, None) is new


def test_a_changed_unit_leaves_the_old_one_untouched(session: Session, actor: Administrator, pack: Pack) -> None:
    old = load_pack(session, actor, pack)
    [before] = units_of(session, old.id)
    said_before = criteria_of(session, before.unit_version_id)
    new = load_pack(session, actor, with_unit(pack, replace(the_unit(pack), title="Another title")))
    [after] = units_of(session, new.id)
    assert (before.title, after.title) == (the_unit(pack).title, "Another title")
    assert after.unit_version_id != before.unit_version_id
    assert units_of(session, old.id) == [before]
    assert criteria_of(session, before.unit_version_id) == said_before


def test_a_centre_has_packs_of_its_own(session: Session, actor: Administrator, centre: Centre, pack: Pack) -> None:
    other = open_centre(session, System(), name="Hill College", number="999")
    own = load_pack(session, actor, pack, centre=centre)
    assert newest_version(session, pack.reference, centre.id) is own
    assert newest_version(session, pack.reference, other.id) is None
    assert qualifications_in(session, other.id) == []
    site = load_pack(session, actor, replace(pack, title="For all"))
    assert newest_version(session, pack.reference, centre.id) is own
    assert newest_version(session, pack.reference, other.id) is site
    assert newest_version(session, "unknown", other.id) is None


def test_the_same_content_for_the_site_and_for_a_centre_are_two(
    session: Session, actor: Administrator, centre: Centre, pack: Pack
) -> None:
    site = load_pack(session, actor, pack)
    own = load_pack(session, actor, pack, centre=centre)
    assert site.id != own.id
    assert site.units[0].unit_version_id != own.units[0].unit_version_id


def test_a_centre_sees_each_qualification_once(
    session: Session, actor: Administrator, centre: Centre, pack: Pack
) -> None:
    load_pack(session, actor, pack)
    newer = load_pack(session, actor, replace(pack, source="Said anew."))
    second = load_pack(session, actor, replace(pack, reference="B/1", title="A second one"))
    assert qualifications_in(session, centre.id) == [second, newer]
    own = load_pack(session, actor, pack, centre=centre)
    assert qualifications_in(session, centre.id) == [second, own]
    assert qualifications_in(session, None) == [second, newer]


def test_a_unit_is_loaded_alone_once(session: Session, actor: Administrator, centre: Centre, pack: Pack) -> None:
    unit = the_unit(pack)
    version = load_unit(session, actor, unit)
    assert (version.code, version.centre_id, version.content_sha) == (unit.code, None, content_sha(unit))
    assert load_unit(session, actor, unit) is version
    [event] = session.scalars(select(AuditEvent).where(AuditEvent.verb == "criteria.load_unit"))
    assert (event.stream_id, event.subject) == (centre.stream_id, named(version))
    assert session.get_one(AuditText, event.id).text == {
        "code": unit.code,
        "title": unit.title,
        "content_sha": version.content_sha,
    }
    assert load_pack(session, actor, pack).units[0].unit is version
    own = load_unit(session, actor, unit, centre=centre)
    assert (own.centre_id, own.id == version.id) == (centre.id, False)
