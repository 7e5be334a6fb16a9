"""The second step of signing in: what is asked for, what is kept of it, what works once, and who may take it off."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts import actions, queries, second_factor, sign_in
from portfolio.accounts.actors import Actor
from portfolio.accounts.models import Attempt, Person, SecondFactor, SignInSession, UsedCode
from portfolio.accounts.rules import PENDING_LIFE, SETTING_UP_LIFE, AttemptKind, Role
from portfolio.accounts.sealing import Seal
from portfolio.accounts.second_factor import Standing, standing
from portfolio.audit.events import System
from portfolio.audit.models import AuditEvent, AuditText
from portfolio.centres.actions import open_centre
from portfolio.centres.models import Centre
from portfolio.db import Database
from portfolio.errors import InvalidState, NotFound, Rejected
from portfolio.notices.models import Notice
from portfolio.notices.rules import NoticeKind
from tests.accounts.steps import App, set_up
from tests.accounts.town import NOON, Town, join
from tests.cast import PASSWORD

HALF_MINUTE = timedelta(seconds=30)
HOME = "192.0.2.7"


def committed(town: Town, person_id: int) -> App:
    """Somebody has set up a second step."""
    with town.installation.database.writing() as session:
        app = set_up(session, town.actor(person_id))
        session.commit()
    return app


def waiting(town: Town, person_id: int) -> sign_in.Awaited:
    """Somebody has given their password, and their second step is waited for."""
    with town.installation.database.reading() as session:
        pending = sign_in.pend(session, person_id, centre_id=None)
        assert pending is not None
        found = sign_in.awaited(session, pending.packed())
    assert found is not None
    return found


def give(town: Town, code: str, *, is_recovery: bool = False, person_id: int | None = None) -> None:
    """The second step."""
    who = waiting(town, person_id or town.lena)
    sign_in.check_code(town.installation.database, who, code=code, address=HOME, is_recovery=is_recovery)


def test_it_is_asked_for_once_a_code_was_given(town: Town, session: Session) -> None:
    lena = town.actor(town.lena)
    assert standing(session, lena.person_id) == Standing()
    second_factor.begin(session, lena)
    begun = standing(session, lena.person_id)
    assert begun.uri.startswith("otpauth://totp/NVQ%20Portfolio:lena%40example.org?secret=")
    assert begun.key in begun.uri
    assert not second_factor.is_asked_for(session, lena.person_id)
    with pytest.raises(Rejected) as refusal:
        second_factor.confirm(session, lena, "000000")
    assert refusal.value.field == "code"
    codes = second_factor.confirm(session, lena, App(begun.key).code())
    assert second_factor.is_asked_for(session, lena.person_id)
    done = standing(session, lena.person_id)
    assert (done.recovery_left, done.key, done.uri) == (10, "", "")
    assert len({*codes}) == 10
    assert all(len(code) == 14 for code in codes)
    for again in (second_factor.begin, lambda s, a: second_factor.confirm(s, a, "000000")):
        with pytest.raises(InvalidState):
            again(session, lena)


def test_what_was_not_finished_in_time_is_begun_again(town: Town, session: Session) -> None:
    lena = town.actor(town.lena)
    with pytest.raises(InvalidState):
        second_factor.confirm(session, lena, "123456")
    with clock.fixed(NOON):
        second_factor.begin(session, lena)
        first = standing(session, lena.person_id).key
    with clock.fixed(NOON + SETTING_UP_LIFE):
        assert standing(session, lena.person_id).key == ""
        with pytest.raises(InvalidState):
            second_factor.confirm(session, lena, App(first).code())
        second_factor.begin(session, lena)
        assert standing(session, lena.person_id).key not in {"", first}


def test_a_code_works_once_and_a_half_minute_to_both_sides(town: Town) -> None:
    with clock.fixed(NOON):
        app = committed(town, town.lena)
        with pytest.raises(Rejected):
            give(town, app.code())
    with clock.fixed(NOON + 4 * HALF_MINUTE):
        for later in (-2, 2):
            with pytest.raises(Rejected):
                give(town, app.code(later=later))
        code = app.code()
        give(town, f" {code[:3]} {code[3:]} ")
        with pytest.raises(Rejected):
            give(town, code)
        give(town, app.code(later=-1))
        give(town, app.code(later=1))
    with clock.fixed(NOON + 5 * HALF_MINUTE), pytest.raises(Rejected):
        give(town, app.code())


def test_the_database_keeps_a_code_from_working_twice(town: Town, session: Session) -> None:
    session.add(UsedCode(person_id=town.lena, step=1))
    session.flush()
    session.add(UsedCode(person_id=town.lena, step=1))
    with pytest.raises(IntegrityError):
        session.flush()


def test_codes_that_are_long_over_are_forgotten(town: Town) -> None:
    with clock.fixed(NOON):
        app = committed(town, town.lena)
    with clock.fixed(NOON + 10 * HALF_MINUTE):
        give(town, app.code())
    with town.installation.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(UsedCode)) == 1


NO_CODES = ["", "12345", "1234567", "abcdef", "\uff11\uff12\uff13\uff14\uff15\uff16", "-12345", "12345\x00"]


@pytest.mark.parametrize("code", NO_CODES)
def test_what_is_no_code_is_wrong(town: Town, code: str) -> None:
    committed(town, town.lena)
    with pytest.raises(Rejected):
        give(town, code)


def test_a_recovery_code_works_once_however_it_is_typed(town: Town) -> None:
    app = committed(town, town.lena)
    give(town, f" {app.recovery[3].upper().replace('-', ' ')} ", is_recovery=True)
    for wrong in (app.recovery[3], app.code(later=1), "", "abcd-efgh-jkmn"):
        with pytest.raises(Rejected):
            give(town, wrong, is_recovery=True)
    with town.installation.database.reading() as session:
        assert standing(session, town.lena).recovery_left == 9
        told = session.scalars(select(Notice).where(Notice.kind == NoticeKind.SECOND_FACTOR)).one()
        assert (told.person_id, told.facts) == (town.lena, {"what": ["recovery"]})


def test_nobody_elses_codes_work(town: Town) -> None:
    with clock.fixed(NOON):
        committed(town, town.lena)
        adas = committed(town, town.ada)
    with clock.fixed(NOON + 4 * HALF_MINUTE):
        with pytest.raises(Rejected):
            give(town, adas.code())
        with pytest.raises(Rejected):
            give(town, adas.recovery[0], is_recovery=True)
        give(town, adas.code(), person_id=town.ada)


def test_new_recovery_codes_end_the_old_ones(town: Town, session: Session) -> None:
    lena = town.actor(town.lena)
    with pytest.raises(InvalidState):
        second_factor.renew_recovery(session, lena)
    app = set_up(session, lena)
    fresh = second_factor.renew_recovery(session, lena)
    assert not set(fresh) & set(app.recovery)
    assert not second_factor.take_recovery(session, town.lena, app.recovery[0])
    assert second_factor.take_recovery(session, town.lena, fresh[0])


def test_without_one_nothing_is_taken(town: Town, session: Session) -> None:
    assert not second_factor.take_code(session, town.lena, "123456")
    assert not second_factor.take_recovery(session, town.lena, "abcd-efgh-jkmn")
    with pytest.raises(InvalidState):
        second_factor.give_up(session, town.actor(town.lena))


def begin_session(session: Session, person_id: int) -> str:
    """The hash of a new session's token."""
    return actions.hash_token(sign_in.begin(session, person_id))


