"""Who is told of what happens in a portfolio: the people concerned today, in the transaction of what happens."""

import pytest
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts import actions as accounts
from portfolio.accounts.rules import Role
from portfolio.assessment import marking, submitting, telling
from portfolio.assessment.choosing import move_unit
from portfolio.assessment.models import Submission
from portfolio.audit.events import System
from portfolio.centres.models import Centre
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import Duty
from portfolio.errors import Forbidden, Rejected
from portfolio.mapping.rules import Outcome
from portfolio.notices.rules import NoticeKind
from tests.assessment import signing
from tests.assessment.desk import allocate_row, give_role, handed_in_by, judged, opened, save
from tests.assessment.further import further_item
from tests.assessment.packs import changed_pack, load_changed
from tests.cast import Cast, add_file, hand_in, item
from tests.notices.told import forget_all, notices, said

SUBMITTED, FEEDBACK = NoticeKind.SUBMITTED, NoticeKind.FEEDBACK
COUNTERSIGN, COUNTERSIGNED = NoticeKind.COUNTERSIGN, NoticeKind.COUNTERSIGNED


@pytest.fixture
def quiet(session: Session, cast: Cast) -> Session:
    """A session in which nobody was told anything yet."""
    assert cast.people
    forget_all(session)
    return session


def test_the_cast_was_told_as_it_worked(session: Session, cast: Cast) -> None:
    """E001 was marked and E002 waits, so that nobody is told of E001 as work to mark."""
    assert said(session, cast, "marguerite") == [(SUBMITTED, {"refs": ["E002"]})]
    assert said(session, cast, "tobias") == [(SUBMITTED, {"refs": ["E002"]})]
    assert said(session, cast, "amina") == [(FEEDBACK, {"refs": ["E001"]})]
    for name in ("dafydd", "iris", "ewan", "ada", "ben"):
        assert said(session, cast, name) == []
    (notice,) = notices(session, cast, "amina")
    assert (notice.centre_id, notice.about_table) == (cast.homes["ada"], "enrolment")
    assert notice.about_id == cast.enrolments["amina"]


def test_handing_in_tells_those_who_assess_today(quiet: Session, cast: Cast) -> None:
    for name in ("iris", "oscar"):
        give_role(quiet, cast, name, Role.ASSESSOR)
        allocate_row(quiet, cast, name, "ben")
    allocate_row(quiet, cast, "dafydd", "ben", Duty.COUNTERSIGN)
    ended = allocate_row(quiet, cast, "tobias", "ben")
    ended.until = clock.today()
    forget_all(quiet)
    handed_in_by(quiet, cast, "ben", "A call", {"1.1": "Named."})
    for name in ("marguerite", "iris", "oscar"):
        assert said(quiet, cast, name) == [(SUBMITTED, {"refs": ["E001"]})]
    for name in ("tobias", "dafydd", "ben"):
        assert said(quiet, cast, name) == []


def test_an_assessor_of_one_unit_is_told_when_it_is_concerned(quiet: Session, cast: Cast) -> None:
    enrolment = quiet.get_one(Enrolment, cast.enrolments["ben"])
    other = quiet.get_one(Enrolment, cast.enrolments["amina"])
    allocate_row(quiet, cast, "tobias", "ben", unit_id=enrolment.units[0].id)
    allocate_row(quiet, cast, "dafydd", "ben", unit_id=other.units[0].id)
    handed_in_by(quiet, cast, "ben", "A call", {"1.1": "Named."})
    assert said(quiet, cast, "tobias") == [(SUBMITTED, {"refs": ["E001"]})]
    assert said(quiet, cast, "dafydd") == []


def test_an_assessor_of_one_unit_is_told_of_nothing_that_others_must_mark(quiet: Session, cast: Cast) -> None:
    """An item of two units waits for whoever has both; one that hands in two is told of the one that is theirs."""
    allocate_row(quiet, cast, "tobias", "ben")
    enrolment_id = cast.enrolments["ben"]
    unit_id = quiet.get_one(Enrolment, enrolment_id).units[0].id
    items = {"E001": {unit_id}, "E002": {unit_id, -1}}
    allocate_row(quiet, cast, "dafydd", "ben", unit_id=unit_id)
    told = telling.concerned(quiet, enrolment_id, Duty.ASSESS, items)
    whole = ["E001", "E002"]
    assert told == {cast.people["marguerite"]: whole, cast.people["tobias"]: whole, cast.people["dafydd"]: ["E001"]}
    assert telling.concerned(quiet, enrolment_id, Duty.ASSESS, {"E002": {unit_id, -1}}).keys() == {
        cast.people["marguerite"], cast.people["tobias"],
    }  # fmt: skip


