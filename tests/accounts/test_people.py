"""Inviting, withdrawing, changing a password, and the list of people."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts import actions, queries
from portfolio.accounts.models import Membership, Person
from portfolio.accounts.rules import Role
from portfolio.audit.events import System
from portfolio.centres.actions import open_centre
from portfolio.centres.models import Centre
from portfolio.errors import InvalidState, Rejected
from tests.accounts.town import Town, join
from tests.cast import PASSWORD


def centre_of(session: Session, town: Town) -> Centre:
    """The town's centre."""
    return session.get_one(Centre, town.centre_id)


def role_of(session: Session, person_id: int) -> Membership:
    """Somebody's only membership."""
    return session.scalars(select(Membership).where(Membership.person_id == person_id)).one()


@pytest.mark.parametrize(
    ("email", "name", "field"), [("no address", "Nora", "email"), ("nora@example.org", "  ", "name")]
)
def test_an_invitation_needs_a_name_and_an_address(
    town: Town, session: Session, email: str, name: str, field: str
) -> None:
    """The fault is told on its field."""
    with pytest.raises(Rejected) as refusal:
        actions.invite(session, System(), centre_of(session, town), email=email, name=name, role=Role.LEARNER)
    assert refusal.value.field == field


def test_a_role_is_given_once_and_another_one_beside_it(town: Town, session: Session) -> None:
    """One open row for each person, centre and role."""
    centre = centre_of(session, town)
    with pytest.raises(Rejected, match="already"):
        actions.invite(session, System(), centre, email="LENA@example.org", name="L", role=Role.LEARNER)
    actions.invite(session, System(), centre, email="lena@example.org", name="L", role=Role.ASSESSOR, qualified=False)
    actor = queries.actor(session, person_id=town.lena, centre_id=town.centre_id)
    assert actor is not None
    assert actor.roles == {Role.LEARNER, Role.ASSESSOR}
    assert actor.role_label == "Learner, trainee assessor"


def test_a_withdrawn_role_can_be_given_again(town: Town, session: Session) -> None:
    """Such as when a trainee has qualified; history keeps both rows."""
    ada = town.actor(town.ada)
    actions.withdraw_role(session, ada, role_of(session, town.lena))
    assert queries.actor(session, person_id=town.lena, centre_id=town.centre_id) is None
    actions.invite(session, ada, centre_of(session, town), email="lena@example.org", name="L", role=Role.LEARNER)
    assert queries.actor(session, person_id=town.lena, centre_id=town.centre_id) is not None
    assert len(session.scalars(select(Membership).where(Membership.person_id == town.lena)).all()) == 2


def test_a_role_is_withdrawn_once(town: Town, session: Session) -> None:
    """The second time there is nothing left to end."""
    row = role_of(session, town.lena)
    actions.withdraw_role(session, town.actor(town.ada), row)
    with pytest.raises(InvalidState):
        actions.withdraw_role(session, town.actor(town.ada), row)


def test_a_centre_keeps_an_administrator(town: Town, session: Session) -> None:
    """The last one cannot be withdrawn; one of two can."""
    ada = town.actor(town.ada)
    with pytest.raises(InvalidState, match="only centre administrator"):
        actions.withdraw_role(session, ada, role_of(session, town.ada))
    join(session, town.installation, centre_of(session, town), "bea", Role.ADMINISTRATOR)
    actions.withdraw_role(session, ada, role_of(session, town.ada))


@pytest.mark.parametrize(
    ("current", "new", "field"),
    [
        ("wrong", "seven quiet otters 88", "current"),
        (PASSWORD, PASSWORD, "password"),
        (PASSWORD, "password1234", "password"),
    ],
)
def test_a_password_is_not_changed_to_anything(
    town: Town, session: Session, current: str, new: str, field: str
) -> None:
    """The present one must be right, the new one new and hard to guess."""
    with pytest.raises(Rejected) as refusal:
        actions.change_password(session, town.actor(town.lena), town.installation.passwords, current=current, new=new)
    assert refusal.value.field == field


