"""Amina's items of the every-route table that are neither files nor accounts on their usual way, and what people keep
for themselves.
"""

from io import BytesIO

from PIL import Image
from pyotp import random_base32
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts import second_factor, sign_in
from portfolio.accounts.actions import hash_token
from portfolio.accounts.models import Person, SecondFactor, SignInSession
from portfolio.assessment.models import FeedbackStem
from portfolio.audit.events import System
from portfolio.centres.actions import set_logo
from portfolio.centres.models import Centre
from portfolio.centres.settings import settings_of
from portfolio.enrolment import cohorts
from portfolio.enrolment.models import Enrolment
from portfolio.evidence import trashing
from portfolio.evidence.models import Evidence
from portfolio.imports.models import ImportDraft
from portfolio.imports.rules import ImportKind
from portfolio.notices.models import Notice
from portfolio.notices.rules import NoticeKind
from tests.cast import Cast, write
from tests.evidence import records


def observe(session: Session, cast: Cast, title: str, ref: str) -> Evidence:
    """Something that marguerite saw amina do, mapped; nobody else has seen it yet."""
    evidence = records.watched(session, cast, title)
    assert evidence.ref == ref
    return evidence


def put_on_record(session: Session, cast: Cast, ref: str) -> Evidence:
    """The same, put on record."""
    evidence = observe(session, cast, "Watched on the phone", ref)
    submission = records.put_on_record(session, cast, evidence)
    cast.submissions[f"amina {ref}"] = submission.id
    cast.items[f"amina {ref}"] = submission.items[0].id
    return evidence


def held_elsewhere(session: Session, cast: Cast, ref: str) -> None:
    """An item that stays where it is, handed in."""
    assert records.held_elsewhere(session, cast).ref == ref


def thrown_away(session: Session, cast: Cast, ref: str) -> None:
    """A draft in the trash."""
    evidence = write(session, cast.installation, cast, "amina", "Thrown away", "Nothing came of it.")
    assert evidence.ref == ref
    trashing.trash(session, cast.actor("amina", session), evidence)


def stems(session: Session, cast: Cast) -> dict[str, int]:
    """Words that two assessors keep, by their names."""
    kept = {name: FeedbackStem(person_id=cast.people[name], words="Show where") for name in ("marguerite", "tobias")}
    session.add_all(kept.values())
    session.flush()
    return {name: stem.id for name, stem in kept.items()}


def notices(session: Session, cast: Cast) -> dict[str, int]:
    """What amina and marguerite were told at Harrow Dale, and olga at Other Side."""
    told = {
        name: Notice(
            person_id=cast.people[name],
            centre_id=cast.homes[home],
            kind=NoticeKind.FEEDBACK,
            about_table="enrolment",
            about_id=cast.enrolments["olga" if name == "olga" else "amina"],
            told_at=clock.now(),
        )
        for name, home in (("amina", "ada"), ("marguerite", "ada"), ("olga", "odette"))
    }
    session.add_all(told.values())
    session.flush()
    return {name: notice.id for name, notice in told.items()}


def lists(session: Session, cast: Cast) -> dict[str, int]:
    """What ada and vera brought to Harrow Dale, and odette to Other Side."""
    content = b"Name,Email\nNia Newcomer,nia@example.org\n"
    brought = {
        name: ImportDraft(
            centre_id=cast.homes["odette" if name == "odette" else "ada"],
            person_id=cast.people[name],
            kind=ImportKind.PEOPLE,
            name="people.csv",
            content=content,
            matching={"name": 0, "email": 1},
            made_at=clock.now(),
        )
        for name in ("ada", "vera", "odette")
    }
    session.add_all(brought.values())
    session.flush()
    return {name: draft.id for name, draft in brought.items()}


def cohorts_of_both(session: Session, cast: Cast) -> dict[str, int]:
    """Ben is in the one that runs; the other one of Harrow Dale is closed; one is Other Side's."""
    harrow, other = (session.get_one(Centre, cast.homes[name]) for name in ("ada", "odette"))
    made = {
        name: cohorts.open_cohort(session, System(), centre, name=name.capitalize())
        for name, centre in (("spring", harrow), ("over", harrow), ("theirs", other))
    }
    cohorts.close_cohort(session, System(), made["over"])
    cohorts.put_in_cohort(session, System(), session.get_one(Enrolment, cast.enrolments["ben"]), made["spring"])
    return {name: cohort.id for name, cohort in made.items()}


def logos(session: Session, cast: Cast) -> dict[str, str]:
    """What stands beside the name of each centre: a picture of one colour."""
    found = {}
    for name, who, colour in (("harrow dale", "ada", "teal"), ("other side", "odette", "navy")):
        centre = session.get_one(Centre, cast.homes[who])
        drawn = BytesIO()
        Image.new("RGB", (8, 8), colour).save(drawn, "PNG")
        set_logo(session, System(), centre, drawn.getvalue())
        found[name] = settings_of(centre.settings).logo
    return found


def second_steps(session: Session, cast: Cast) -> dict[str, int]:
    """Amina is setting up a second step, dafydd has one; two are signed in elsewhere too: the ids of those sessions."""
    second_factor.begin(session, cast.actor("amina", session))
    dafydd = session.get_one(Person, cast.people["dafydd"])
    sealed = session.info["seal"].seal(random_base32(), whose=dafydd.uid)
    now = clock.now()
    session.add(SecondFactor(person_id=dafydd.id, secret=sealed, recovery=[], made_at=now, confirmed_at=now))
    tokens = {name: sign_in.begin(session, cast.people[name]) for name in ("amina", "marguerite")}
    found = {row.hash: row.id for row in session.scalars(select(SignInSession))}
    return {name: found[hash_token(token)] for name, token in tokens.items()}
