"""Roles given and ended on days, trainees who qualify, names, invitations once more, accounts disabled and enabled."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts import actions, managing, people_queries, queries
from portfolio.accounts.actors import Actor
from portfolio.accounts.models import Membership, Person
from portfolio.accounts.people_queries import PeopleOrder
from portfolio.accounts.rules import PersonState, Role
from portfolio.audit.events import System
from portfolio.audit.models import AuditEvent
from portfolio.audit.streams import words_in
from portfolio.centres.actions import open_centre
from portfolio.centres.models import Centre
from portfolio.errors import InvalidState, NotFound, Rejected
from tests.accounts.town import Town, join
from tests.cast import PASSWORD


@pytest.fixture
def centre(town: Town, session: Session) -> Centre:
    """The town's centre."""
    return session.get_one(Centre, town.centre_id)


def person(session: Session, person_id: int) -> Person:
    """Somebody of the town."""
    return session.get_one(Person, person_id)


def role_of(session: Session, person_id: int, role: Role) -> Membership:
    """Somebody's newest row in a role."""
    found = select(Membership).where(Membership.person_id == person_id, Membership.role == role)
    return session.scalars(found.order_by(Membership.id.desc())).first() or pytest.fail("no such role")


def seen(session: Session, town: Town, person_id: int) -> Actor | None:
    """The person as they are now."""
    return queries.actor(session, person_id=person_id, centre_id=town.centre_id)


def test_another_role_is_given_once(town: Town, session: Session, centre: Centre) -> None:
    """Beside the first one, from today; an event, and a notice for whoever has an account."""
    ada, lena = town.actor(town.ada), person(session, town.lena)
    managing.give_role(session, ada, lena, centre, role=Role.ASSESSOR, qualified=False)
    actor = seen(session, town, lena.id)
    assert actor is not None
    assert actor.roles == {Role.LEARNER, Role.ASSESSOR}
    assert actor.is_trainee
    assert words_in(session, centre.stream_id)[-1].text["qualified"] is False
    with pytest.raises(Rejected) as refusal:
        managing.give_role(session, ada, lena, centre, role=Role.ASSESSOR)
    assert refusal.value.field == "role"
    actions.withdraw_role(session, ada, role_of(session, lena.id, Role.ASSESSOR), on=clock.today() + timedelta(days=3))
    with pytest.raises(Rejected, match="It ends on"):
        managing.give_role(session, ada, lena, centre, role=Role.ASSESSOR)


def test_a_role_is_given_from_a_later_day(town: Town, session: Session, centre: Centre) -> None:
    """Before it begins it does nothing and is no second one; it may follow one that ends, and be taken back."""
    ada, lena, today = town.actor(town.ada), person(session, town.lena), clock.today()
    later, latest = today + timedelta(days=5), today + timedelta(days=9)
    with pytest.raises(Rejected) as refusal:
        managing.give_role(session, ada, lena, centre, role=Role.IQA, since=today - timedelta(days=1))
    assert refusal.value.field == "since"
    given = managing.give_role(session, ada, lena, centre, role=Role.IQA, since=later)
    assert words_in(session, centre.stream_id)[-1].text["since"] == later.isoformat()
    actor = seen(session, town, lena.id)
    assert actor is not None
    assert Role.IQA not in actor.roles
    assert [line.is_to_come for line in people_queries.roles_in(session, centre.id, lena.id)] == [False, True]
    for since in (today, later, latest):
        with pytest.raises(Rejected, match="gets the role of internal quality assurer on"):
            managing.give_role(session, ada, lena, centre, role=Role.IQA, since=since)
    with clock.fixed(clock.now() + timedelta(days=5)):
        actor = seen(session, town, lena.id)
        assert actor is not None
        assert Role.IQA in actor.roles
        actions.withdraw_role(session, ada, given, on=latest)
    assert managing.give_role(session, ada, lena, centre, role=Role.IQA, since=latest).since == latest


def test_a_role_that_is_to_come_is_taken_back(town: Town, session: Session, centre: Centre) -> None:
    """It never began; the one who runs the centre today may take a successor's back, and give it anew."""
    ada, lena, later = town.actor(town.ada), person(session, town.lena), clock.today() + timedelta(days=5)
    given = managing.give_role(session, ada, lena, centre, role=Role.ADMINISTRATOR, since=later)
    with pytest.raises(InvalidState, match="only centre administrator"):
        actions.withdraw_role(session, ada, role_of(session, town.ada, Role.ADMINISTRATOR))
    actions.withdraw_role(session, ada, given)
    assert not any(line.is_to_come for line in people_queries.roles_in(session, centre.id, lena.id))
    with clock.fixed(clock.now() + timedelta(days=6)):
        actor = seen(session, town, lena.id)
        assert actor is not None
        assert Role.ADMINISTRATOR not in actor.roles
    managing.give_role(session, ada, lena, centre, role=Role.ADMINISTRATOR)


