"""Reading trails, on both databases: windows, filters, what things are called, and proofs."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.models import Membership, Person
from portfolio.audit import streams
from portfolio.audit.checking import check_all, check_one, keep, last_check
from portfolio.audit.events import System
from portfolio.audit.models import AuditStream
from portfolio.audit.openings import log_access
from portfolio.bundles.actions import ask_for_centre
from portfolio.bundles.kept_models import KeptBundle
from portfolio.centres.models import Centre
from portfolio.criteria.models import QualificationVersion, UnitVersion
from portfolio.db import Database
from portfolio.enrolment import cohorts
from portfolio.enrolment.models import Cohort, Enrolment, EnrolmentUnit
from portfolio.evidence.models import Evidence, EvidenceFile
from portfolio.export import disk_queries
from portfolio.export.actions import ask_for_book
from portfolio.export.models import WordBook
from portfolio.policy.checks import visible
from portfolio.policy.table import SEEING
from portfolio.trail import actions, queries
from portfolio.trail.queries import Sight, Thing, Wanted, Window
from tests.cast import FULL_NAMES, Cast
from tests.tampering import tamper


def sight_of(cast: Cast, session: Session, name: str) -> Sight:
    """Everything that somebody may be led to."""
    actor = cast.actor(name, session)
    models = Person, Cohort, Enrolment, EnrolmentUnit, Evidence, QualificationVersion, UnitVersion, WordBook, KeptBundle
    return {model: visible(actor, SEEING[model]) for model in models}


def stream_of(session: Session, cast: Cast, name: str) -> int:
    """The stream of somebody's enrolment."""
    return session.get_one(Enrolment, cast.enrolments[name]).stream_id


def test_windows_join_without_gap_or_overlap(session: Session, cast: Cast) -> None:
    stream_id = stream_of(session, cast, "amina")
    last = session.get_one(AuditStream, stream_id).head_seq
    whole = queries.entries(session, stream_id, Wanted(), Window(1_000))
    assert [row.no for row in whole.rows] == list(range(last, 0, -1))
    assert (whole.has_newer, whole.has_older) == (False, False)
    first = queries.entries(session, stream_id, Wanted(), Window(3))
    assert ([row.no for row in first.rows], first.has_newer, first.has_older) == (
        [last, last - 1, last - 2],
        False,
        True,
    )
    second = queries.entries(session, stream_id, Wanted(), Window(3, below=last - 2))
    assert ([row.no for row in second.rows], second.has_newer) == ([last - 3, last - 4, last - 5], True)
    back = queries.entries(session, stream_id, Wanted(), Window(3, above=last - 3))
    assert ([row.no for row in back.rows], back.has_newer, back.has_older) == ([last, last - 1, last - 2], False, True)
    middle = queries.entries(session, stream_id, Wanted(), Window(2, above=1))
    assert ([row.no for row in middle.rows], middle.has_newer) == ([3, 2], True)


def test_entries_are_found_by_name_kind_and_time(session: Session, cast: Cast) -> None:
    stream_id = stream_of(session, cast, "amina")

    def found(wanted: Wanted) -> list[queries.EntryRow]:
        return list(queries.entries(session, stream_id, wanted, Window(1_000)).rows)

    name = FULL_NAMES["marguerite"]
    assert {row.who for row in found(Wanted(who=name.upper()))} == {name}
    assert {row.verb.partition(".")[0] for row in found(Wanted(subjects=("review", "unit")))} == {"review"}
    assert not found(Wanted(who="%"))
    assert not found(Wanted(subjects=("revie_", "%")))
    times = [row.at for row in found(Wanted())]
    assert [row.at for row in found(Wanted(since=times[2]))] == times[:3]
    assert [row.at for row in found(Wanted(before=times[2]))] == times[3:]
    assert {row.who for row in found(Wanted(who="product"))} <= {queries.PRODUCT}


