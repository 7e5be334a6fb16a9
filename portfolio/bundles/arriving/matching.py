"""Who the people of a bundle are here. Nobody is matched by their name: somebody says so, by an address of this centre.
Reads only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.accounts.models import Membership, Person
from portfolio.accounts.queries import membership_is_open
from portfolio.accounts.rules import Role, normal_email
from portfolio.bundles.arriving.incoming import Foreign, Incoming
from portfolio.bundles.arriving.plans import PersonPlan, Proposal, quoted

LEARNER = "learner"
"""The duty of a portfolio's own learner, beside those of people who are allocated."""
PROPOSALS_MOST = 5


@dataclass(frozen=True, slots=True)
class Local:
    """Somebody of this centre who can sign in today."""

    id: int
    name: str
    email: str
    is_learner: bool


def people_of(session: Session, centre_id: int) -> dict[str, Local]:
    """Everybody with a role at the centre today, by address. One statement."""
    rows = session.execute(
        select(Person.id, Person.name, Person.email, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.centre_id == centre_id, membership_is_open(), Person.disabled_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    found: dict[str, Local] = {}
    for id_, name, email, role in rows:
        is_learner = role is Role.LEARNER or (email in found and found[email].is_learner)
        found[email] = Local(id_, name, email, is_learner)
    return found


def matched(
    here: Mapping[str, Local], incoming: Incoming, matches: Mapping[str, str]
) -> tuple[tuple[PersonPlan, ...], list[str]]:
    """Everybody in a bundle with whom they are here, learners first, and what is wrong with who is said to be whom."""
    foreign = _everybody(incoming)
    addresses = {uid: normal_email(email) for uid, email in matches.items() if email.strip()}
    strangers = addresses.keys() - foreign.keys()
    faults = [f"Nobody in the bundle is {uid}, who is said to be {quoted(addresses[uid])}." for uid in strangers]
    faults += _faults(here, foreign.values(), addresses)
    names: dict[str, list[Local]] = {}
    for one in here.values():
        names.setdefault(_plainly(one.name), []).append(one)
    plans = [
        PersonPlan(
            one.uid,
            one.name,
            one.duties,
            is_learner=LEARNER in one.duties,
            email=addresses.get(one.uid, ""),
            local_name=here[addresses[one.uid]].name if addresses.get(one.uid) in here else "",
            proposals=_proposals(one, names),
        )
        for one in foreign.values()
    ]
    return tuple(sorted(plans, key=lambda one: not one.is_learner)), sorted(faults)


def _everybody(incoming: Incoming) -> dict[str, Foreign]:
    """Everybody whom the portfolios name, with all their duties, by uid."""
    found: dict[str, Foreign] = {}
    for portfolio in incoming.portfolios:
        for one in portfolio.people:
            before = found[one.uid].duties if one.uid in found else ()
            found[one.uid] = Foreign(one.uid, one.name, tuple(dict.fromkeys((*before, *one.duties))))
    return found


def _faults(here: Mapping[str, Local], people: Iterable[Foreign], addresses: Mapping[str, str]) -> Iterable[str]:
    taken: dict[str, str] = {}
    for one in people:
        email, is_learner, name = addresses.get(one.uid, ""), LEARNER in one.duties, quoted(one.name)
        if not email:
            if is_learner:
                yield f"Say who {name} is here: choose {{a learner}} of this centre."
            continue
        who = quoted(here[email].name if email in here else email)
        if email not in here:
            yield f"{name} is said to be {who}, but nobody with a role at this centre today has that address."
        elif email in taken:
            yield f"{name} and {taken[email]} are both said to be {who}: choose one of them."
        elif is_learner and not here[email].is_learner:
            yield f"{name} is said to be {who}, who is not {{a learner}} at this centre."
        taken.setdefault(email, name)


def _proposals(one: Foreign, names: Mapping[str, list[Local]]) -> tuple[Proposal, ...]:
    fitting = [who for who in names.get(_plainly(one.name), ()) if who.is_learner or LEARNER not in one.duties]
    return tuple(Proposal(who.name, who.email) for who in fitting[:PROPOSALS_MOST])


def _plainly(name: str) -> str:
    return " ".join(name.split()).casefold()
