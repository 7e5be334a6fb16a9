"""Signing in: what a right password needs, how many wrong ones there may be, and what ends a session."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from portfolio import clock
from portfolio.accounts import actions, queries, sign_in
from portfolio.accounts.models import Attempt, Membership, Person
from portfolio.accounts.passwords import Passwords
from portfolio.accounts.rules import LIMITS, AttemptKind, Role
from portfolio.audit.events import System
from portfolio.audit.models import AuditEvent
from portfolio.centres.actions import open_centre
from portfolio.centres.models import Centre
from portfolio.db import Database
from portfolio.errors import Rejected
from tests.accounts.town import NOON, Town
from tests.cast import PASSWORD

HOME = "192.0.2.7"


def attempt(town: Town, email: str = "lena@example.org", password: str = PASSWORD, address: str = HOME) -> int:
    """One try."""
    served = town.installation
    return sign_in.check(served.database, served.passwords, email=email, password=password, address=address)


def fail(town: Town, times: int, email: str = "lena@example.org", address: str = HOME) -> None:
    """Wrong tries that are looked at."""
    for _ in range(times):
        with pytest.raises(Rejected) as refusal:
            attempt(town, email, "wrong", address)
        assert refusal.value.message == sign_in.WRONG


def test_the_right_password_is_right_in_any_case_of_the_address(town: Town) -> None:
    """An address is one, however it is typed."""
    assert attempt(town) == town.lena
    assert attempt(town, " LENA@Example.org") == town.lena


@pytest.mark.parametrize("email", ["lena@example.org", "nobody@example.org", "new@example.org", ""])
def test_wrong_unknown_and_without_password_are_told_alike(town: Town, email: str) -> None:
    """Nobody learns who has an account."""
    with pytest.raises(Rejected) as refusal:
        attempt(town, email, "wrong")
    assert (refusal.value.message, refusal.value.field) == (sign_in.WRONG, None)


def test_a_disabled_person_is_told_the_same(town: Town) -> None:
    """Even with the right password."""
    with town.installation.database.writing() as session:
        actions.disable(session, System(), session.get_one(Person, town.lena), session.get_one(Centre, town.centre_id))
        session.commit()
    with pytest.raises(Rejected, match="not right"):
        attempt(town)


def test_five_failures_a_minute_then_even_the_right_password_is_refused(town: Town) -> None:
    """Goal A1; a minute later it goes on."""
    with clock.fixed(NOON):
        fail(town, 5)
        with pytest.raises(sign_in.TooManyTries):
            attempt(town)
        with pytest.raises(sign_in.TooManyTries):
            attempt(town, password="wrong")
        assert attempt(town, "ada@example.org") == town.ada, "another account gets in"
    with clock.fixed(NOON + timedelta(seconds=61)):
        assert attempt(town) == town.lena


def test_ten_failures_in_five_minutes_at_the_most(town: Town) -> None:
    """Spread over minutes, the longer limit holds."""
    with clock.fixed(NOON):
        fail(town, 5)
    with clock.fixed(NOON + timedelta(seconds=70)):
        fail(town, 5)
    with clock.fixed(NOON + timedelta(seconds=140)), pytest.raises(sign_in.TooManyTries):
        attempt(town)
    with clock.fixed(NOON + timedelta(seconds=301)):
        assert attempt(town) == town.lena


def test_an_unknown_account_is_limited_like_a_known_one(town: Town) -> None:
    """The limit gives nothing away either."""
    with clock.fixed(NOON):
        fail(town, 5, "nobody@example.org")
        with pytest.raises(sign_in.TooManyTries):
            attempt(town, "nobody@example.org")


def test_only_failures_count(town: Town) -> None:
    """Thirty right ones, and what was refused unlooked at, leave nothing behind."""
    with clock.fixed(NOON):
        for _ in range(30):
            attempt(town)
        fail(town, 5)
        for _ in range(20):
            with pytest.raises(sign_in.TooManyTries):
                attempt(town)
    with town.installation.database.reading() as session:
        count = session.scalar(select(func.count()).where(Attempt.kind == AttemptKind.ACCOUNT))
    assert count == 5


def test_an_address_has_its_own_limit_wide_enough_for_a_class(town: Town) -> None:
    """Thirty learners who err three times each get through; the ninety-first failure does not; elsewhere it goes on."""
    most = LIMITS[AttemptKind.ADDRESS][0].most
    assert most == 90
    with clock.fixed(NOON):
        with town.installation.database.writing() as session:
            session.add_all(Attempt(kind=AttemptKind.ADDRESS, subject=HOME, at=NOON) for _ in range(most - 1))
            session.commit()
        assert attempt(town) == town.lena
        fail(town, 1)
        with pytest.raises(sign_in.TooManyTries):
            attempt(town, "ada@example.org")
        assert attempt(town, "ada@example.org", address="192.0.2.8") == town.ada


def test_counters_hold_across_processes(town: Town) -> None:
    """They stand in the database, so a second process knows of the first one's guesses."""
    served = town.installation
    other = Database(served.settings.database_url, dict(served.database.info))
    with clock.fixed(NOON):
        for database in (served.database, other, served.database, other, served.database):
            with pytest.raises(Rejected, match="not right"):
                sign_in.check(database, served.passwords, email="lena@example.org", password="x", address=HOME)
        with pytest.raises(sign_in.TooManyTries):
            sign_in.check(other, served.passwords, email="lena@example.org", password=PASSWORD, address=HOME)
    other.close()


