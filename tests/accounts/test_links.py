"""One-use links: invitations and new passwords."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts import actions, queries
from portfolio.accounts.actions import hash_token
from portfolio.accounts.models import Person, Token
from portfolio.accounts.rules import Role, TokenKind
from portfolio.audit.events import System
from portfolio.audit.models import AuditEvent, AuditText
from portfolio.centres.actions import open_centre
from portfolio.centres.models import Centre
from portfolio.errors import InvalidState, NotFound, Rejected
from tests.accounts.town import NOON, Town
from tests.cast import PASSWORD

NEW = "seven quiet otters 88"


def use(session: Session, town: Town, link: str, password: str = NEW) -> Person:
    """Choose a password by a link."""
    return actions.use_link(session, town.installation.passwords, link, password=password)


def test_an_invitation_makes_a_person_who_chooses_a_password_once(town: Town, session: Session) -> None:
    """Name and address are kept tidy; the second use fails."""
    person = use(session, town, town.newcomer_link)
    assert (person.id, person.email, person.name) == (town.newcomer, "new@example.org", "Nora Newcomer")
    assert town.installation.passwords.is_right(person.password_hash, NEW)
    with pytest.raises(NotFound):
        use(session, town, town.newcomer_link)
    assert queries.link_row(session, hash_token(town.newcomer_link)) is None


@pytest.mark.parametrize(
    ("kind", "life"), [(TokenKind.INVITATION, timedelta(days=7)), (TokenKind.RESET, timedelta(hours=24))]
)
def test_a_link_lives_for_its_time(town: Town, session: Session, kind: TokenKind, life: timedelta) -> None:
    """Seven days for an invitation, a day for a new password."""
    email = "new@example.org" if kind is TokenKind.INVITATION else "lena@example.org"
    with clock.fixed(NOON):
        link = actions.new_link(session, System(), email=email)
    with clock.fixed(NOON + life - timedelta(seconds=1)):
        found = queries.link_row(session, hash_token(link))
        assert found is not None
        assert found.kind is kind
    with clock.fixed(NOON + life + timedelta(seconds=1)):
        assert queries.link_row(session, hash_token(link)) is None
        with pytest.raises(NotFound):
            use(session, town, link)


def test_a_link_dies_when_the_password_changes_another_way(town: Town, session: Session) -> None:
    """Two links out: the use of one ends the other."""
    first = actions.new_link(session, System(), email="lena@example.org")
    second = actions.new_link(session, System(), email="lena@example.org")
    use(session, town, first)
    with pytest.raises(NotFound):
        use(session, town, second)


def test_a_link_dies_with_the_account(town: Town, session: Session) -> None:
    """And none is made for a disabled person."""
    link = actions.new_link(session, System(), email="lena@example.org")
    actions.disable(session, System(), session.get_one(Person, town.lena), session.get_one(Centre, town.centre_id))
    assert queries.link_row(session, hash_token(link)) is None
    with pytest.raises(NotFound):
        use(session, town, link)
    with pytest.raises(NotFound):
        actions.new_link(session, System(), email="lena@example.org")
    assert actions.request_reset(session, "lena@example.org") is None


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: t + "A", str.swapcase, lambda _t: "", hash_token])
def test_an_altered_link_is_none(town: Town, session: Session, change: object) -> None:
    """Not even the hash that the database keeps opens anything."""
    altered = change(town.newcomer_link)  # type: ignore[operator]
    assert queries.link_row(session, hash_token(altered)) is None
    with pytest.raises(NotFound):
        use(session, town, altered)


def test_a_guessable_password_leaves_the_link_whole(town: Town, session: Session) -> None:
    """What is refused is not used up."""
    with pytest.raises(Rejected):
        use(session, town, town.newcomer_link, "password1234")
    assert use(session, town, town.newcomer_link).id == town.newcomer


def test_who_has_a_password_accepts_an_invitation_with_it(town: Town, session: Session) -> None:
    """The invitation of another centre changes neither password nor name, and lets nobody choose one."""
    other = open_centre(session, System(), name="Second College", number="2")
    _membership, link = actions.invite(
        session, System(), other, email="LENA@example.org", name="Someone Else", role=Role.ASSESSOR
    )
    found = queries.link_row(session, hash_token(link))
    assert found is not None
    assert (found.asks_for_password, found.centre_name, found.name) == (False, "Second College", "Lena")
    with pytest.raises(InvalidState):
        use(session, town, link)
    before = session.get_one(Person, town.lena).epoch
    person = actions.accept_invitation(session, link)
    assert (person.name, person.epoch) == ("Lena", before)
    assert town.installation.passwords.is_right(person.password_hash, PASSWORD)
    with pytest.raises(NotFound):
        actions.accept_invitation(session, link)


def test_who_has_no_password_must_choose_one(town: Town, session: Session) -> None:
    """Accepting alone would leave an account that nobody can sign in to."""
    with pytest.raises(InvalidState):
        actions.accept_invitation(session, town.newcomer_link)


@pytest.mark.usefixtures("town")
def test_the_command_line_gives_an_invitation_or_a_new_password(session: Session) -> None:
    """As it is needed; recorded in the centre's trail; nobody unknown gets one."""
    kinds = {}
    for email in ("new@example.org", " Lena@EXAMPLE.org"):
        found = queries.link_row(session, hash_token(actions.new_link(session, System(), email=email)))
        assert found is not None
        kinds[found.email] = found.kind
    assert kinds == {"new@example.org": TokenKind.INVITATION, "lena@example.org": TokenKind.RESET}
    assert "person.make_link" in session.scalars(select(AuditEvent.verb)).all()
    with pytest.raises(NotFound):
        actions.new_link(session, System(), email="nobody@example.org")


def test_a_reset_is_for_known_people_with_a_role(town: Town, session: Session) -> None:
    """Everybody else gets nothing, silently."""
    assert actions.request_reset(session, "nobody@example.org") is None
    found = actions.request_reset(session, "LENA@example.org ")
    assert found is not None
    assert found[0].id == town.lena


@pytest.mark.usefixtures("town")
def test_nobody_is_flooded_with_resets(session: Session) -> None:
    """Three in an hour for one account; others are not touched."""
    with clock.fixed(NOON):
        assert all(actions.request_reset(session, "lena@example.org") for _ in range(3))
        assert actions.request_reset(session, "lena@example.org") is None
        assert actions.request_reset(session, "ada@example.org") is not None
    with clock.fixed(NOON + timedelta(minutes=61)):
        assert actions.request_reset(session, "lena@example.org") is not None


def test_a_link_is_kept_as_a_hash_and_stays_out_of_the_trail(town: Town, session: Session) -> None:
    """Whoever reads the database or the trail cannot use it."""
    link = actions.new_link(session, System(), email="lena@example.org")
    kept = session.scalars(select(Token.hash)).all()
    assert hash_token(link) in kept
    assert link not in kept
    told = [str(text) for text in session.scalars(select(AuditText.text))]
    told += [f"{event.subject} {event.verb}" for event in session.scalars(select(AuditEvent))]
    assert not [words for words in told if link in words or town.newcomer_link in words or hash_token(link) in words]