def test_a_role_may_end_on_a_later_day(town: Town, session: Session) -> None:
    """Until then it is held, and another day can be set; it does not end in the past."""
    ada, row = town.actor(town.ada), role_of(session, town.lena, Role.LEARNER)
    later = clock.today() + timedelta(days=2)
    with pytest.raises(Rejected) as refusal:
        actions.withdraw_role(session, ada, row, on=clock.today() - timedelta(days=1))
    assert refusal.value.field == "on"
    actions.withdraw_role(session, ada, row, on=later)
    assert seen(session, town, town.lena) is not None
    with clock.fixed(clock.now() + timedelta(days=2)):
        assert seen(session, town, town.lena) is None
    actions.withdraw_role(session, ada, row)
    assert seen(session, town, town.lena) is None
    with pytest.raises(InvalidState):
        actions.withdraw_role(session, ada, row, on=later)


def test_somebody_keeps_running_the_centre(town: Town, session: Session, centre: Centre) -> None:
    """Not who has no password yet, whose role ends on a day, or whose account is disabled."""
    ada = town.actor(town.ada)
    own = role_of(session, town.ada, Role.ADMINISTRATOR)
    invited, _link = actions.invite(
        session, ada, centre, email="nobody@example.org", name="Nobody Yet", role=Role.ADMINISTRATOR
    )
    for end in (None, clock.today() + timedelta(days=30)):
        with pytest.raises(InvalidState, match="only centre administrator"):
            actions.withdraw_role(session, ada, own, on=end)
    with pytest.raises(InvalidState, match="only centre administrator"):
        actions.disable(session, ada, person(session, town.ada), centre)
    bea = join(session, town.installation, centre, "bea", Role.ADMINISTRATOR)
    actions.withdraw_role(session, ada, role_of(session, bea.id, Role.ADMINISTRATOR), on=clock.today() + timedelta(9))
    with pytest.raises(InvalidState, match="only centre administrator"):
        actions.withdraw_role(session, ada, own)
    cora = join(session, town.installation, centre, "cora", Role.ADMINISTRATOR)
    actions.disable(session, ada, cora, centre)
    with pytest.raises(InvalidState, match="only centre administrator"):
        actions.withdraw_role(session, ada, own)
    managing.enable(session, ada, cora, centre)
    actions.withdraw_role(session, ada, own)
    assert invited.until is None
    assert seen(session, town, town.ada) is None


def test_a_trainee_qualifies_on_a_day(town: Town, session: Session, centre: Centre) -> None:
    """History keeps both; the end that was set stays."""
    ada, lena = town.actor(town.ada), person(session, town.lena)
    row = managing.give_role(session, ada, lena, centre, role=Role.ASSESSOR, qualified=False)
    row.since, row.until = clock.today() - timedelta(days=20), clock.today() + timedelta(days=20)
    ends = row.until
    session.flush()
    on = clock.today() - timedelta(days=5)
    managing.change_standing(session, ada, row, qualified=True, on=on)
    actor = seen(session, town, lena.id)
    assert actor is not None
    assert actor.is_qualified
    assert (row.until, row.qualified) == (on, False)
    new = role_of(session, lena.id, Role.ASSESSOR)
    assert (new.since, new.until, new.qualified) == (on, ends, True)
    assert words_in(session, centre.stream_id)[-1].text == {"qualified": True, "on": on.isoformat()}
    managing.change_standing(session, ada, new, qualified=False, on=new.since)
    assert (new.qualified, role_of(session, lena.id, Role.ASSESSOR).id) == (False, new.id)


def test_standing_is_not_changed_to_anything(town: Town, session: Session, centre: Centre) -> None:
    """Only of an assessor, while that lasts, to something else, on a day with the role."""
    ada = town.actor(town.ada)
    today = clock.today()
    row = managing.give_role(session, ada, person(session, town.lena), centre, role=Role.ASSESSOR, qualified=False)
    with pytest.raises(InvalidState, match="Only assessors"):
        managing.change_standing(session, ada, role_of(session, town.lena, Role.LEARNER), qualified=False, on=today)
    with pytest.raises(InvalidState, match="so already"):
        managing.change_standing(session, ada, row, qualified=False, on=today)
    for day in (today - timedelta(days=1), today + timedelta(days=1)):
        with pytest.raises(Rejected) as refusal:
            managing.change_standing(session, ada, row, qualified=True, on=day)
        assert refusal.value.field == "on"
    actions.withdraw_role(session, ada, row)
    with pytest.raises(InvalidState, match="ended"):
        managing.change_standing(session, ada, row, qualified=True, on=today)