def change_set_up(session: Session, lena: Actor) -> None:
    """It is set up."""
    set_up(session, lena)


def change_give_up(session: Session, lena: Actor) -> None:
    """It is given up."""
    second_factor.give_up(session, lena)


def change_reset(session: Session, lena: Actor) -> None:
    """It is taken off."""
    second_factor.reset_by_email(session, System(), lena.email)


@pytest.mark.parametrize("change", [change_set_up, change_give_up, change_reset])
def test_every_session_ends_when_it_changes(
    town: Town, session: Session, change: Callable[[Session, Actor], None]
) -> None:
    lena = town.actor(town.lena)
    if change is not change_set_up:
        set_up(session, lena)
    hashes, adas = [begin_session(session, town.lena) for _ in range(3)], begin_session(session, town.ada)
    change(session, lena)
    assert not set(hashes) & set(session.scalars(select(SignInSession.hash)))
    assert queries.signed_in(session, adas, hours=12) is not None


def test_an_administrator_takes_it_off_people_of_the_centre_alone(town: Town, session: Session) -> None:
    ada, centre = town.actor(town.ada), session.get_one(Centre, town.centre_id)
    lena = session.get_one(Person, town.lena)
    with pytest.raises(InvalidState, match="no second step"):
        second_factor.reset(session, ada, lena, centre)
    set_up(session, town.actor(town.lena))
    set_up(session, ada)
    assert second_factor.may_reset(session, ada, town.lena)
    assert not second_factor.may_reset(session, ada, town.ada)
    assert not second_factor.may_reset(session, ada, town.newcomer)
    with pytest.raises(InvalidState, match="your own"):
        second_factor.reset(session, ada, session.get_one(Person, town.ada), centre)
    other = open_centre(session, System(), name="Second College", number="2")
    actions.invite(session, System(), other, email="lena@example.org", name="Lena", role=Role.LEARNER)
    assert not second_factor.may_reset(session, ada, town.lena)
    with pytest.raises(InvalidState, match="another centre"):
        second_factor.reset(session, ada, lena, centre)
    second_factor.reset(session, System(), lena, centre)
    assert not second_factor.is_asked_for(session, town.lena)
    told = session.scalars(select(Notice).where(Notice.kind == NoticeKind.SECOND_FACTOR)).one()
    assert (told.person_id, told.facts) == (town.lena, {"what": ["reset"]})


