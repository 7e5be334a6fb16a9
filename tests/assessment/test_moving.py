"""Moving a unit to newer criteria: what was judged counts where the words are the same, and nowhere else."""

from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import proof
from portfolio.assessment import progress
from portfolio.assessment.choosing import move_unit
from portfolio.assessment.coverage_filters import Filters, Having, Scope
from portfolio.assessment.coverage_queries import unit_audit
from portfolio.assessment.learner_queries import claims_seen, decided_on
from portfolio.assessment.marking_queries import item_view
from portfolio.assessment.moving import Consequences, Touched, consequences
from portfolio.assessment.queries import coverage_of, tallies
from portfolio.audit.models import AuditEvent, AuditText
from portfolio.criteria.actions import load_pack, load_unit
from portfolio.criteria.models import UnitVersion
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.enrolment.queries import newer_units
from portfolio.enrolment.rules import EnrolmentState
from portfolio.errors import InvalidState, Rejected
from portfolio.evidence.models import Evidence
from portfolio.mapping import actions as mapping
from portfolio.mapping.coverage import State, Tally, tally_in
from portfolio.mapping.models import Claim
from portfolio.mapping.queries import mapped
from portfolio.mapping.rules import Outcome
from portfolio.policy.checks import visible
from portfolio.policy.permissions import Permission
from tests.assessment import desk, portfolios
from tests.assessment.packs import changed_pack, diploma, load_changed
from tests.cast import Cast, hand_in

UNIT = "HRCC"


def of(session: Session, cast: Cast, name: str = "amina") -> Enrolment:
    """Somebody's enrolment."""
    return session.get_one(Enrolment, cast.enrolments[name])


def standing(session: Session, enrolment: Enrolment) -> dict[str, State]:
    """Every criterion that is no gap, by code."""
    (unit,) = coverage_of(session, enrolment.id)
    return {c.criterion.code: c.standing.state for c in unit.criteria if c.standing.state is not State.GAP}


def newer(session: Session, cast: Cast, **changes: object) -> UnitVersion:
    """The changed unit, loaded for the centre."""
    pack = changed_pack(**changes)  # type: ignore[arg-type]
    return load_changed(session, cast.actor("ada", session), of(session, cast), pack)


def wording(unit: UnitVersion) -> dict[str, str]:
    """What its criteria say, by code."""
    return {criterion.code: criterion.text for criterion in unit.criteria}


def move(session: Session, cast: Cast, to: UnitVersion) -> Consequences:
    """Ada moves amina's unit there."""
    return move_unit(session, cast.actor("ada", session), of(session, cast).units[0], to=to)


def test_what_reads_the_same_goes_on_counting_and_what_does_not_is_open_again(cast: Cast, session: Session) -> None:
    enrolment = of(session, cast)
    before = standing(session, enrolment)
    assert before == {"1.1": State.MET, "1.2": State.MORE, "2.1": State.CLAIMED, "2.3": State.CLAIMED}
    total = coverage_of(session, enrolment.id)[0].tally.total
    found = move(session, cast, newer(session, cast, reworded=("1.1", "4.4"), added="4.99"))
    assert found.kept == (
        Touched("1.2", State.MORE, ("E001",)),
        Touched("2.1", State.CLAIMED, ("E002",)),
        Touched("2.3", State.CLAIMED, ("E002",)),
    )
    assert found.reopened == (Touched("1.1", State.MET, ("E001",)),)
    assert (found.waiting, found.carried, found.dropped) == ((), 1, ())
    after = standing(session, enrolment)
    assert after == {code: state for code, state in before.items() if code != "1.1"}
    assert tallies(session, [enrolment.id])[enrolment.id] == Tally(0, 1, 2, total + 1 - 3)


def test_going_back_makes_what_was_decided_count_again(cast: Cast, session: Session) -> None:
    """It is shown before, in the state that it has then, and told in the trail."""
    enrolment = of(session, cast)
    before, ada = standing(session, enrolment), cast.actor("ada", session)
    move(session, cast, newer(session, cast, reworded=("1.1", "4.4")))
    assert "1.1" not in standing(session, enrolment)
    load_pack(session, ada, changed_pack(), centre=enrolment.centre)
    back = newer_units(session, enrolment)[enrolment.units[0].id]
    found = move(session, cast, back)
    assert found.restored == (Touched("1.1", State.MET, ("E001",)),)
    assert (found.reopened, found.waiting) == ((), ())
    assert standing(session, enrolment) == before
    event = session.scalars(
        select(AuditEvent).where(AuditEvent.stream_id == enrolment.stream_id).order_by(AuditEvent.seq.desc()).limit(1)
    ).one()
    assert session.get_one(AuditText, event.id).text["restored"] == ["1.1"]
    assert newer_units(session, enrolment) == {}


