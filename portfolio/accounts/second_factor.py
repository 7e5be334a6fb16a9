"""The second step of signing in: six-digit codes from somebody's telephone (RFC 6238), and recovery codes for when it
is lost. A code works once. What makes the codes is sealed, and recovery codes are kept as hashes; neither is in the
trail.
"""

import hmac
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts import queries
from portfolio.accounts.actions import check_own
from portfolio.accounts.actors import Actor
from portfolio.accounts.models import Person, SecondFactor, UsedCode
from portfolio.accounts.rules import (
    CODE_DIGITS,
    RECOVERY_CODES,
    RECOVERY_GROUP,
    RECOVERY_LETTERS,
    SETTING_UP_LIFE,
    STEP_SECONDS,
    normal_code,
)
from portfolio.accounts.sealing import Seal, Unreadable
from portfolio.accounts.sessions import end_sessions
from portfolio.audit import streams
from portfolio.audit.events import Doer, System
from portfolio.centres.models import Centre
from portfolio.db import ALPHABET
from portfolio.errors import InvalidState, NotFound, Rejected
from portfolio.notices.actions import tell
from portfolio.notices.rules import NoticeKind

ISSUER = "NVQ Portfolio"
WRONG_CODE = "That code is not right. Give the one that the app shows now; check that the telephone's clock is right."
BEGIN_AGAIN = "Begin again: a second step has to be set up within an hour."
NONE_THERE = "You have no second step."

log = logging.getLogger("portfolio.accounts")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person's second step stands: since when it is asked for, and how many recovery codes are left.

    `key` is what is being set up, in letters to be typed, and `uri` the same as an app reads it from a picture.
    """

    confirmed_at: datetime | None = None
    recovery_left: int = 0
    key: str = ""
    uri: str = ""


def standing(session: Session, person_id: int) -> Standing:
    """How it stands now; what was begun and not finished in time is as good as nothing."""
    row = session.execute(
        select(SecondFactor, Person).join(Person, Person.id == SecondFactor.person_id).where(Person.id == person_id)
    ).one_or_none()
    if row is None:
        return Standing()
    factor, person = row
    if factor.confirmed_at is not None:
        return Standing(factor.confirmed_at, len(factor.recovery))
    key = _key_of(session, factor, person) if _is_in_time(factor) else ""
    return Standing(key=key, uri=pyotp.TOTP(key).provisioning_uri(name=person.email, issuer_name=ISSUER) if key else "")


def is_asked_for(session: Session, person_id: int) -> bool:
    """Whether signing in takes a second step."""
    return _confirmed(session, person_id) is not None


def _confirmed(session: Session, person_id: int, *, is_held: bool = False) -> SecondFactor | None:
    query = select(SecondFactor).where(SecondFactor.person_id == person_id, SecondFactor.confirmed_at.is_not(None))
    return session.scalar(query.with_for_update() if is_held else query)


def _is_in_time(factor: SecondFactor) -> bool:
    return factor.made_at > clock.now() - SETTING_UP_LIFE


def begin(session: Session, actor: Actor) -> None:
    """Make a key to be put into an app; nothing is asked for until a code of it was given."""
    person = _held(session, actor)
    factor = session.get(SecondFactor, person.id)
    if factor is None:
        factor = SecondFactor(person_id=person.id)
        session.add(factor)
    elif factor.confirmed_at is not None:
        raise InvalidState("You have a second step already. Give it up before you set up another one.")
    factor.secret = _seal(session).seal(pyotp.random_base32(), whose=person.uid)
    factor.recovery, factor.made_at, factor.confirmed_at = [], clock.now(), None
    session.flush()
    streams.record(
        session, actor, "person.begin_second_factor", streams.named(person), stream_id=actor.centre_stream_id
    )


def confirm(session: Session, actor: Actor, code: str) -> list[str]:
    """The app makes the right codes: from now on they are asked for. Answers the recovery codes, to be shown this once.

    Every session of the person ends: the edge begins a fresh one.
    """
    person = _held(session, actor)
    factor = session.get(SecondFactor, person.id)
    if factor is not None and factor.confirmed_at is not None:
        raise InvalidState("Your second step is set up already.")
    if factor is None or not _is_in_time(factor):
        raise InvalidState(BEGIN_AGAIN)
    if not _take(session, factor, person, code):
        raise Rejected(WRONG_CODE, "code")
    codes = _new_codes(session, factor, person)
    factor.confirmed_at = clock.now()
    session.flush()
    end_sessions(session, person.id)
    streams.record(
        session, actor, "person.set_up_second_factor", streams.named(person), stream_id=actor.centre_stream_id
    )
    return codes


def renew_recovery(session: Session, actor: Actor) -> list[str]:
    """New recovery codes in place of all that there were; to be shown this once."""
    person = _held(session, actor)
    factor = _confirmed(session, person.id, is_held=True)
    if factor is None:
        raise InvalidState(NONE_THERE)
    codes = _new_codes(session, factor, person)
    session.flush()
    streams.record(
        session, actor, "person.renew_recovery_codes", streams.named(person), stream_id=actor.centre_stream_id
    )
    return codes


def give_up(session: Session, actor: Actor) -> None:
    """No second step any more. Every session of the person ends: the edge begins a fresh one."""
    person = _held(session, actor)
    if not _remove(session, person):
        raise InvalidState(NONE_THERE)
    streams.record(
        session, actor, "person.give_up_second_factor", streams.named(person), stream_id=actor.centre_stream_id
    )
    _tell(session, person.id, actor.centre_id, "given_up")


def may_reset(session: Session, actor: Actor, person_id: int) -> bool:
    """Whether there is something to reset, of somebody else who is at the actor's centre alone."""
    if person_id == actor.person_id or not is_asked_for(session, person_id):
        return False
    return all(id_ == actor.centre_id for id_, _name in queries.centres_of(session, person_id))