def test_the_command_line_finds_who_it_is_by_the_address(town: Town, session: Session) -> None:
    with pytest.raises(NotFound):
        second_factor.reset_by_email(session, System(), "nobody@example.org")
    with pytest.raises(InvalidState):
        second_factor.reset_by_email(session, System(), "lena@example.org")
    set_up(session, town.actor(town.lena))
    second_factor.reset_by_email(session, System(), " LENA@example.org")
    assert standing(session, town.lena) == Standing()


def test_every_change_is_in_the_trail_and_no_secret_is_anywhere(town: Town, session: Session) -> None:
    """Neither in the trail nor in the database as it lies on the disk."""
    lena = town.actor(town.lena)
    app = set_up(session, lena)
    fresh = second_factor.renew_recovery(session, lena)
    assert second_factor.take_recovery(session, town.lena, fresh[0])
    second_factor.reset_by_email(session, System(), lena.email)
    again = set_up(session, lena)
    second_factor.give_up(session, lena)
    last = set_up(session, lena)
    verbs = [verb for verb in session.scalars(select(AuditEvent.verb).order_by(AuditEvent.id)) if "_factor" in verb]
    assert [verb.removeprefix("person.") for verb in verbs] == [
        "begin_second_factor",
        "set_up_second_factor",
        "reset_second_factor",
        "begin_second_factor",
        "set_up_second_factor",
        "give_up_second_factor",
        "begin_second_factor",
        "set_up_second_factor",
    ]
    others = session.scalars(select(AuditEvent.verb).where(AuditEvent.verb.contains("recovery")))
    assert set(others) == {"person.renew_recovery_codes", "person.use_recovery_code"}
    kept = [row._mapping for table in ("audit_event", "audit_text", "second_factor", "used_code", "notice")
            for row in session.execute(text(f"SELECT * FROM {table}"))]  # fmt: skip
    said = json.dumps([{name: str(value) for name, value in row.items()} for row in kept])
    secrets = {app.key, again.key, last.key, *app.recovery, *fresh, *last.recovery}
    bare = {secret.replace("-", "") for secret in secrets}
    assert [secret for secret in secrets | bare if secret in said] == []
    assert session.scalar(select(func.count()).select_from(AuditText)) is not None


def test_without_its_key_a_secret_makes_no_codes(town: Town, session: Session) -> None:
    """Whoever has the database alone has nothing; and what was lost with the key can be taken off."""
    app = set_up(session, town.actor(town.lena))
    session.info["seal"] = Seal(town.installation.settings.home / "elsewhere" / "factors")
    assert not second_factor.take_code(session, town.lena, app.code(later=1))
    assert not second_factor.take_recovery(session, town.lena, app.recovery[0])
    second_factor.reset_by_email(session, System(), "lena@example.org")
    assert not second_factor.is_asked_for(session, town.lena)


def test_a_sealed_secret_is_one_persons(town: Town, session: Session) -> None:
    """Put into another person's row, it makes no codes there."""
    app = set_up(session, town.actor(town.lena))
    set_up(session, town.actor(town.ada))
    session.get_one(SecondFactor, town.ada).secret = session.get_one(SecondFactor, town.lena).secret
    session.flush()
    assert not second_factor.take_code(session, town.ada, app.code(later=1))


# The pending sign-in


def test_a_password_alone_is_enough_where_nothing_is_set_up(town: Town, session: Session) -> None:
    assert sign_in.pend(session, town.lena, centre_id=None) is None


def test_a_pending_sign_in_is_good_for_minutes_and_for_the_person_as_they_were(town: Town, session: Session) -> None:
    with clock.fixed(NOON):
        set_up(session, town.actor(town.lena))
        pending = sign_in.pend(session, town.lena, centre_id=town.centre_id)
        assert pending is not None
        packed = json.loads(json.dumps(pending.packed()))
        found = sign_in.awaited(session, packed)
        assert found is not None
        assert (found.pending, found.email) == (pending, "lena@example.org")
    with clock.fixed(NOON + PENDING_LIFE - timedelta(seconds=1)):
        assert sign_in.awaited(session, packed) is not None
    with clock.fixed(NOON + PENDING_LIFE):
        assert sign_in.awaited(session, packed) is None
    with clock.fixed(NOON):
        for other in (replace(pending, person_id=town.ada), replace(pending, epoch=pending.epoch - 1)):
            assert sign_in.awaited(session, other.packed()) is None
        nothings: list[object] = [None, [], "text", {}, [1, 2, 3], [1, 2, 3, "4"], [1, 2, 3, 4, 5]]
        for none in nothings:
            assert sign_in.awaited(session, none) is None