def test_old_guesses_are_swept(town: Town) -> None:
    """After a day nothing is left of them."""
    with clock.fixed(NOON):
        fail(town, 2)
    with clock.fixed(NOON + timedelta(days=2)):
        attempt(town)
    with town.installation.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_a_hash_of_older_settings_is_made_anew_at_the_right_password(town: Town) -> None:
    """Once, and told in the trail; sessions stay, and a wrong password changes nothing."""
    served, token = town.installation, begin(town, town.lena)
    stronger = Passwords(memory_kib=16, passes=1)

    def kept() -> tuple[str, int, int]:
        with served.database.reading() as session:
            lena = session.get_one(Person, town.lena)
            told = session.scalar(select(func.count()).where(AuditEvent.verb == "person.renew_hash"))
            return lena.password_hash, lena.epoch, told or 0

    def check(password: str) -> None:
        sign_in.check(served.database, stronger, email="lena@example.org", password=password, address=HOME)

    before = kept()
    with pytest.raises(Rejected):
        check("wrong")
    assert kept() == before
    for _ in range(2):
        check(PASSWORD)
        after = kept()
        assert not stronger.is_old(after[0])
        assert stronger.is_right(after[0], PASSWORD)
        assert after[1:] == (before[1], 1)
    assert is_in(town, token)


def begin(town: Town, person_id: int) -> str:
    """A session, as its token."""
    with town.installation.database.writing() as session:
        token = sign_in.begin(session, person_id)
        session.commit()
    return token


def is_in(town: Town, token: str, *, at: datetime | None = None) -> bool:
    """Whether a token is still good for anything."""
    with clock.fixed(at or clock.now()), town.installation.database.reading() as session:
        return queries.signed_in(session, actions.hash_token(token), hours=12) is not None


def change_password(town: Town) -> None:
    """Lena changes her password."""
    with town.installation.database.writing() as session:
        actions.change_password(
            session,
            town.actor(town.lena),
            town.installation.passwords,
            current=PASSWORD,
            new="new plum river lantern 7",
        )
        session.commit()


def use_reset(town: Town) -> None:
    """Lena uses a link for a new password."""
    with town.installation.database.writing() as session:
        found = actions.request_reset(session, "lena@example.org")
        assert found is not None
        actions.use_link(session, town.installation.passwords, found[1], password="new plum river lantern 7")
        session.commit()


def disable(town: Town) -> None:
    """Lena is disabled."""
    with town.installation.database.writing() as session:
        actions.disable(session, System(), session.get_one(Person, town.lena), session.get_one(Centre, town.centre_id))
        session.commit()


def withdraw(town: Town) -> None:
    """Lena's only role is withdrawn."""
    with town.installation.database.writing() as session:
        row = session.scalars(select(Membership).where(Membership.person_id == town.lena)).one()
        actions.withdraw_role(session, town.actor(town.ada), row)
        session.commit()


@pytest.mark.parametrize("change", [change_password, use_reset, disable, withdraw])
def test_a_session_is_over_at_the_next_request(town: Town, change: Callable[[Town], None]) -> None:
    """Goal A2: on every device at once. Other people stay signed in."""
    tokens = [begin(town, town.lena) for _ in range(3)]
    adas = begin(town, town.ada)
    assert all(is_in(town, token) for token in tokens)
    change(town)
    assert not any(is_in(town, token) for token in tokens)
    assert is_in(town, adas)


def test_signing_out_ends_one_session_for_good(town: Town) -> None:
    """The same cookie is worthless afterwards; the other device goes on."""
    here, there = begin(town, town.lena), begin(town, town.lena)
    with town.installation.database.writing() as session:
        sign_in.end(session, here)
        session.commit()
    assert (is_in(town, here), is_in(town, there)) == (False, True)


def test_a_session_is_over_after_its_hours(town: Town) -> None:
    """Twelve by default, however busy it was."""
    with clock.fixed(NOON):
        token = begin(town, town.lena)
    assert is_in(town, token, at=NOON + timedelta(hours=11, minutes=59))
    assert not is_in(town, token, at=NOON + timedelta(hours=12, seconds=1))


def test_without_a_role_nobody_begins(town: Town) -> None:
    """The password may be right, but there is nowhere to go."""
    withdraw(town)
    with town.installation.database.writing() as session, pytest.raises(Rejected, match="no role"):
        sign_in.begin(session, town.lena)


def test_a_session_is_in_one_of_the_persons_centres(town: Town) -> None:
    """The one asked for when there is a role in it, otherwise the first by name."""
    with town.installation.database.writing() as session:
        other = open_centre(session, System(), name="A Second College", number="2")
        strange = open_centre(session, System(), name="A Strange College", number="3")
        actions.invite(session, System(), other, email="lena@example.org", name="Lena", role=Role.ASSESSOR)
        asked = {other.id: other.id, town.centre_id: town.centre_id, strange.id: other.id, None: other.id}
        for centre_id, expected in asked.items():
            token = sign_in.begin(session, town.lena, centre_id=centre_id)
            actor = queries.signed_in(session, actions.hash_token(token), hours=12)
            assert actor is not None
            assert actor.centre_id == expected
            assert actor.roles == {Role.LEARNER if expected == town.centre_id else Role.ASSESSOR}