def test_what_comes_back_is_what_the_move_shows(cast: Cast, session: Session) -> None:
    """For whatever changed before, and whatever changes with it."""
    random, enrolment = Random(7), of(session, cast, "ben")
    portfolios.fill(session, random, enrolment, cast.people["marguerite"])
    codes = [criterion.code for criterion in enrolment.units[0].unit.criteria]
    first, second = (tuple(sorted(random.sample(codes, 6))) for _ in range(2))
    at_first = standing(session, enrolment)
    enrolment.units[0].unit_version_id = newer(session, cast, reworded=first).id
    session.flush()
    session.expire_all()
    between = standing(session, enrolment)
    to = newer(session, cast, reworded=second)
    shown = {one.code: one.state for one in consequences(session, enrolment.units[0], wording(to)).restored}
    assert shown == {code: at_first[code] for code in first if code in at_first and code not in second}
    enrolment.units[0].unit_version_id = to.id
    session.flush()
    session.expire_all()
    after = standing(session, enrolment)
    assert {code: state for code, state in after.items() if code not in between} == shown


def test_another_qualification_with_other_words_changes_nothing_for_a_learner(cast: Cast, session: Session) -> None:
    """Neither does a unit that is loaded alone, while the learner's qualification offers it in full."""
    enrolment, ada = of(session, cast), cast.actor("ada", session)
    other = replace(changed_pack(reworded=("1.1",)), reference="OTHER", title="Another qualification")
    load_pack(session, ada, other, centre=enrolment.centre)
    load_unit(session, ada, changed_pack(reworded=("1.2",)).groups[0].units[0], centre=enrolment.centre)
    assert newer_units(session, enrolment) == {}


def test_a_centres_own_copy_does_not_hide_newer_criteria_for_everybody(cast: Cast, session: Session) -> None:
    """Which it has because another qualification of its own shares the unit."""
    enrolment, ada = of(session, cast), cast.actor("ada", session)
    load_pack(session, ada, replace(changed_pack(), reference="OTHER", title="Another"), centre=enrolment.centre)
    assert newer_units(session, enrolment) == {}
    site = load_pack(session, ada, changed_pack(reworded=("1.1",)))
    assert newer_units(session, enrolment) == {enrolment.units[0].id: site.units[0].unit}


def test_a_unit_that_is_no_longer_offered_goes_on_with_the_one_loaded_last(cast: Cast, session: Session) -> None:
    enrolment, ada = of(session, cast), cast.actor("ada", session)
    pack = diploma()
    without = replace(pack, reference=changed_pack().reference, groups=pack.groups[1:], credits_min=7, barred=())
    load_pack(session, ada, without, centre=enrolment.centre)
    assert newer_units(session, enrolment) == {}
    alone = load_unit(session, ada, changed_pack(reworded=("1.2",)).groups[0].units[0], centre=enrolment.centre)
    assert newer_units(session, enrolment) == {enrolment.units[0].id: alone}


def test_a_word_for_word_move_changes_no_standing(cast: Cast, session: Session) -> None:
    enrolment = of(session, cast)
    before = standing(session, enrolment)
    claims = [(c.id, c.criterion_id) for c in session.scalars(select(Claim).where(Claim.submission_id.is_not(None)))]
    assert move(session, cast, newer(session, cast, added="4.99")).reopened == ()
    assert standing(session, enrolment) == before
    session.expire_all()
    kept = [(c.id, c.criterion_id) for c in session.scalars(select(Claim).where(Claim.submission_id.is_not(None)))]
    assert kept == claims


def test_the_audit_agrees_with_the_unit_after_a_move(cast: Cast, session: Session) -> None:
    """Rows, sums and the filter by state are SQL of their own."""
    enrolment = of(session, cast)
    move(session, cast, newer(session, cast, reworded=("1.1",), gone=("4.4",)))
    (unit,) = coverage_of(session, enrolment.id)
    progress.settle(session)
    visible_to_ada = visible(cast.actor("ada", session), Permission.ENROLMENT_SEE)
    hers = Scope(enrolment.centre_id, visible_to_ada.where(Enrolment.id == enrolment.id))
    audit = unit_audit(session, hers, Filters(UNIT), limit=10)
    assert tally_in(audit.rows[0].letters) == audit.tally == unit.tally
    for state in State:
        shown = unit_audit(session, hers, Filters(UNIT, having=Having(state)), limit=10)
        assert shown.learners == (1 if getattr(unit.tally, state.value) else 0), state
    for scope in (Scope(enrolment.centre_id), Scope(enrolment.centre_id, visible_to_ada)):
        everybody = unit_audit(session, scope, Filters(UNIT), limit=10)
        assert everybody.tally == sum((tally_in(row.letters) for row in everybody.rows), Tally())
        amina, ben = (everybody.grid.places[row.version_uid] for row in everybody.rows)
        gone = [column.code for column in everybody.grid.columns].index("4.4")
        assert (gone in amina, gone in ben) == (False, True)