def test_somebody_mends_their_own_name(town: Town, session: Session, centre: Centre) -> None:
    """At every centre where they have a role; the trail of each tells of it, by them as they are there."""
    other = open_centre(session, System(), name="Other", number="2")
    assert join(session, town.installation, other, "ada", Role.IQA).id == town.ada
    was = person(session, town.ada).name
    with pytest.raises(InvalidState, match="another centre too"):
        managing.rename(session, town.actor(town.ada), person(session, town.ada), centre, name="Ada Byron")
    managing.rename_oneself(session, town.actor(town.ada), name=" Ada  Byron ")
    assert person(session, town.ada).name == "Ada Byron"
    for stream_id, role in ((centre.stream_id, "centre administrator"), (other.stream_id, "internal quality assurer")):
        assert words_in(session, stream_id)[-1].text == {"name": "Ada Byron", "was": was}
        event = session.scalars(select(AuditEvent).where(AuditEvent.stream_id == stream_id)).all()[-1]
        assert (event.verb, event.role) == ("person.rename", role)
    for wrong in ("Ada Byron", "  ", "x" * 201):
        with pytest.raises(Rejected) as refusal:
            managing.rename_oneself(session, town.actor(town.ada), name=wrong)
        assert refusal.value.field == "name"


@pytest.mark.parametrize("name", ["<b>Lena</b> O’Neill-Søndergård", "'; DROP TABLE person; --", "Ⅷ 佐藤 花子"])
def test_a_name_is_changed(town: Town, session: Session, centre: Centre, name: str) -> None:
    """Whatever it is made of; the trail keeps both."""
    lena = person(session, town.lena)
    was = lena.name
    managing.rename(session, town.actor(town.ada), lena, centre, name=f"  {name}  ")
    assert lena.name == name
    assert words_in(session, centre.stream_id)[-1].text == {"name": name, "was": was}


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "Lena"])
def test_a_name_is_not_changed_to_anything(town: Town, session: Session, centre: Centre, name: str) -> None:
    """Nothing, too much, or what it is."""
    with pytest.raises(Rejected) as refusal:
        managing.rename(session, town.actor(town.ada), person(session, town.lena), centre, name=name)
    assert refusal.value.field == "name"


def test_an_account_that_is_another_centres_too_is_not_changed_from_here(
    town: Town, session: Session, centre: Centre
) -> None:
    """Neither its name nor whether it works: only the roles here. The server's own command line still may."""
    ada, lena = town.actor(town.ada), person(session, town.lena)
    other = open_centre(session, System(), name="Second College", number="2")
    actions.invite(session, System(), other, email=lena.email, name="L", role=Role.LEARNER)
    with pytest.raises(InvalidState, match="another centre too"):
        managing.rename(session, ada, lena, centre, name="Somebody Else")
    with pytest.raises(InvalidState, match="another centre too"):
        actions.disable(session, ada, lena, centre)
    actions.disable(session, System(), lena, centre)
    with pytest.raises(InvalidState, match="another centre too"):
        managing.enable(session, ada, lena, centre)
    actions.withdraw_role(session, ada, role_of_here(session, lena, centre))


def role_of_here(session: Session, of: Person, centre: Centre) -> Membership:
    """Somebody's role at one of their centres."""
    found = select(Membership).where(Membership.person_id == of.id, Membership.centre_id == centre.id)
    return session.scalars(found).one()


def test_an_account_is_disabled_and_enabled_once(town: Town, session: Session, centre: Centre) -> None:
    """Sessions and links from before stay over; the password is as it was."""
    ada, lena = town.actor(town.ada), person(session, town.lena)
    kept, epoch = lena.password_hash, lena.epoch
    with pytest.raises(InvalidState, match="not disabled"):
        managing.enable(session, ada, lena, centre)
    actions.disable(session, ada, lena, centre)
    assert seen(session, town, lena.id) is None
    with pytest.raises(InvalidState, match="already"):
        actions.disable(session, ada, lena, centre)
    with pytest.raises(InvalidState, match="disabled"):
        managing.give_role(session, ada, lena, centre, role=Role.IQA)
    managing.enable(session, ada, lena, centre)
    assert seen(session, town, lena.id) is not None
    assert (lena.password_hash, lena.epoch) == (kept, epoch + 2)
    told = select(AuditEvent.verb).where(AuditEvent.stream_id == centre.stream_id).order_by(AuditEvent.seq.desc())
    assert list(session.scalars(told.limit(2))) == ["person.enable", "person.disable"]