@pytest.mark.parametrize("change", ["password", "disabled", "reset"])
def test_a_pending_sign_in_ends_with_what_it_rests_on(town: Town, session: Session, change: str) -> None:
    lena, centre = session.get_one(Person, town.lena), session.get_one(Centre, town.centre_id)
    set_up(session, town.actor(town.lena))
    pending = sign_in.pend(session, town.lena, centre_id=None)
    assert pending is not None
    assert sign_in.awaited(session, pending.packed()) is not None
    if change == "password":
        actions.set_password(session, System(), town.installation.passwords, lena, "new plum river 77 kite", centre)
    elif change == "disabled":
        actions.disable(session, System(), lena, centre)
    else:
        second_factor.reset(session, System(), lena, centre)
    assert sign_in.awaited(session, pending.packed()) is None


def test_wrong_codes_are_limited_by_account_and_by_address(town: Town) -> None:
    """Five in a minute; then even the right one is refused unlooked at. The front door has counts of its own."""
    with clock.fixed(NOON):
        app = committed(town, town.lena)
    with clock.fixed(NOON + 4 * HALF_MINUTE):
        for _ in range(5):
            with pytest.raises(Rejected, match="not right"):
                give(town, "000000")
        for code, is_recovery in ((app.code(), False), (app.recovery[0], True)):
            with pytest.raises(sign_in.TooManyTries):
                give(town, code, is_recovery=is_recovery)
        served = town.installation
        who = sign_in.check(
            served.database, served.passwords, email="lena@example.org", password=PASSWORD, address=HOME
        )
        assert who == town.lena
    with clock.fixed(NOON + 7 * HALF_MINUTE):
        give(town, app.code())
    with town.installation.database.reading() as session:
        kinds = session.scalars(select(Attempt.kind)).all()
        assert sorted(kinds) == [AttemptKind.ADDRESS] * 5 + [AttemptKind.CODE] * 5


def test_fifty_wrong_codes_a_day_until_the_password_changes(town: Town) -> None:
    with clock.fixed(NOON):
        app = committed(town, town.lena)
        with town.installation.database.writing() as session:
            subject = waiting(town, town.lena).subject
            at = NOON - timedelta(hours=2)
            session.add_all(Attempt(kind=AttemptKind.CODE, subject=subject, at=at) for _ in range(50))
            session.commit()
    with clock.fixed(NOON + 4 * HALF_MINUTE):
        with pytest.raises(sign_in.TooManyTries):
            give(town, app.code())
        with town.installation.database.writing() as session:
            lena, centre = session.get_one(Person, town.lena), session.get_one(Centre, town.centre_id)
            actions.set_password(session, System(), town.installation.passwords, lena, "new plum river 77", centre)
            session.commit()
        give(town, app.code())


# What a centre asks of its staff


@pytest.mark.parametrize("is_asked", [True, False])
def test_who_lacks_one_is_known_with_who_is_asking(town: Town, session: Session, *, is_asked: bool) -> None:
    """Staff alone, where the centre asks for it; in any of their roles."""
    centre = session.get_one(Centre, town.centre_id)
    centre.settings = {"second_factor_for_staff": True} if is_asked else {}
    both = join(session, town.installation, centre, "bo", Role.LEARNER)
    actions.invite(session, System(), centre, email=both.email, name="Bo", role=Role.ASSESSOR)
    session.flush()

    def lacks(person_id: int) -> bool:
        found = queries.actor(session, person_id=person_id, centre_id=town.centre_id)
        assert found is not None
        return found.lacks_second_factor

    assert [lacks(who) for who in (town.ada, town.lena, both.id)] == [is_asked, False, is_asked]
    ada = queries.actor(session, person_id=town.ada, centre_id=town.centre_id)
    assert ada is not None
    second_factor.begin(session, ada)
    assert lacks(town.ada) is is_asked
    second_factor.confirm(session, ada, App(standing(session, town.ada).key).code())
    assert not lacks(town.ada)


@pytest.mark.parametrize("is_recovery", [False, True])
def test_a_code_that_is_sent_many_times_at_once_works_once(town: Town, *, is_recovery: bool) -> None:
    """By two processes at the same moment; the tries that fail count like any."""
    with clock.fixed(NOON):
        app = committed(town, town.lena)
    served, who = town.installation, waiting(town, town.lena)
    other = Database(served.settings.database_url, dict(served.database.info))
    code, barrier = app.recovery[0] if is_recovery else app.code(), Barrier(4)

    def send(number: int) -> bool:
        barrier.wait()
        try:
            sign_in.check_code(
                (served.database, other)[number % 2], who, code=code, address=HOME, is_recovery=is_recovery
            )
        except Rejected:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(send, range(4)))
    other.close()
    assert done.count(True) == 1