@pytest.mark.parametrize("seed", range(4))
def test_after_any_move_every_standing_is_as_before_or_open(cast: Cast, session: Session, seed: int) -> None:
    """Over random portfolios, and the same in rows, sums and filter; claims on what changed count nowhere."""
    random, everybody = Random(seed), [of(session, cast, name) for name in ("amina", "ben")]
    codes = [criterion.code for criterion in everybody[0].units[0].unit.criteria]
    changed = set(random.sample(codes, 5))
    to = newer(session, cast, reworded=tuple(sorted(changed)), added="4.99")
    for enrolment in everybody:
        portfolios.fill(session, random, enrolment, cast.people["marguerite"])
        before = standing(session, enrolment)
        enrolment.units[0].unit_version_id = to.id
        session.flush()
        session.expire_all()
        kept = {code: state for code, state in before.items() if code not in changed}
        assert standing(session, enrolment) == kept
    progress.put(session, [enrolment.id for enrolment in everybody])
    scope = Scope(everybody[0].centre_id, visible(cast.actor("ada", session), Permission.ENROLMENT_SEE))
    expected = tallies(session, [enrolment.id for enrolment in everybody])
    for state in (None, *State):
        chosen = {id_ for id_, tally in expected.items() if state is None or getattr(tally, state.value)}
        audit = unit_audit(session, scope, Filters(UNIT, having=Having(state) if state else None), limit=10)
        assert {row.enrolment_id: tally_in(row.letters) for row in audit.rows} == {id_: expected[id_] for id_ in chosen}
        assert audit.tally == sum((expected[id_] for id_ in chosen), Tally())


@pytest.mark.parametrize("change", [{"reworded": ("2.1",)}, {"gone": ("2.1",)}])
def test_a_unit_stays_while_a_decision_is_under_way_on_what_changes(
    cast: Cast, session: Session, change: dict[str, tuple[str, ...]]
) -> None:
    to = newer(session, cast, **change)
    unit = of(session, cast).units[0]
    assert consequences(session, unit, wording(to)).waiting == (Touched("2.1", State.CLAIMED, ("E002",)),)
    with pytest.raises(InvalidState, match=r"2\.1 \(E002\)"):
        move(session, cast, to)
    session.rollback()
    to = newer(session, cast, **change)
    handed = desk.opened(session, cast, "tobias")
    desk.judged(session, cast, "tobias", handed, Outcome.MET, Outcome.MET)
    with pytest.raises(InvalidState, match="under way"):
        move(session, cast, to)


def test_once_decided_it_may_be_moved(cast: Cast, session: Session) -> None:
    to = newer(session, cast, reworded=("2.1",))
    desk.judged(session, cast, "marguerite", desk.opened(session, cast, "marguerite"), Outcome.MET, Outcome.MET)
    assert [one.code for one in move(session, cast, to).reopened] == ["2.1"]
    assert standing(session, of(session, cast)) == {"1.1": State.MET, "1.2": State.MORE, "2.3": State.MET}


def test_what_waits_on_the_same_words_is_decided_after_the_move_and_counts(cast: Cast, session: Session) -> None:
    move(session, cast, newer(session, cast, reworded=("1.1",)))
    desk.judged(session, cast, "marguerite", desk.opened(session, cast, "marguerite"), Outcome.MET, Outcome.MET)
    assert standing(session, of(session, cast)) == {"1.2": State.MORE, "2.1": State.MET, "2.3": State.MET}


def test_drafts_go_along_and_can_be_changed_and_handed_in(cast: Cast, session: Session) -> None:
    draft = session.get_one(Evidence, cast.evidence["amina E003"])
    move(session, cast, newer(session, cast, reworded=("3.1",)))
    session.expire_all()
    (claim,) = session.scalars(select(Claim).where(Claim.evidence_version_id == draft.latest.id))
    assert claim.criterion.unit_version_id == of(session, cast).units[0].unit_version_id
    assert (claim.criterion.code, claim.annotation) == ("3.1", "I counted them.")
    wanted = mapping.Wanted(claim.enrolment_unit_id, claim.criterion_id, "I counted all of them.")
    assert mapping.map_to(session, cast.actor("amina", session), draft, wanted=[wanted]).count == 1
    hand_in(session, cast, "amina", draft, "E003")
    assert standing(session, of(session, cast))["3.1"] is State.CLAIMED