def test_an_invitation_that_ran_out_is_sent_again(town: Town, session: Session, centre: Centre) -> None:
    """Only the newest link works, for its seven days."""
    ada, newcomer = town.actor(town.ada), person(session, town.newcomer)
    with clock.fixed(clock.now() + timedelta(days=8)):
        assert people_queries.invitation_of(session, centre.id, newcomer).works_until is None
        link = managing.invite_again(session, ada, newcomer, centre)
        assert people_queries.invitation_of(session, centre.id, newcomer).works_until is not None
        second = managing.invite_again(session, ada, newcomer, centre)
        for dead in (town.newcomer_link, link):
            with pytest.raises(NotFound):
                actions.token_of(session, dead)
        actions.use_link(session, town.installation.passwords, second, password=PASSWORD)
        with pytest.raises(InvalidState, match="no invitation"):
            managing.invite_again(session, ada, newcomer, centre)


def test_nobody_is_flooded_with_invitations(town: Town, session: Session, centre: Centre) -> None:
    """A few within an hour; then later again. Not for a disabled account either."""
    ada, newcomer = town.actor(town.ada), person(session, town.newcomer)
    for _ in range(managing.INVITATIONS_MOST):
        managing.invite_again(session, ada, newcomer, centre)
    with pytest.raises(InvalidState, match="last hour"):
        managing.invite_again(session, ada, newcomer, centre)
    with clock.fixed(clock.now() + timedelta(hours=2)):
        managing.invite_again(session, ada, newcomer, centre)
    actions.disable(session, ada, newcomer, centre)
    with pytest.raises(InvalidState, match="disabled"):
        managing.invite_again(session, ada, newcomer, centre)


def test_the_list_has_everybody_once_in_their_state(town: Town, session: Session, centre: Centre) -> None:
    """With all their roles; those without one today only when they are asked for."""
    ada, lena = town.actor(town.ada), person(session, town.lena)
    managing.give_role(session, ada, lena, centre, role=Role.IQA)
    gone = join(session, town.installation, centre, "gus", Role.LEARNER)
    actions.withdraw_role(session, ada, role_of(session, gone.id, Role.LEARNER))
    off = join(session, town.installation, centre, "olaf", Role.LEARNER)
    actions.disable(session, ada, off, centre)
    other = open_centre(session, System(), name="Second College", number="2")
    elsewhere = join(session, town.installation, other, "otto", Role.LEARNER)
    actions.invite(session, ada, centre, email=elsewhere.email, name="Otto", role=Role.LEARNER)

    def names(**asked: object) -> list[str]:
        return [row.name for row in people_queries.people(session, centre.id, **asked)]  # type: ignore[arg-type]

    assert names() == ["Ada", "Lena", "Nora Newcomer", "Olaf", "Otto"]
    assert names(order=PeopleOrder.NAME_BACKWARDS) == names()[::-1]
    assert names(order=PeopleOrder.NEWEST)[0] == "Otto"
    assert names(state=PersonState.ACTIVE) == ["Ada", "Lena"]
    assert names(state=PersonState.INVITED) == ["Nora Newcomer", "Otto"]
    assert names(state=PersonState.DISABLED) == ["Olaf"]
    assert names(state=PersonState.FORMER) == ["Gus"]
    assert names(role=Role.IQA) == ["Lena"]
    assert names(search="NORA") == ["Nora Newcomer"]
    assert names(offset=1, limit=2) == ["Lena", "Nora Newcomer"]
    lines = {row.name: row for row in people_queries.people(session, centre.id)}
    assert lines["Lena"].role_words == ["learner", "internal quality assurer"]
    assert {name: row.state for name, row in lines.items()} == {
        "Ada": PersonState.ACTIVE,
        "Lena": PersonState.ACTIVE,
        "Nora Newcomer": PersonState.INVITED,
        "Olaf": PersonState.DISABLED,
        "Otto": PersonState.INVITED,
    }
    assert people_queries.row_of(session, centre.id, gone).state is PersonState.FORMER
    assert people_queries.people(session, 999) == []


def test_the_roles_of_somebody_are_told_with_their_days(town: Town, session: Session, centre: Centre) -> None:
    """Those of today first."""
    ada, lena = town.actor(town.ada), person(session, town.lena)
    actions.withdraw_role(session, ada, role_of(session, lena.id, Role.LEARNER))
    managing.give_role(session, ada, lena, centre, role=Role.ASSESSOR, qualified=False)
    lines = people_queries.roles_in(session, centre.id, lena.id)
    assert [(line.role_word, line.is_open, line.until) for line in lines] == [
        ("trainee assessor", True, None),
        ("learner", False, clock.today()),
    ]
