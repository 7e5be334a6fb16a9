"""A portfolio that arrived is one like any other: everything that may be done with a portfolio is done with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portfolio.accounts.models import Person
from portfolio.assessment import marking, progress, queue_queries, submitting
from portfolio.assessment.models import SubmissionItem
from portfolio.assessment.rules import ItemState
from portfolio.assessment.sign_off_queries import decisions_on
from portfolio.enrolment import actions as enrolment_actions
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import Duty
from portfolio.evidence.models import Evidence
from portfolio.installation import Installation
from portfolio.mapping import actions as mapping
from portfolio.mapping.coverage import State
from portfolio.mapping.rules import Outcome
from portfolio.policy.checks import visible_joined
from portfolio.policy.permissions import Permission
from portfolio.screening.models import Finding, Scan
from tests.assessment import desk, signing
from tests.assessment.further import claim_further, hand_in_further
from tests.bundles.arriving_scenes import Harbour, everybody, harbour_of, lighter, opened, packed
from tests.cast import EVERYTHING, FULL_NAMES, Cast, add_file, assemble, hand_in, wanted, write
from tests.export.scenes import made as book_made
from tests.export.scenes import rows_of
from tests.policy.estate import opened_on
from tests.screened import look_through

FEW, MANY = 20, 200
WHERE = "Signed at Harrow Dale Training (40217) and brought here on "


@pytest.fixture(scope="module")
def bundle(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Amina's portfolio and ben's."""
    installation = opened_on(sqlite_template, tmp_path_factory.mktemp("sent"))
    cast = lighter(installation)
    ids = [cast.enrolments[name] for name in ("amina", "ben")]
    yield packed(installation, ids, tmp_path_factory.mktemp("packed") / "bundle.zip")
    installation.close()


@pytest.fixture
def harbour(installation: Installation, bundle: Path, tmp_path: Path) -> Harbour:
    """Where both arrived; people of the centre are allocated to them."""
    found = harbour_of(installation, "amina", "ben")
    incoming = opened(bundle, tmp_path / "opened")
    found.bring_in(incoming, found.plan(incoming, everybody(incoming, found.cast)))
    found.know()
    with found.session() as session:
        for name in ("amina", "ben"):
            enrolment = session.get_one(Enrolment, found.cast.enrolments[name])
            for who, duty in (("marguerite", Duty.ASSESS), ("tobias", Duty.ASSESS), ("dafydd", Duty.COUNTERSIGN)):
                person = session.get_one(Person, found.cast.people[who])
                enrolment_actions.allocate(session, found.actor("ada", session), enrolment, person=person, duty=duty)
        session.commit()
    return found


def whole(harbour: Harbour) -> None:
    """The proof holds, and what is worked out is what the record says."""
    assert harbour.faults() == []
    with harbour.installation.database.reading() as session:
        assert progress.differences(session) == []


def test_it_goes_on_here(harbour: Harbour) -> None:
    """What waited is decided, and revised; items get the next numbers; units are opened, amended and signed."""
    cast = harbour.cast
    with harbour.session() as session:
        marking.open_item(
            session, cast.actor("tobias", session), session.get_one(SubmissionItem, cast.items["amina E005"])
        )
        waiting = session.get_one(SubmissionItem, cast.items["amina E002"])
        desk.judged(session, cast, "marguerite", waiting, Outcome.MET, Outcome.INSUFFICIENT)
        further = session.get_one(SubmissionItem, cast.items["amina E001"])
        signing.decided(session, cast, further)
        session.commit()
    whole(harbour)
    with harbour.session() as session:
        assert desk.states(session, cast)["2.1"] is State.MET
        evidence, amina = session.get_one(Evidence, cast.evidence["amina E001"]), cast.actor("amina", session)
        assert [one.no for one in evidence.versions] == [1]
        mapping.revise(session, amina, evidence)
        hand_in(session, cast, "amina", evidence, "E001")
        claim_further(session, cast, "amina E002", {"3.2": "So too."})
        hand_in_further(session, cast, "amina E002")
        session.commit()
    whole(harbour)
    with harbour.session() as session:
        new = add_file(session, harbour.installation, cast, "amina", "After the move", b"Dear Customer B.")
        assert new.ref == "E008"
        enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
        mapping.map_to(session, cast.actor("amina", session), new, wanted=wanted(session, enrolment, {"3.3": "This."}))
        submission = hand_in(session, cast, "amina", new, new.ref)
        submitting.withdraw(session, cast.actor("amina", session), submission)
        session.commit()
    whole(harbour)


def test_a_trainee_judges_what_came_and_somebody_countersigns(harbour: Harbour) -> None:
    cast = harbour.cast
    with harbour.session() as session:
        waiting = session.get_one(SubmissionItem, cast.items["amina E002"])
        assert waiting.state is ItemState.WAITING
        desk.judged(session, cast, "tobias", waiting, Outcome.MET, Outcome.MET)
        marking.countersign(session, cast.actor("dafydd", session), waiting)
        session.commit()
    whole(harbour)


