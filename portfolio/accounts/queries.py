"""Reading people: who is asking, who belongs to a centre, and how many wrong guesses there were."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, bindparam, cast, func, or_, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.accounts.models import Attempt, Grant, Membership, Person, SecondFactor, SignInSession, Token
from portfolio.accounts.rules import INVITATION_LIFE, LIMITS, AttemptKind, Role, TokenKind, normal_email, role_word
from portfolio.centres.models import Centre
from portfolio.db import read
from portfolio.notices.queries import unread_of

ACTORS_KEPT = 1_000


def membership_is_open() -> ColumnElement[bool]:
    """The membership holds today."""
    today = clock.today()
    return and_(Membership.since <= today, or_(Membership.until.is_(None), Membership.until > today))


ROLES_TODAY = (
    select(
        Person.id, Person.uid, Person.name, Person.email, Centre.id.label("centre_id"),
        Centre.uid.label("centre_uid"), Centre.name.label("centre_name"), Centre.stream_id,
        Membership.id.label("membership_id"), Membership.role, Membership.qualified,
        cast(Centre.terms, Text).label("own_words"), cast(Centre.settings, Text).label("chosen"),
        SecondFactor.confirmed_at.is_not(None).label("has_second_factor"),
    )
    .join(Membership, Membership.person_id == Person.id)
    .join(Centre, Centre.id == Membership.centre_id)
    .outerjoin(SecondFactor, SecondFactor.person_id == Person.id)
    .where(
        Person.disabled_at.is_(None),
        Membership.since <= bindparam("today"),
        or_(Membership.until.is_(None), Membership.until > bindparam("today")),
    )
)  # fmt: skip
OF_PERSON = ROLES_TODAY.where(Person.id == bindparam("person_id"), Centre.id == bindparam("centre_id"))
OF_SESSION = (
    ROLES_TODAY.add_columns(unread_of(Person.id, Centre.id).label("unread"))
    .join(SignInSession, and_(SignInSession.person_id == Person.id, SignInSession.epoch == Person.epoch))
    .where(SignInSession.centre_id == Centre.id, SignInSession.hash == bindparam("hash"))
    .where(SignInSession.created_at > bindparam("not_before"))
)
OF_SESSION_HELD = OF_SESSION.order_by(Membership.id).with_for_update(key_share=True, of=(SignInSession, Membership))
"""The same, held until the transaction ends: what takes a session or a role away waits for that, or is seen here."""
GRANTED = select(Grant.enrolment_id).where(
    Grant.membership_id.in_(bindparam("memberships", expanding=True)), Grant.until >= bindparam("today")
)


def actor(session: Session, *, person_id: int, centre_id: int) -> Actor | None:
    """The person as they are in the centre at this moment; None when disabled or without a role there."""
    today = clock.today()
    return _actor(session, read(session, OF_PERSON, person_id=person_id, centre_id=centre_id, today=today).all(), today)


def signed_in(session: Session, token_hash: str, *, hours: int, is_held: bool = False) -> Actor | None:
    """Who a session belongs to, when it is still good: not over, not disabled, no new epoch, a role in the centre."""
    today, not_before = clock.today(), clock.now() - timedelta(hours=hours)
    asked = OF_SESSION_HELD if is_held else OF_SESSION
    rows = read(session, asked, hash=token_hash, not_before=not_before, today=today).all()
    return _actor(session, rows, today, unread=rows[0].unread if rows else 0)


def _actor(session: Session, rows: Sequence[Any], today: date, *, unread: int = 0) -> Actor | None:
    """Somebody, from one row for each role."""
    if not rows:
        return None
    grants: frozenset[int] = frozenset()
    if ids := [row.membership_id for row in rows if row.role is Role.EQA]:
        grants = frozenset(read(session, GRANTED, memberships=ids, today=today).scalars())
    return _said(tuple(rows), grants, unread)


@lru_cache(maxsize=ACTORS_KEPT)
def _said(rows: tuple[Any, ...], grants: frozenset[int], unread: int) -> Actor:
    """What was read, as one value; the same object for as long as the same is read."""
    first, roles = rows[0], frozenset(row.role for row in rows)
    return Actor(
        person_id=first.id,
        uid=first.uid,
        name=first.name,
        email=first.email,
        centre_id=first.centre_id,
        centre_uid=first.centre_uid,
        centre_name=first.centre_name,
        centre_stream_id=first.stream_id,
        roles=roles,
        is_qualified=all(row.qualified for row in rows if row.role is Role.ASSESSOR),
        grants=grants,
        own_words=first.own_words,
        chosen=first.chosen,
        has_second_factor=bool(first.has_second_factor),
        unread=unread,
    )


def person_by_email(session: Session, email: str) -> Person | None:
    """The person with this address, disabled or not."""
    return session.scalar(select(Person).where(Person.email == normal_email(email)))


def centres_of(session: Session, person_id: int) -> list[tuple[int, str]]:
    """(id, name) of each centre in which the person has a role today, by name."""
    rows = session.execute(
        select(Centre.id, Centre.name)
        .where(
            Centre.id.in_(select(Membership.centre_id).where(Membership.person_id == person_id, membership_is_open()))
        )
        .order_by(Centre.name, Centre.id)
    )
    return [(row.id, row.name) for row in rows]


def is_elsewhere(session: Session, person_id: int, centre_id: int) -> bool:
    """Whether somebody has a role at another centre today: the account is then not this one's alone to change."""
    here = (Membership.person_id == person_id, Membership.centre_id != centre_id, membership_is_open())
    return session.scalar(select(Membership.id).where(*here).limit(1)) is not None


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One line of the list of people."""

    membership_id: int
    centre_id: int
    person_id: int
    name: str
    email: str
    role: Role
    is_qualified: bool
    is_invited: bool
    """No password yet, or an invitation to this centre that has not been taken up."""
    is_disabled: bool

    @property
    def role_word(self) -> str:
        """The role in words."""
        return role_word(self.role, qualified=self.is_qualified)


def members(
    session: Session,
    centre_id: int | None = None,
    *,
    role: Role | None = None,
    roles: Collection[Role] = (),
    qualified: bool | None = None,
    search: str = "",
    offset: int = 0,
    limit: int | None = None,
    with_invitations: bool = True,
) -> list[MemberRow]:
    """Everybody with a role today (with this one, or with one of `roles`), by name; of one centre, or of all.

    Without invitations only who has no password yet counts as invited.
    """
    query = (
        select(Membership, Person)
        .join(Person, Person.id == Membership.person_id)
        .where(membership_is_open())
        .order_by(func.lower(Person.name), Person.id, Membership.id)
        .offset(offset)
        .limit(limit)
    )
    if centre_id is not None:
        query = query.where(Membership.centre_id == centre_id)
    if role is not None:
        query = query.where(Membership.role == role)
    if roles:
        query = query.where(Membership.role.in_(roles))
    if qualified is not None:
        query = query.where(Membership.qualified == qualified)
    if search:
        query = query.where(person_matches(search))
    invited = _invited_on(session, centre_id) if with_invitations else {}
    return [
        MemberRow(
            membership_id=membership.id,
            centre_id=membership.centre_id,
            person_id=person.id,
            name=person.name,
            email=person.email,
            role=membership.role,
            is_qualified=membership.qualified,
            is_invited=not person.password_hash
            or membership.since >= invited.get((person.id, membership.centre_id), date.max),
            is_disabled=person.disabled_at is not None,
        )
        for membership, person in session.execute(query)
    ]


def _invited_on(session: Session, centre_id: int | None) -> dict[tuple[int, int], date]:
    """The day of the first invitation that has not been taken up yet, by person and centre."""
    query = (
        select(Token)
        .join(Person, and_(Person.id == Token.person_id, Person.epoch == Token.epoch))
        .where(Token.kind == TokenKind.INVITATION, Token.used_at.is_(None), Token.expires_at > clock.now())
        .order_by(Token.expires_at.desc())
    )
    if centre_id is not None:
        query = query.where(Token.centre_id == centre_id)
    return {
        (token.person_id, token.centre_id): (token.expires_at - INVITATION_LIFE).astimezone(clock.UK).date()
        for token in session.scalars(query)
    }


def person_matches(words: str) -> ColumnElement[bool]:
    """The name or the address holds the words. SQLite folds the case of ASCII letters only: hence the third try."""
    return or_(
        Person.name.icontains(words, autoescape=True),
        Person.email.icontains(words, autoescape=True),
        Person.name.contains(words.title(), autoescape=True),
    )


def people_with(session: Session, centre_id: int, *roles: Role) -> list[MemberRow]:
    """Who can be chosen for a task: enabled people of the centre with one of the roles, by name, a line for each."""
    rows = members(session, centre_id, roles=roles, with_invitations=False)
    return [row for row in rows if not row.is_disabled]


def person_in(session: Session, centre_id: int, person_id: int) -> Person | None:
    """The person, when they have a role in the centre today."""
    belongs = select(Membership.person_id).where(Membership.centre_id == centre_id, membership_is_open())
    return session.scalar(select(Person).where(Person.id == person_id, Person.id.in_(belongs)))


def membership_in(session: Session, centre_id: int, membership_id: int) -> Membership | None:
    """A membership of this centre, open or ended."""
    return session.scalar(select(Membership).where(Membership.id == membership_id, Membership.centre_id == centre_id))


@dataclass(frozen=True, slots=True)
class LinkRow:
    """What a live one-use link is for."""

    kind: TokenKind
    person_id: int
    name: str
    email: str
    has_password: bool
    centre_id: int
    centre_name: str

    @property
    def asks_for_password(self) -> bool:
        """Whether a password is chosen; who has one takes up an invitation as they are."""
        return self.kind is TokenKind.RESET or not self.has_password


def link_row(session: Session, token_hash: str) -> LinkRow | None:
    """The link with this hash, while it works: unused, in date, of the person's present epoch, and enabled."""
    row = session.execute(
        select(Token, Person, Centre.name)
        .join(Person, and_(Person.id == Token.person_id, Person.epoch == Token.epoch))
        .join(Centre, Centre.id == Token.centre_id)
        .where(
            Token.hash == token_hash,
            Token.used_at.is_(None),
            Token.expires_at > clock.now(),
            Person.disabled_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    token, person, centre_name = row
    return LinkRow(
        token.kind, person.id, person.name, person.email, bool(person.password_hash), token.centre_id, centre_name
    )


def is_over_limit(session: Session, kind: AttemptKind, subject: str) -> bool:
    """Whether more failures stand against the subject than any of its limits allows."""
    now = clock.now()
    for limit in LIMITS[kind]:
        count = session.scalar(
            select(func.count()).where(
                Attempt.kind == kind, Attempt.subject == subject, Attempt.at > now - limit.within
            )
        )
        if (count or 0) > limit.most:
            return True
    return False


def administrators(session: Session, centre_id: int) -> list[int]:
    """The people who run the centre today, can sign in, and whose role has no end."""
    return list(
        session.scalars(
            select(Membership.person_id)
            .join(Person, Person.id == Membership.person_id)
            .where(
                Membership.centre_id == centre_id,
                Membership.role == Role.ADMINISTRATOR,
                Membership.since <= clock.today(),
                Membership.until.is_(None),
                Person.disabled_at.is_(None),
                Person.password_hash != "",
            )
        )
    )