def test_a_draft_loses_its_mapping_to_what_is_gone(cast: Cast, session: Session) -> None:
    draft = session.get_one(Evidence, cast.evidence["amina E003"])
    assert move(session, cast, newer(session, cast, gone=("3.1",))).dropped == ("3.1",)
    assert mapped(session, [draft.latest.id])[draft.latest.id].codes == ()


def test_the_next_version_of_an_item_begins_on_the_present_criteria(cast: Cast, session: Session) -> None:
    """What the last version was told stands beside the same code, and the assessor is told what is new."""
    evidence, amina = session.get_one(Evidence, cast.evidence["amina E001"]), cast.actor("amina", session)
    move(session, cast, newer(session, cast, reworded=("1.1",), gone=("4.4",)))
    new = mapping.revise(session, amina, evidence)
    present = of(session, cast).units[0].unit_version_id
    claims = session.scalars(select(Claim).where(Claim.evidence_version_id == new.id)).all()
    assert {(claim.criterion.code, claim.criterion.unit_version_id) for claim in claims} == {
        ("1.1", present),
        ("1.2", present),
    }
    (old,) = [version for version in evidence.versions if version.no == 1]
    seen = {claim.code: claim for claim in claims_seen(session, old.id)}
    assert (seen["1.1"].stands, seen["1.2"].stands) == (False, True)
    assert {claim.criterion_id for claim in claims} == set(decided_on(session, old.id))
    submission = hand_in(session, cast, "amina", evidence, "E001 again")
    view = item_view(session, submission.items[0].id)
    assert [claim.earlier and claim.earlier.outcome for claim in view.claims] == [Outcome.MET, Outcome.INSUFFICIENT]
    assert [claim.news for claim in view.claims] == ["", ""]
    assert [claim.is_reworded for claim in view.claims] == [True, False]
    assert [one.is_reworded for one in view.earlier[0].decisions] == [True, False]
    assert view.changes == ("newer wording of 1.1",)


def test_a_claim_on_what_is_gone_is_left_behind_by_the_next_version(cast: Cast, session: Session) -> None:
    evidence = session.get_one(Evidence, cast.evidence["amina E001"])
    move(session, cast, newer(session, cast, gone=("1.1",)))
    new = mapping.revise(session, cast.actor("amina", session), evidence)
    assert mapped(session, [new.id])[new.id].codes == ("1.2",)


def test_the_proof_holds_after_a_move(cast: Cast, session: Session) -> None:
    move(session, cast, newer(session, cast, reworded=("1.1",), gone=("3.1",)))
    session.commit()
    assert proof.verify(cast.installation.database, cast.installation.store).faults == ()


def test_a_move_is_one_event(cast: Cast, session: Session) -> None:
    to, enrolment = newer(session, cast, reworded=("1.1",), gone=("3.1",)), of(session, cast)
    before = enrolment.units[0].unit.content_sha
    move(session, cast, to)
    events = session.scalars(
        select(AuditEvent).where(AuditEvent.stream_id == enrolment.stream_id).order_by(AuditEvent.seq.desc()).limit(2)
    ).all()
    assert [event.verb for event in events].count("enrolment.move_unit") == 1
    assert session.get_one(AuditText, events[0].id).text == {
        "unit": UNIT,
        "from": before,
        "to": to.content_sha,
        "reopened": ["1.1"],
        "restored": [],
        "dropped": ["3.1"],
    }
    assert newer_units(session, enrolment) == {}


def test_only_another_version_of_the_same_unit_will_do(cast: Cast, session: Session) -> None:
    unit, ada = of(session, cast).units[0], cast.actor("ada", session)
    with pytest.raises(Rejected, match="not another version"):
        move_unit(session, ada, unit, to=unit.unit)
    session.rollback()
    unit = of(session, cast).units[0]
    foreign = load_changed(
        session, cast.actor("odette", session), of(session, cast, "olga"), changed_pack(added="4.99")
    )
    with pytest.raises(Rejected, match="not another version"):
        move_unit(session, ada, unit, to=foreign)
    assert newer_units(session, of(session, cast)) == {}


def test_nothing_is_moved_once_the_enrolment_is_over(cast: Cast, session: Session) -> None:
    to, enrolment = newer(session, cast, added="4.99"), of(session, cast)
    enrolment.state = EnrolmentState.COMPLETED
    session.flush()
    with pytest.raises(InvalidState, match="over"):
        move(session, cast, to)


def test_nobody_else_is_moved(cast: Cast, session: Session) -> None:
    """Ben keeps the version that he began with."""
    pinned = of(session, cast, "ben").units[0].unit_version_id
    to = newer(session, cast, added="4.99")
    move(session, cast, to)
    session.expire_all()
    assert session.get_one(EnrolmentUnit, of(session, cast, "ben").units[0].id).unit_version_id == pinned
    assert newer_units(session, of(session, cast, "ben")) == {of(session, cast, "ben").units[0].id: to}