def test_a_submission_that_is_refused_tells_nobody(quiet: Session, cast: Cast) -> None:
    letter = add_file(quiet, cast.installation, cast, "ben", "Unmapped", b"Dear Customer A.")
    with pytest.raises(Rejected):
        hand_in(quiet, cast, "ben", letter, letter.ref)
    assert said(quiet, cast, "marguerite") == []


def test_what_is_withdrawn_waits_no_longer(quiet: Session, cast: Cast) -> None:
    kept = handed_in_by(quiet, cast, "ben", "A call", {"1.1": "Named."})
    taken = handed_in_by(quiet, cast, "ben", "A letter", {"1.2": "Named."})
    assert said(quiet, cast, "marguerite") == [(SUBMITTED, {"refs": ["E001", "E002"]})]
    submitting.withdraw(quiet, cast.actor("ben", quiet), taken.submission)
    assert said(quiet, cast, "marguerite") == [(SUBMITTED, {"refs": ["E001"]})]
    submitting.withdraw(quiet, cast.actor("ben", quiet), quiet.get_one(Submission, kept.submission_id))
    assert said(quiet, cast, "marguerite") == []


def test_a_release_tells_the_learner_and_settles_the_work_for_every_assessor(quiet: Session, cast: Cast) -> None:
    for title in ("A call", "A letter"):
        handed_in_by(quiet, cast, "amina", title, {"1.3": "Named."})
    assert said(quiet, cast, "tobias") == [(SUBMITTED, {"refs": ["E005", "E006"]})]
    judged(quiet, cast, "marguerite", opened(quiet, cast, "marguerite", "amina E005"), Outcome.MET)
    assert said(quiet, cast, "amina") == [(FEEDBACK, {"refs": ["E005"]})]
    assert said(quiet, cast, "tobias") == [(SUBMITTED, {"refs": ["E006"]})]
    judged(quiet, cast, "marguerite", opened(quiet, cast, "marguerite", "amina E006"), Outcome.MET)
    assert said(quiet, cast, "amina") == [(FEEDBACK, {"refs": ["E005", "E006"]})]
    assert said(quiet, cast, "tobias") == said(quiet, cast, "marguerite") == []


def test_an_item_that_waits_twice_is_work_until_both_are_seen_to(quiet: Session, cast: Cast) -> None:
    """Further criteria of it were handed in: the one is decided, and then the other."""
    first, second = opened(quiet, cast, "marguerite"), further_item(quiet, cast, "amina E002", {"4.1": "It says so."})
    assert said(quiet, cast, "marguerite") == [(SUBMITTED, {"refs": ["E002"]})]
    judged(quiet, cast, "marguerite", first, Outcome.MET, Outcome.MET)
    assert said(quiet, cast, "marguerite") == said(quiet, cast, "tobias") == [(SUBMITTED, {"refs": ["E002"]})]
    marking.open_item(quiet, cast.actor("marguerite", quiet), second)
    judged(quiet, cast, "marguerite", second, Outcome.MET)
    assert said(quiet, cast, "marguerite") == said(quiet, cast, "tobias") == []


def test_further_criteria_that_are_taken_back_leave_the_item_that_waits(quiet: Session, cast: Cast) -> None:
    second = further_item(quiet, cast, "amina E002", {"4.1": "It says so."})
    amina = cast.actor("amina", quiet)
    submitting.withdraw(quiet, amina, second.submission)
    assert said(quiet, cast, "marguerite") == [(SUBMITTED, {"refs": ["E002"]})]
    submitting.withdraw(quiet, amina, quiet.get_one(Submission, cast.submissions["amina E002"]))
    assert said(quiet, cast, "marguerite") == []


def test_an_item_that_awaits_two_countersignatures_is_told_until_both_are_given(quiet: Session, cast: Cast) -> None:
    found = [opened(quiet, cast, "tobias"), further_item(quiet, cast, "amina E002", {"4.1": "It says so."})]
    marking.open_item(quiet, cast.actor("tobias", quiet), found[1])
    judged(quiet, cast, "tobias", found[0], Outcome.MET, Outcome.MET)
    judged(quiet, cast, "tobias", found[1], Outcome.MET)
    allocate_row(quiet, cast, "marguerite", "amina", Duty.COUNTERSIGN)
    for item_then, left in zip(found, ([(COUNTERSIGN, {"refs": ["E002"]})], []), strict=True):
        marking.countersign(quiet, cast.actor("dafydd", quiet), item_then)
        assert said(quiet, cast, "dafydd") == left


def test_opening_and_saving_tell_nobody(quiet: Session, cast: Cast) -> None:
    save(quiet, cast, "marguerite", opened(quiet, cast, "marguerite"), Outcome.MET, None)
    assert said(quiet, cast, "amina") == []