def test_things_have_names_and_are_seen_by_whom_they_are_for(session: Session, cast: Cast) -> None:
    amina = session.get_one(Enrolment, cast.enrolments["amina"])
    cohort = cohorts.open_cohort(session, System(), session.get_one(Centre, cast.homes["ada"]), name="Spring")
    book = ask_for_book(session, cast.actor("ada", session), amina)
    item = session.get_one(Evidence, cast.evidence["amina E001"])
    unit = amina.units[0]
    rows = {
        "person": session.get_one(Person, cast.people["tobias"]),
        "membership": session.scalars(select(Membership).where(Membership.person_id == cast.people["tobias"])).first(),
        "cohort": cohort,
        "enrolment": amina,
        "enrolment_unit": unit,
        "evidence": item,
        "evidence_file": session.scalars(select(EvidenceFile).where(EvidenceFile.version_id == item.latest.id)).first(),
        "word_book": book,
        "kept_bundle": ask_for_centre(session, cast.actor("ada", session), amina.centre),
        "qualification_version": amina.qualification,
        "unit_version": unit.unit,
        "centre": session.get_one(Centre, cast.homes["ada"]),
    }
    session.flush()
    subjects = [streams.named(row) for row in rows.values() if row is not None]
    found = queries.things(session, [*subjects, "submission:x", "evidence:gone", "odd"], sight_of(cast, session, "ada"))
    told = {thing.table: thing for thing in found.values()}
    assert {table: thing.name for table, thing in told.items()} == {
        "person": FULL_NAMES["tobias"], "membership": FULL_NAMES["tobias"], "cohort": "Spring",
        "enrolment": FULL_NAMES["amina"], "enrolment_unit": unit.unit.title, "evidence": "E001",
        "evidence_file": "E001", "word_book": FULL_NAMES["amina"], "qualification_version": amina.qualification.title,
        "kept_bundle": amina.centre.name, "unit_version": unit.unit.title,
        "centre": session.get_one(Centre, cast.homes["ada"]).name,
    }  # fmt: skip
    assert {table for table, thing in told.items() if not thing.is_seen} == {"centre"}
    assert told["membership"].id == cast.people["tobias"]
    assert told["evidence_file"] == Thing("evidence_file", "E001", item.id, amina.id, is_seen=True)
    of_ben = queries.things(session, subjects, sight_of(cast, session, "ben"))
    assert not [thing for thing in of_ben.values() if thing.is_seen]
    assert {thing.name for thing in of_ben.values()} == {thing.name for thing in told.values()}
    assert queries.things(session, [], {}) == {}


def test_items_are_named_to_those_who_may_see_them(session: Session, cast: Cast) -> None:
    def refs(name: str) -> set[str]:
        actor = cast.actor(name, session)
        return set(queries.refs_among(session, cast.enrolments["amina"], visible(actor, SEEING[Evidence])))

    everything = {name.partition(" ")[2] for name in cast.evidence if name.startswith("amina")}
    assert refs("amina") == everything
    assert refs("marguerite") < everything
    assert refs("marguerite") == refs("ewan")
    assert refs("ben") == set()


def test_openings_are_found_by_person_time_and_learner(session: Session, cast: Cast) -> None:
    ewan, amina = cast.actor("ewan", session), session.get_one(Enrolment, cast.enrolments["amina"])
    home = cast.homes["ada"]
    for enrolment_id, subject in ((amina.id, streams.named(amina)), (None, "centre:x")):
        log_access(session, ewan, subject, centre_id=home, page="enrolment.show", enrolment_id=enrolment_id)
    log_access(session, replace(ewan, uid="gone"), "x:y", centre_id=home, page="p" * 60, enrolment_id=None)
    log_access(session, ewan, "x:y", centre_id=cast.homes["odette"], page="p", enrolment_id=None)
    session.flush()
    whole = queries.openings(session, home, Wanted(), Window(10)).rows
    assert [(row.who, row.learner) for row in whole] == [
        ("gone", ""), (FULL_NAMES["ewan"], ""), (FULL_NAMES["ewan"], FULL_NAMES["amina"])
    ]  # fmt: skip
    assert len(whole[0].page) == 48
    assert [
        row.learner for row in queries.openings(session, home, Wanted(), Window(10), enrolment_id=amina.id).rows
    ] == [FULL_NAMES["amina"]]
    assert len(queries.openings(session, home, Wanted(who="ewan"), Window(10)).rows) == 2
    later = Wanted(since=clock.now() + timedelta(days=1))
    assert not queries.openings(session, home, later, Window(10)).rows
    assert queries.eqas_of(session, home) == [FULL_NAMES["ewan"]]


