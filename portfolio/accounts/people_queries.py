"""Reading the people of a centre, one line for each however many roles they have: the list, and one in whole.

The list is cut before anything else is looked up, so that a page costs the same in a centre of ten and of a hundred
thousand.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.models import Membership, Person, Token
from portfolio.accounts.queries import membership_is_open, person_matches
from portfolio.accounts.rules import INVITATION_LIFE, PersonState, Role, TokenKind, role_word
from portfolio.db import AnySelect


class PeopleOrder(StrEnum):
    """By what the list is sorted."""

    NAME = "name"
    NAME_BACKWARDS = "name-backwards"
    NEWEST = "newest"


ORDERS = {
    PeopleOrder.NAME: (Person.name, Person.id),
    PeopleOrder.NAME_BACKWARDS: (Person.name.desc(), Person.id.desc()),
    PeopleOrder.NEWEST: (Person.id.desc(),),
}


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the list. `roles` are those of today, each with whether it is held as somebody qualified."""

    id: int
    name: str
    email: str
    roles: tuple[tuple[Role, bool], ...]
    state: PersonState

    @property
    def role_words(self) -> list[str]:
        """The roles of today in words."""
        return [role_word(role, qualified=qualified) for role, qualified in self.roles]


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role that somebody has, had or will have at the centre; `until` is the first day without it."""

    id: int
    role: Role
    is_qualified: bool
    since: date
    until: date | None
    is_open: bool
    is_to_come: bool

    @property
    def role_word(self) -> str:
        """The role in words."""
        return role_word(self.role, qualified=self.is_qualified)


@dataclass(frozen=True, slots=True)
class LinkState:
    """An invitation that was not taken up: until when its link works, None once it has run out."""

    works_until: datetime | None


def people(
    session: Session,
    centre_id: int,
    *,
    role: Role | None = None,
    qualified: bool | None = None,
    state: PersonState | None = None,
    search: str = "",
    order: PeopleOrder = PeopleOrder.NAME,
    offset: int = 0,
    limit: int | None = None,
) -> list[PersonRow]:
    """The people of a centre: with a role today, or in the one state that is asked for. At most four statements."""
    query = select(Person.id).where(_belongs(centre_id, role, qualified, is_former=state is PersonState.FORMER))
    if state is not None:
        query = query.where(_is_in(session, centre_id, state))
    if search:
        query = query.where(person_matches(search))
    ids = list(session.scalars(query.order_by(*ORDERS[order]).offset(offset).limit(limit)))
    return _rows(session, centre_id, ids)


def _belongs(centre_id: int, role: Role | None, qualified: bool | None, *, is_former: bool) -> ColumnElement[bool]:
    """Has (or, for the former, had) a role here."""
    here = and_(Membership.person_id == Person.id, Membership.centre_id == centre_id)
    held = [here] if is_former else [here, membership_is_open()]
    if role is not None:
        held.append(Membership.role == role)
    if qualified is not None:
        held.append(Membership.qualified == qualified)
    found = exists().where(*held)
    return and_(found, not_(exists().where(here, membership_is_open()))) if is_former else found


def _is_in(session: Session, centre_id: int, state: PersonState) -> ColumnElement[bool]:
    """The condition of a state for somebody who has a role here; a former one is found by the roles alone."""
    if state is PersonState.FORMER:
        return Person.id.is_not(None)
    if state is PersonState.DISABLED:
        return Person.disabled_at.is_not(None)
    waiting = _waiting(session, centre_id, select(Person.id).where(Person.password_hash != ""))
    is_invited = or_(Person.password_hash == "", Person.id.in_(waiting))
    enabled = Person.disabled_at.is_(None)
    return and_(enabled, is_invited if state is PersonState.INVITED else not_(is_invited))


def _waiting(session: Session, centre_id: int, among: AnySelect | Collection[int]) -> set[int]:
    """Those of these people all of whose roles here are newer than an invitation that they have not taken up."""
    links = session.execute(
        select(Token.person_id, Token.expires_at)
        .join(Person, and_(Person.id == Token.person_id, Person.epoch == Token.epoch))
        .where(Token.centre_id == centre_id, *_is_live(), Token.person_id.in_(among))
        .order_by(Token.expires_at.desc())
    )
    invited = {person_id: (at - INVITATION_LIFE).astimezone(clock.UK).date() for person_id, at in links}
    if not invited:
        return set()
    older = session.execute(
        select(Membership.person_id, Membership.since).where(
            Membership.person_id.in_(invited), Membership.centre_id == centre_id, membership_is_open()
        )
    )
    return set(invited) - {person_id for person_id, since in older if since < invited[person_id]}


def _is_live() -> tuple[ColumnElement[bool], ...]:
    return Token.kind == TokenKind.INVITATION, Token.used_at.is_(None), Token.expires_at > clock.now()


def _rows(session: Session, centre_id: int, ids: Collection[int]) -> list[PersonRow]:
    if not ids:
        return []
    found = {row.id: row for row in session.scalars(select(Person).where(Person.id.in_(ids)))}
    roles: dict[int, list[tuple[Role, bool]]] = {}
    for row in session.execute(
        select(Membership.person_id, Membership.role, Membership.qualified)
        .where(Membership.person_id.in_(ids), Membership.centre_id == centre_id, membership_is_open())
        .order_by(Membership.id)
    ):
        roles.setdefault(row.person_id, []).append((row.role, row.qualified))
    waiting = _waiting(session, centre_id, ids)
    return [
        PersonRow(
            id=id_,
            name=found[id_].name,
            email=found[id_].email,
            roles=tuple(roles.get(id_, ())),
            state=_state(found[id_], has_role=id_ in roles, is_waiting=id_ in waiting),
        )
        for id_ in ids
    ]


def _state(person: Person, *, has_role: bool, is_waiting: bool) -> PersonState:
    if person.disabled_at is not None:
        return PersonState.DISABLED
    if not has_role:
        return PersonState.FORMER
    return PersonState.INVITED if is_waiting or not person.password_hash else PersonState.ACTIVE


def row_of(session: Session, centre_id: int, person: Person) -> PersonRow:
    """One person as the list has them, with a role today or without."""
    return _rows(session, centre_id, [person.id])[0]


def roles_in(session: Session, centre_id: int, person_id: int) -> list[RoleRow]:
    """Every role that somebody has, had or will have at a centre: those of today first, then the newest."""
    today = clock.today()
    found = session.scalars(
        select(Membership)
        .where(Membership.person_id == person_id, Membership.centre_id == centre_id)
        .order_by(Membership.since.desc(), Membership.id.desc())
    )
    lines = [
        RoleRow(
            row.id, row.role, row.qualified, row.since, row.until,
            is_open=row.since <= today and (row.until is None or today < row.until),
            is_to_come=row.since > today and (row.until is None or row.since < row.until),
        )
        for row in found
    ]  # fmt: skip
    return sorted(lines, key=lambda line: not line.is_open)


def invitation_of(session: Session, centre_id: int, person: Person) -> LinkState:
    """How the link stands of somebody who has not taken up the invitation. One statement."""
    ends = session.scalars(
        select(Token.expires_at)
        .where(Token.person_id == person.id, Token.epoch == person.epoch, Token.centre_id == centre_id, *_is_live())
        .order_by(Token.expires_at.desc())
    ).first()
    return LinkState(ends)


def has_invitation(session: Session, centre_id: int, person: Person) -> bool:
    """Whether there is an invitation that the person has not taken up, with a link that works or one that ran out."""
    return row_of(session, centre_id, person).state is PersonState.INVITED
