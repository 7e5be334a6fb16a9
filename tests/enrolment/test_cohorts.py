"""Cohorts: opened, renamed, closed; who comes into one, and who may not; what the trails say."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.audit.events import System
from portfolio.audit.streams import words_in
from portfolio.centres.models import Centre
from portfolio.criteria.models import QualificationVersion
from portfolio.db import TOUCHED, Database
from portfolio.enrolment import actions, cohorts
from portfolio.enrolment.models import Cohort, Enrolment
from portfolio.enrolment.rules import EnrolmentState
from portfolio.errors import Conflict, InvalidState, Rejected
from tests.cast import Cast
from tests.enrolment.test_enrolling import harrow_dale, newcomer


def spring(session: Session, cast: Cast, name: str = "Spring 2027") -> Cohort:
    """A cohort of Harrow Dale."""
    ada = cast.actor("ada", session)
    return cohorts.open_cohort(session, ada, harrow_dale(session, cast), name=name, starts_on=date(2027, 3, 1))


def last_words(session: Session, stream_id: int) -> tuple[str, dict[str, object]]:
    """What a trail says last."""
    words = words_in(session, stream_id)[-1]
    return words.verb, words.text


def enrolment_of(session: Session, cast: Cast, name: str) -> Enrolment:
    """The enrolment of one of the cast."""
    return session.get_one(Enrolment, cast.enrolments[name])


def test_a_cohort_is_opened_in_the_centres_trail(cast: Cast, session: Session) -> None:
    """Spaces are made single; the first day may be left out."""
    cohort = spring(session, cast, "  Spring   2027 ")
    centre = harrow_dale(session, cast)
    assert (cohort.name, cohort.closed_on) == ("Spring 2027", None)
    assert last_words(session, centre.stream_id) == (
        "cohort.open",
        {"name": "Spring 2027", "starts_on": "2027-03-01"},
    )
    cohorts.open_cohort(session, System(), centre, name="No day")
    assert last_words(session, centre.stream_id)[1] == {"name": "No day", "starts_on": ""}
    session.commit()


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "spring 2027", "SPRING  2027"])
def test_a_name_is_given_short_and_the_only_one(cast: Cast, session: Session, name: str) -> None:
    """Whether a cohort is opened or renamed; its own name, written otherwise, is no other one's."""
    spring(session, cast)
    with pytest.raises(Rejected) as refusal:
        spring(session, cast, name)
    assert refusal.value.field == "name"
    autumn = spring(session, cast, "Autumn")
    with pytest.raises(Rejected) as refusal:
        cohorts.change_cohort(session, System(), autumn, name=name, starts_on=None)
    assert refusal.value.field == "name"
    cohorts.change_cohort(session, System(), autumn, name="AUTUMN", starts_on=None)
    assert autumn.name == "AUTUMN"


def test_two_centres_may_have_cohorts_of_one_name(cast: Cast, session: Session) -> None:
    """A name is the centre's own."""
    spring(session, cast)
    other = session.get_one(Centre, cast.homes["olga"])
    assert cohorts.open_cohort(session, System(), other, name="Spring 2027").centre_id == other.id


def test_a_change_says_what_was(cast: Cast, session: Session) -> None:
    """In one event; what changes nothing leaves no trace."""
    cohort = spring(session, cast)
    stream_id = harrow_dale(session, cast).stream_id
    cohorts.change_cohort(session, System(), cohort, name="Summer", starts_on=None, rev=cohort.rev)
    assert last_words(session, stream_id) == (
        "cohort.change",
        {"name": "Summer", "starts_on": "", "was": {"name": "Spring 2027", "starts_on": "2027-03-01"}},
    )
    count = len(words_in(session, stream_id))
    cohorts.change_cohort(session, System(), cohort, name=" Summer", starts_on=None)
    assert len(words_in(session, stream_id)) == count


def test_who_read_an_older_version_is_told_what_stands(cast: Cast, database: Database) -> None:
    """Both are shown by the page."""
    with database.writing() as session:
        cohort_id, rev = spring(session, cast).id, 1
        session.commit()
    with database.writing() as session:
        cohort = session.get_one(Cohort, cohort_id)
        cohorts.change_cohort(session, System(), cohort, name="Theirs", starts_on=None, rev=rev)
        session.commit()
    with database.writing() as session, pytest.raises(Conflict) as conflict:
        cohorts.change_cohort(
            session, System(), session.get_one(Cohort, cohort_id), name="Mine", starts_on=None, rev=rev
        )
    assert conflict.value.theirs == {"name": "Theirs", "starts_on": ""}