def test_a_signed_unit_is_amended_opened_again_and_signed_anew(harbour: Harbour) -> None:
    cast = harbour.cast
    with harbour.session() as session:
        unit = signing.unit_of(session, cast)
        [first, second, third] = decisions_on(session, [unit.id])[unit.id]
        for one in (first, second, third):
            assert one.origin.startswith(WHERE)
            assert one.elsewhere is not None
            assert one.elsewhere["digest"] != one.digest
        assert second.signed["opens"] == first.digest
    signing.amend_after(cast, "ben E001", "A reply")
    whole(harbour)
    with harbour.session() as session:
        unit = signing.unit_of(session, cast)
        signing.reopened(session, cast, unit)
        signing.sign(session, cast, unit)
        assert [one.origin == "" for one in decisions_on(session, [unit.id])[unit.id]] == [False] * 3 + [True] * 2
        session.commit()
    whole(harbour)


def test_what_waited_waits_in_the_queue_here(harbour: Harbour) -> None:
    with harbour.session() as session:
        found = queue_queries.waiting(
            session,
            harbour.actor("marguerite", session),
            visible_joined(harbour.actor("marguerite", session), Permission.ITEM_MARK),
            state=ItemState.WAITING,
            limit=30,
        )
        said = [(row.learner, row.ref) for row in found.rows]
        assert sorted(said) == [(FULL_NAMES["amina"], ref) for ref in ("E001", "E002", "E005", "E006")]


def test_the_word_book_says_where_a_unit_was_signed(harbour: Harbour) -> None:
    harbour.settle()
    rows = rows_of(book_made(harbour.installation, harbour.cast, by="ben", whose="ben"))
    said = [row for row in rows if WHERE in row]
    assert len(said) == 3
    assert said[0].startswith("Signed off by Marguerite Okonkwo-Lindqvist, assessor, on")


def test_what_came_is_looked_through(harbour: Harbour) -> None:
    """Own words at once, files when a worker comes to them."""
    with harbour.installation.database.reading() as session:
        evidence = session.get_one(Evidence, harbour.cast.evidence["amina E001"])
        scans = session.scalars(select(Scan).where(Scan.item_uid == evidence.uid)).all()
        assert {(bool(one.source), one.state.value) for one in scans} == {(False, "done"), (True, "waiting")}
        assert session.scalars(select(Finding)).all() == []


@pytest.fixture(scope="module")
def crowded(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Bundles of a portfolio with some items, and of one with ten times as many."""
    found = {}
    for count in (FEW, MANY):
        installation = opened_on(sqlite_template, tmp_path_factory.mktemp("crowded"))
        cast = assemble(installation)
        with installation.database.writing() as session:
            submit_many(session, installation, cast, count)
            session.commit()
        found[count] = packed(installation, [cast.enrolments["ben"]], tmp_path_factory.mktemp("packed") / "bundle.zip")
        installation.close()
    return found


def submit_many(session: Session, installation: Installation, cast: Cast, count: int) -> None:
    """So many accounts of ben's, handed in at once and decided."""
    enrolment, ben = session.get_one(Enrolment, cast.enrolments["ben"]), cast.actor("ben", session)
    items = []
    for number in range(count):
        evidence = write(session, installation, cast, "ben", f"Account {number}", "I did as I was told.")
        mapping.map_to(session, ben, evidence, wanted=wanted(session, enrolment, {"1.1": "So.", "1.2": "And so."}))
        look_through(session, installation.store, evidence)
        items.append(evidence.id)
    submission = submitting.submit(session, ben, enrolment, evidence_ids=items, declared=EVERYTHING)
    marking.open_item(session, cast.actor("marguerite", session), submission.items[0])
    for item in submission.items[: count // 2]:
        desk.judged(session, cast, "marguerite", item, Outcome.MET, Outcome.MET)


def test_ten_times_as_many_items_take_hardly_more_statements(
    installation: Installation, crowded: dict[int, Path], tmp_path: Path
) -> None:
    counts = []
    harbour = harbour_of(installation, "ben", "amina")
    for count, who in ((FEW, "ben"), (MANY, "amina")):
        incoming = opened(crowded[count], tmp_path / str(count))
        matches = {incoming.portfolios[0].learner_uid: harbour.cast.email(who)}
        plan = harbour.plan(incoming, matches)
        statements: list[str] = []
        listener = lambda *given: statements.append(given[2])  # noqa: E731, B023
        event.listen(installation.database.engine, "before_cursor_execute", listener)
        harbour.bring_in(incoming, plan, by="", is_looked_through=False)
        event.remove(installation.database.engine, "before_cursor_execute", listener)
        counts.append(len(statements))
    few, many = counts
    assert many <= few + 15, counts
    assert harbour.faults() == []