def test_a_trainees_release_tells_who_countersigns_and_not_the_learner(quiet: Session, cast: Cast) -> None:
    allocate_row(quiet, cast, "marguerite", "amina", Duty.COUNTERSIGN)
    found = opened(quiet, cast, "tobias")
    judged(quiet, cast, "tobias", found, Outcome.MET, Outcome.MET)
    assert said(quiet, cast, "amina") == []
    for name in ("dafydd", "marguerite"):
        assert said(quiet, cast, name) == [(COUNTERSIGN, {"refs": ["E002"]})]
    marking.countersign(quiet, cast.actor("dafydd", quiet), found)
    assert said(quiet, cast, "amina") == [(FEEDBACK, {"refs": ["E002"]})]
    assert said(quiet, cast, "tobias") == [(COUNTERSIGNED, {"refs": ["E002"]})]
    assert said(quiet, cast, "marguerite") == said(quiet, cast, "dafydd") == []


def test_a_countersigner_of_another_unit_is_not_told(quiet: Session, cast: Cast) -> None:
    other = quiet.get_one(Enrolment, cast.enrolments["ben"])
    allocate_row(quiet, cast, "marguerite", "amina", Duty.COUNTERSIGN, unit_id=other.units[0].id)
    judged(quiet, cast, "tobias", opened(quiet, cast, "tobias"), Outcome.MET, Outcome.MET)
    assert said(quiet, cast, "marguerite") == []
    assert item(quiet, cast, "amina E002").reviews


def invited(session: Session, cast: Cast, name: str, home: str, role: Role) -> int:
    """Somebody gets a role at the centre of somebody else; answers the person's id."""
    centre = session.get_one(Centre, cast.homes[home])
    row, _link = accounts.invite(session, System(), centre, email=f"{name}@example.org", name=name, role=role)
    return row.person_id


def test_a_role_in_a_further_centre_is_told_where_the_person_is_at_home(quiet: Session, cast: Cast) -> None:
    invited(quiet, cast, "marguerite", "odette", Role.ASSESSOR)
    (notice,) = notices(quiet, cast, "marguerite")
    assert (notice.kind, notice.facts) == (NoticeKind.INVITED, {})
    assert (notice.centre_id, notice.about_table) == (cast.homes["ada"], "membership")


def test_a_further_role_in_the_same_centre_is_told_there(quiet: Session, cast: Cast) -> None:
    invited(quiet, cast, "iris", "ada", Role.ASSESSOR)
    (notice,) = notices(quiet, cast, "iris")
    assert notice.centre_id == cast.homes["ada"]


def test_who_has_no_password_yet_gets_a_letter_alone(quiet: Session, cast: Cast) -> None:
    cast.people["nia"] = invited(quiet, cast, "nia", "ada", Role.LEARNER)
    invited(quiet, cast, "nia", "odette", Role.LEARNER)
    assert notices(quiet, cast, "nia") == []


def test_who_gives_themselves_a_role_is_not_told(quiet: Session, cast: Cast) -> None:
    ada = cast.actor("ada", quiet)
    accounts.invite(quiet, ada, quiet.get_one(Centre, cast.homes["ada"]), email=ada.email, name=ada.name, role=Role.IQA)
    assert notices(quiet, cast, "ada") == []


def test_a_unit_that_moves_to_newer_criteria_is_told_to_its_learner(quiet: Session, cast: Cast) -> None:
    enrolment = quiet.get_one(Enrolment, cast.enrolments["amina"])
    ada = cast.actor("ada", quiet)
    newer = load_changed(quiet, ada, enrolment, changed_pack(reworded=("1.1",)))
    move_unit(quiet, ada, enrolment.units[0], to=newer)
    (notice,) = notices(quiet, cast, "amina")
    assert (notice.kind, notice.facts) == (NoticeKind.CRITERIA, {"unit": enrolment.units[0].unit_code})
    assert (notice.about_table, notice.about_id) == ("enrolment_unit", enrolment.units[0].id)
    for name in ("ada", "marguerite"):
        assert said(quiet, cast, name) == []


def test_signing_off_and_opening_again_are_told_to_the_learner(quiet: Session, cast: Cast) -> None:
    unit = signing.all_met(quiet, cast)
    forget_all(quiet)
    with pytest.raises(Forbidden):
        signing.sign(quiet, cast, unit, by="tobias")
    assert said(quiet, cast, "ben") == []
    signing.sign(quiet, cast, unit)
    facts = {"unit": unit.unit_code}
    assert said(quiet, cast, "ben") == [(NoticeKind.SIGNED_OFF, facts)]
    signing.reopened(quiet, cast, unit)
    assert said(quiet, cast, "ben") == [(NoticeKind.SIGNED_OFF, facts), (NoticeKind.REOPENED, facts)]
    assert said(quiet, cast, "marguerite") == said(quiet, cast, "iris") == []