def test_a_closed_cohort_keeps_its_learners_and_takes_nobody(cast: Cast, session: Session) -> None:
    """It is not changed or closed again either."""
    cohort, amina, ben = spring(session, cast), enrolment_of(session, cast, "amina"), enrolment_of(session, cast, "ben")
    cohorts.put_in_cohort(session, System(), amina, cohort)
    cohorts.close_cohort(session, System(), cohort)
    assert cohort.closed_on == clock.today()
    assert last_words(session, harrow_dale(session, cast).stream_id) == ("cohort.close", {"name": "Spring 2027"})
    assert amina.cohort is cohort
    with pytest.raises(Rejected, match="closed") as refusal:
        cohorts.put_in_cohort(session, System(), ben, cohort)
    assert refusal.value.field == "cohort"
    with pytest.raises(InvalidState):
        cohorts.close_cohort(session, System(), cohort)
    with pytest.raises(InvalidState):
        cohorts.change_cohort(session, System(), cohort, name="Another", starts_on=None)


def test_a_learner_is_moved_from_cohort_to_cohort(cast: Cast, session: Session) -> None:
    """Into one, over to another, out of it: each says from where to where, and what is worked out is settled."""
    ada = cast.actor("ada", session)
    first, second, ben = spring(session, cast), spring(session, cast, "Autumn"), enrolment_of(session, cast, "ben")
    session.info.pop(TOUCHED, None)
    for cohort, was, now in ((first, "", "Spring 2027"), (second, "Spring 2027", "Autumn"), (None, "Autumn", "")):
        cohorts.put_in_cohort(session, ada, ben, cohort)
        assert ben.cohort is cohort
        assert last_words(session, ben.stream_id) == ("enrolment.cohort", {"cohort": now, "was": was})
    assert session.info[TOUCHED] == {ben.id}
    session.commit()


def test_a_move_to_where_one_is_goes_nowhere(cast: Cast, session: Session) -> None:
    """A form that is sent twice moves somebody once."""
    cohort, ben = spring(session, cast), enrolment_of(session, cast, "ben")
    with pytest.raises(Rejected, match="no cohort"):
        cohorts.put_in_cohort(session, System(), ben, None)
    cohorts.put_in_cohort(session, System(), ben, cohort)
    with pytest.raises(Rejected, match="already") as refusal:
        cohorts.put_in_cohort(session, System(), ben, cohort)
    assert refusal.value.field == "cohort"


def test_nobody_is_put_into_another_centres_cohort(cast: Cast, session: Session) -> None:
    """Whatever the address said."""
    other = cohorts.open_cohort(session, System(), session.get_one(Centre, cast.homes["olga"]), name="Theirs")
    with pytest.raises(Rejected, match="this centre") as refusal:
        cohorts.put_in_cohort(session, System(), enrolment_of(session, cast, "ben"), other)
    assert refusal.value.field == "cohort"


def test_who_is_over_is_not_moved(cast: Cast, session: Session) -> None:
    """A portfolio that is closed stays as it is."""
    cohort, ben = spring(session, cast), enrolment_of(session, cast, "ben")
    ben.state = EnrolmentState.COMPLETED
    with pytest.raises(InvalidState):
        cohorts.put_in_cohort(session, System(), ben, cohort)


def test_a_learner_is_enrolled_into_a_cohort(cast: Cast, session: Session) -> None:
    """At once, and the trail says into which; not into one that is closed."""
    cohort, centre = spring(session, cast), harrow_dale(session, cast)
    learner, qualification = newcomer(session, cast), session.scalars(select(QualificationVersion)).one()

    def enrolled() -> Enrolment:
        return actions.enrol(
            session, System(), centre, learner=learner, qualification=qualification,
            started_on=date(2026, 11, 22), cohort=cohort,
        )  # fmt: skip

    enrolment = enrolled()
    assert enrolment.cohort is cohort
    verb, said = last_words(session, enrolment.stream_id)
    assert (verb, said["cohort"]) == ("enrolment.enrol", "Spring 2027")
    enrolment.state = EnrolmentState.COMPLETED
    cohorts.close_cohort(session, System(), cohort)
    with pytest.raises(Rejected) as refusal:
        enrolled()
    assert refusal.value.field == "cohort"