def reset(session: Session, actor: Doer, person: Person, centre: Centre) -> None:
    """Take the second step off somebody who has lost the telephone. They are signed out everywhere, and told.

    An administrator does this for others, and for people of this centre alone: the account of whoever has a role at
    another centre too is not theirs to open.
    """
    session.refresh(person, with_for_update=True)
    if isinstance(actor, Actor):
        if person.id == actor.person_id:
            raise InvalidState("Give up your own second step on the page of your account, with your password.")
        check_own(session, person, centre.id)
    if not _remove(session, person):
        raise InvalidState(f"{person.name} has no second step.")
    streams.record(session, actor, "person.reset_second_factor", streams.named(person), stream_id=centre.stream_id)
    _tell(session, person.id, centre.id, "reset")


def reset_by_email(session: Session, actor: Doer, email: str) -> None:
    """The same by the address, as the command line does. Raises NotFound when nobody with a role has it."""
    person = queries.person_by_email(session, email)
    centres = queries.centres_of(session, person.id) if person is not None else []
    if person is None or not centres:
        raise NotFound("Nobody with this address has a role at a centre.")
    reset(session, actor, person, session.get_one(Centre, centres[0][0]))


def take_code(session: Session, person_id: int, code: str) -> bool:
    """Whether a code is right and was not used before; it is used now."""
    factor = _confirmed(session, person_id, is_held=True)
    return factor is not None and _take(session, factor, session.get_one(Person, person_id), code)


def take_recovery(session: Session, person_id: int, code: str) -> bool:
    """Whether this is one of the recovery codes that are left; it is used now, and the person is told."""
    factor = _confirmed(session, person_id, is_held=True)
    centres = queries.centres_of(session, person_id)
    if factor is None or not centres:
        return False
    person, centre = session.get_one(Person, person_id), session.get_one(Centre, centres[0][0])
    given = _hash(session, person, code)
    left = [kept for kept in factor.recovery if not hmac.compare_digest(kept, given)]
    if len(left) == len(factor.recovery):
        return False
    factor.recovery = left
    session.flush()
    streams.record(
        session,
        System(),
        "person.use_recovery_code",
        streams.named(person),
        stream_id=centre.stream_id,
        text={"left": len(left)},
    )
    _tell(session, person.id, centre.id, "recovery")
    return True


def _take(session: Session, factor: SecondFactor, person: Person, code: str) -> bool:
    now, given = int(clock.now().timestamp()) // STEP_SECONDS, normal_code(code)
    if len(given) != CODE_DIGITS or not given.isascii() or not given.isdigit():
        return False
    made = pyotp.TOTP(_key_of(session, factor, person) or pyotp.random_base32())
    right = [step for step in (now - 1, now, now + 1) if hmac.compare_digest(made.generate_otp(step), given)]
    if not right:
        return False
    used = UsedCode.person_id == person.id
    session.execute(delete(UsedCode).where(used, UsedCode.step < now - 1))
    if session.scalar(select(UsedCode.id).where(used, UsedCode.step.in_(right))) is not None:
        return False
    session.add(UsedCode(person_id=person.id, step=right[0]))
    session.flush()
    return True


def _key_of(session: Session, factor: SecondFactor, person: Person) -> str:
    """What makes the codes; empty when it was sealed with a key that is not here. Recovery codes do not work then."""
    try:
        return _seal(session).unseal(factor.secret, whose=person.uid)
    except Unreadable:
        log.error("the second step of person %s cannot be read: was keys/factors lost?", person.uid)
        return ""


def _new_codes(session: Session, factor: SecondFactor, person: Person) -> list[str]:
    letters = ["".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LETTERS)) for _ in range(RECOVERY_CODES)]
    factor.recovery = [_hash(session, person, code) for code in letters]
    ends = range(0, RECOVERY_LETTERS, RECOVERY_GROUP)
    return ["-".join(code[start : start + RECOVERY_GROUP] for start in ends) for code in letters]


def _hash(session: Session, person: Person, code: str) -> str:
    return _seal(session).hash(normal_code(code), whose=person.uid)


def _held(session: Session, actor: Actor) -> Person:
    return session.get_one(Person, actor.person_id, with_for_update=True)


def _remove(session: Session, person: Person) -> bool:
    factor = _confirmed(session, person.id, is_held=True)
    if factor is None:
        return False
    session.execute(delete(UsedCode).where(UsedCode.person_id == person.id))
    session.delete(factor)
    session.flush()
    end_sessions(session, person.id)
    return True


def _seal(session: Session) -> Seal:
    seal: Seal = session.info["seal"]
    return seal


def _tell(session: Session, person_id: int, centre_id: int, what: str) -> None:
    """Nobody's second step changes without their knowing, whoever did it."""
    tell(
        session,
        person_ids=[person_id],
        by=None,
        centre_id=centre_id,
        kind=NoticeKind.SECOND_FACTOR,
        about=(Person.__tablename__, person_id),
        facts={"what": [what]},
    )