def test_a_proof_is_kept_in_place_of_the_one_before(session: Session, cast: Cast) -> None:
    amina = session.get_one(Enrolment, cast.enrolments["amina"])
    assert last_check(session, amina.stream_id) is None
    first = actions.check_enrolment(session, cast.actor("ada", session), amina)
    assert (first.faults, first.fault, first.streams) == (0, "", 1)
    stream = session.get_one(AuditStream, amina.stream_id)
    assert (first.entries, first.head_seq, first.head_hash) == (stream.head_seq, stream.head_seq, stream.head_hash)
    actions.check_enrolment(session, cast.actor("ewan", session), amina)
    found = last_check(session, amina.stream_id)
    assert found is not None
    assert queries.name_of(session, found.person) == FULL_NAMES["ewan"]
    assert queries.name_of(session, "nobody") == ""
    assert queries.stream_name(session, stream.uid) == FULL_NAMES["amina"]
    assert queries.stream_name(session, "no stream") == ""


@pytest.mark.parametrize(
    ("change", "seq", "what"),
    [
        ("UPDATE audit_event SET role = 'iqa' WHERE seq = 2 AND stream_id = :id", 2, "its fields are not those"),
        ("DELETE FROM audit_text WHERE event_id = (SELECT id FROM audit_event WHERE seq = 1 AND stream_id = :id)", 1,
         "its text is missing"),
        ("UPDATE audit_stream SET head_seq = head_seq + 1 WHERE id = :id", None, "the stream's end is not where"),
    ],
)  # fmt: skip
def test_what_was_tampered_with_is_named(
    database: Database, cast: Cast, change: str, seq: int | None, what: str
) -> None:
    with database.reading() as session:
        stream_id, home = stream_of(session, cast, "amina"), session.get_one(Centre, cast.homes["ada"])
        own, others = home.stream_id, queries.enrolment_streams(session, home.id)
        assert check_all(session, own, others, lambda _done, _total, _words: None).faults == ()
    tamper(database, lambda session: session.execute(text(change), {"id": stream_id}))
    reports: list[tuple[int, int]] = []
    with database.reading() as session:
        one = check_one(session, stream_id)
        whole = check_all(session, own, others, lambda done, total, _words: reports.append((done, total)))
    assert len(one.faults) == 1
    assert what in one.faults[0].what
    assert seq is None or one.faults[0].seq == seq
    assert whole.faults == one.faults
    assert whole.streams == len(others) + 1
    assert reports[0] == (0, len(others) + 1)
    with database.writing() as session:
        row = keep(session, cast.actor("ada", session), whole)
        assert (row.stream_id, row.faults, row.fault_seq) == (own, 1, one.faults[0].seq)
        session.commit()


def test_a_centres_proof_looks_at_no_other_centre(database: Database, cast: Cast) -> None:
    with database.reading() as session:
        theirs = stream_of(session, cast, "olga")
    change = text("UPDATE audit_event SET role = 'iqa' WHERE seq = 2 AND stream_id = :id")
    tamper(database, lambda session: session.execute(change, {"id": theirs}))
    with database.reading() as session:
        found = {}
        for name in ("ada", "odette"):
            centre = session.get_one(Centre, cast.homes[name])
            others = queries.enrolment_streams(session, centre.id)
            found[name] = check_all(session, centre.stream_id, others, lambda _done, _total, _words: None).faults
    assert found["ada"] == ()
    assert len(found["odette"]) == 1


NAMED = """
SELECT DISTINCT b.id, b.size FROM blob b JOIN evidence_file f ON f.blob_id = b.id
JOIN evidence_version v ON v.id = f.version_id JOIN evidence e ON e.id = v.evidence_id WHERE e.enrolment_id = :id
"""


def test_what_portfolios_take_is_counted_once_each(session: Session, cast: Cast) -> None:
    home = cast.homes["ada"]
    rows = {row.learner: row for row in disk_queries.taken_by_portfolio(session, home)}
    sizes = [size for _id, size in session.execute(text(NAMED), {"id": cast.enrolments["amina"]})]
    assert (rows[FULL_NAMES["amina"]].files, rows[FULL_NAMES["amina"]].total) == (len(sizes), sum(sizes))
    assert (rows[FULL_NAMES["ben"]].files, rows[FULL_NAMES["ben"]].total) == (0, 0)
    assert FULL_NAMES["olga"] not in rows
    assert next(iter(rows)) == FULL_NAMES["amina"]
    assert len(disk_queries.taken_by_portfolio(session, home, limit=1, offset=1)) == 1
    assert [row.learner for row in disk_queries.taken_by_portfolio(session, home, search="BEN")] == [FULL_NAMES["ben"]]
    assert disk_queries.taken_by_centre(session, home).size >= sum(sizes)