def test_the_list_knows_state_role_and_centre(town: Town, session: Session) -> None:
    """By name; a newcomer is invited, everybody else is not; other centres are another list."""
    other = open_centre(session, System(), name="Second College", number="2")
    join(session, town.installation, other, "otto", Role.LEARNER)
    rows = queries.members(session, town.centre_id)
    assert [(row.name, row.role_word, row.is_invited) for row in rows] == [
        ("Ada", "centre administrator", False),
        ("Lena", "learner", False),
        ("Nora Newcomer", "learner", True),
    ]
    assert len(queries.members(session)) == 4


def test_the_list_does_not_tell_that_an_account_was_there(town: Town, session: Session) -> None:
    """Until the invitation is taken up, somebody with a password looks like somebody without."""
    other = open_centre(session, System(), name="Second College", number="2")
    _row, link = actions.invite(session, System(), other, email="lena@example.org", name="L", role=Role.LEARNER)
    actions.invite(session, System(), other, email="stranger@example.org", name="S", role=Role.LEARNER)
    assert [row.is_invited for row in queries.members(session, other.id)] == [True, True]
    assert [row.is_invited for row in queries.members(session, town.centre_id, search="lena")] == [False]
    actions.accept_invitation(session, link)
    assert [row.is_invited for row in queries.members(session, other.id)] == [False, True]


def test_the_list_is_filtered_searched_and_cut(town: Town, session: Session) -> None:
    """Search finds parts of names and addresses, folds case, and takes signs of LIKE as they are."""
    centre = centre_of(session, town)
    for name in ("Élodie Ångström", "Per_cent 100%"):
        actions.invite(
            session, System(), centre, email=f"{name[:3].lower().strip()}x@example.org", name=name,
            role=Role.ASSESSOR, qualified=False,
        )  # fmt: skip

    def found(**asked: object) -> list[str]:
        return [row.name for row in queries.members(session, town.centre_id, **asked)]  # type: ignore[arg-type]

    assert found(search="NEW") == ["Nora Newcomer"]
    assert found(search="lena@ex") == ["Lena"]
    assert found(search="élodie") == ["Élodie Ångström"]
    assert found(search="%") == ["Per_cent 100%"]
    assert found(search="_") == ["Per_cent 100%"]
    assert found(role=Role.ASSESSOR, qualified=True) == []
    assert len(found(role=Role.ASSESSOR, qualified=False)) == 2
    assert found(offset=1, limit=2) == found()[1:3]


def test_who_can_be_chosen_is_enabled_and_has_the_role(town: Town, session: Session) -> None:
    """A disabled person is not offered, a person of another centre does not exist."""
    centre = centre_of(session, town)
    assert [row.person_id for row in queries.people_with(session, centre.id, Role.LEARNER)] == [
        town.lena,
        town.newcomer,
    ]
    actions.disable(session, System(), session.get_one(Person, town.lena), centre)
    assert [row.person_id for row in queries.people_with(session, centre.id, Role.LEARNER)] == [town.newcomer]
    other = open_centre(session, System(), name="Second College", number="2")
    assert queries.person_in(session, other.id, town.ada) is None
    assert queries.person_in(session, centre.id, town.ada) is not None
    assert queries.membership_in(session, other.id, role_of(session, town.ada).id) is None


def test_a_role_ends_by_the_date_in_the_united_kingdom(town: Town, session: Session) -> None:
    """In summer the day there begins an hour before midnight in UTC."""
    with clock.fixed(datetime(2027, 6, 30, 23, 30, tzinfo=UTC)):
        actions.withdraw_role(session, town.actor(town.ada), role_of(session, town.lena))
        assert role_of(session, town.lena).until == datetime(2027, 7, 1, tzinfo=UTC).date()
        assert queries.actor(session, person_id=town.lena, centre_id=town.centre_id) is None
