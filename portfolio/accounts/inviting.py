"""Many people come at once, each as `actions.invite` brings one; and the letter in which an invitation goes out later.

Whether anybody had an account already shows nowhere: everybody gets a link, and everybody's letter waits alike.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from portfolio import clock, writing
from portfolio.accounts.actions import made_token, new_token, tell_of_role
from portfolio.accounts.models import Membership, Person, Token
from portfolio.accounts.rules import Role, TokenKind
from portfolio.audit import many, streams
from portfolio.audit.events import Doer, System
from portfolio.centres.models import Centre
from portfolio.errors import Rejected
from portfolio.notices.models import Notice
from portfolio.notices.rules import NoticeKind, Posting


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who is to have which role. `email` is in the form in which addresses are kept."""

    email: str
    name: str
    role: Role
    qualified: bool = True


def invite_all(
    session: Session, actor: Doer, centre: Centre, invitations: Sequence[Invitation], *, is_sent: bool
) -> None:
    """Give each of these people a role, with an event for each. Their letters are due now, or wait until
    `send_letters`.

    Raises Rejected when somebody has the role already, and when somebody comes twice.
    """
    if len({(one.email, one.role) for one in invitations}) < len(invitations):
        raise Rejected("Somebody comes twice in the same role.", "email")
    session.execute(select(Centre.id).where(Centre.id == centre.id).with_for_update())
    people = _people(session, invitations)
    _have_no_such_role(session, centre, {(people[one.email].id, one.role) for one in invitations})
    memberships = [
        Membership(
            person_id=people[one.email].id,
            centre_id=centre.id,
            role=one.role,
            qualified=one.qualified or one.role is not Role.ASSESSOR,
            since=clock.today(),
        )
        for one in invitations
    ]
    writing.put(session, memberships)
    pairs = list(zip(invitations, memberships, strict=True))
    writing.put(session, [made_token(people[one.email], centre, TokenKind.INVITATION)[0] for one in invitations])
    many.record_all(
        session,
        actor,
        [
            many.Telling(
                centre.stream_id,
                "membership.invite",
                streams.named(membership),
                {
                    "email": one.email,
                    "name": people[one.email].name,
                    "role": one.role.value,
                    "qualified": membership.qualified,
                },
            )
            for one, membership in pairs
        ],
    )
    for one, membership in pairs:
        if people[one.email].password_hash:
            tell_of_role(session, actor, membership)
    writing.put(session, [_letter(membership, is_sent=is_sent) for membership in memberships])


def _people(session: Session, invitations: Sequence[Invitation]) -> dict[str, Person]:
    """Everybody by address; who is not there yet is made."""
    found = session.scalars(select(Person).where(Person.email.in_({one.email for one in invitations})))
    people = {person.email: person for person in found}
    new = {one.email: Person(email=one.email, name=one.name) for one in invitations if one.email not in people}
    writing.put(session, list(new.values()))
    return people | new


def _have_no_such_role(session: Session, centre: Centre, wanted: Collection[tuple[int, Role]]) -> None:
    held = session.execute(
        select(Membership.person_id, Membership.role).where(
            Membership.centre_id == centre.id,
            or_(Membership.until.is_(None), Membership.until > clock.today()),
            Membership.person_id.in_({person_id for person_id, _role in wanted}),
        )
    )
    if any((row.person_id, row.role) in wanted for row in held):
        raise Rejected("Somebody already has this role here.", "email")


def _letter(membership: Membership, *, is_sent: bool) -> Notice:
    """A letter that is due, or that waits for a word; nothing of it shows on screen."""
    return Notice(
        person_id=membership.person_id,
        centre_id=membership.centre_id,
        kind=NoticeKind.INVITED,
        about_table=Membership.__tablename__,
        about_id=membership.id,
        facts={},
        is_on_screen=False,
        posting=Posting.DUE if is_sent else Posting.NONE,
        told_at=clock.now(),
        next_try_at=clock.now() if is_sent else None,
    )


WAITS = (
    Notice.kind == NoticeKind.INVITED,
    Notice.posting == Posting.NONE,
    Notice.read_at.is_(None),
    Notice.is_on_screen.is_(False),
)


def letters_waiting(session: Session, centre_id: int) -> int:
    """How many invitations of a centre wait for a word before they go out."""
    return session.scalar(select(func.count()).where(Notice.centre_id == centre_id, *WAITS)) or 0


def send_letters(session: Session, actor: Doer, centre: Centre) -> int:
    """Have the invitations go out that wait for it; answers how many."""
    count = letters_waiting(session, centre.id)
    if not count:
        raise Rejected("No invitation waits to be sent.")
    session.execute(
        update(Notice)
        .where(Notice.centre_id == centre.id, *WAITS)
        .values(posting=Posting.DUE, attempts=0, next_try_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    streams.record(
        session, actor, "invitation.send", f"invitation:{count}", stream_id=centre.stream_id, text={"count": count}
    )
    return count


@dataclass(frozen=True, slots=True)
class FreshLink:
    """What an invitation letter says: to whom, where, as what, and the text of a link that works once. `own_words` is
    what the centre calls things, as it is kept.
    """

    name: str
    email: str
    centre_name: str
    own_words: str
    role: Role
    qualified: bool
    token: str


def fresh_link(session: Session, membership_id: int, *, is_wanted: bool) -> FreshLink | None:
    """A link for the letter that goes out now, in place of older ones; None when the role has ended, the account is
    disabled, or somebody who has one does not want such letters.
    """
    membership = session.get_one(Membership, membership_id)
    person = membership.person
    if membership.until is not None or person.disabled_at is not None or (person.password_hash and not is_wanted):
        return None
    centre = session.get_one(Centre, membership.centre_id)
    session.execute(
        update(Token)
        .where(
            Token.person_id == person.id,
            Token.centre_id == centre.id,
            Token.kind == TokenKind.INVITATION,
            Token.used_at.is_(None),
        )
        .values(used_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    text = new_token(session, person, centre, TokenKind.INVITATION)
    streams.record(session, System(), "invitation.write", streams.named(membership), stream_id=centre.stream_id)
    return FreshLink(
        name=person.name,
        email=person.email,
        centre_name=centre.name,
        own_words=json.dumps(centre.terms),
        role=membership.role,
        qualified=membership.qualified,
        token=text,
    )
