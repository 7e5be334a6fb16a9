"""Files that wait for an item: received within limits, used up, taken away, forgotten; never anybody else's."""

from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.audit.models import AuditEvent
from portfolio.criteria.rules import Method
from portfolio.db import new_uid
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import EnrolmentState
from portfolio.errors import InvalidState, Rejected, TooLarge
from portfolio.evidence import actions, uploading
from portfolio.evidence.actions import Details
from portfolio.evidence.file_queries import room_in, waiting_of
from portfolio.evidence.models import Evidence, WaitingFile
from portfolio.evidence.rules import FILES_MOST, WAITING_LIFE, WAITING_MOST, Carrier
from portfolio.housekeeping import keep_house
from portfolio.installation import Installation
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState, Limits
from tests.cast import Cast, upload

WIDE = Limits(file=1_000_000, portfolio=10_000_000, centre=100_000_000)


@pytest.fixture
def amina(session: Session, cast: Cast) -> Actor:
    """The learner."""
    return cast.actor("amina", session)


def send(
    session: Session, cast: Cast, name: str, content: bytes, *, limits: Limits = WIDE, to: str = "amina"
) -> WaitingFile:
    """Somebody sends a file to a portfolio."""
    return uploading.receive(
        session,
        cast.actor(name, session),
        session.get_one(Enrolment, cast.enrolments[to]),
        cast.installation.store,
        upload(cast.installation, content, "notes.txt"),
        limits=limits,
    )


def add(session: Session, cast: Cast, amina: Actor, *uids: str) -> Evidence:
    """An item made of what waits."""
    return actions.add(
        session,
        amina,
        session.get_one(Enrolment, cast.enrolments["amina"]),
        cast.installation.store,
        method=Method.PRODUCT,
        carrier=Carrier.FILES,
        details=Details("A letter"),
        waiting=uids,
    )


def test_a_file_waits_and_becomes_part_of_an_item(session: Session, cast: Cast, amina: Actor) -> None:
    one, two = send(session, cast, "amina", b"one"), send(session, cast, "amina", b"two")
    rows = waiting_of(session, cast.enrolments["amina"], amina.person_id)
    assert [(row.id, row.name, row.size, row.kind) for row in rows] == [
        (one.id, "notes.txt", 3, "Text"),
        (two.id, "notes.txt", 3, "Text"),
    ]
    evidence = add(session, cast, amina, two.uid)
    assert [file.blob_id for file in evidence.latest.files] == [two.blob_id]
    assert [row.id for row in waiting_of(session, cast.enrolments["amina"], amina.person_id)] == [one.id]
    actions.change(
        session,
        amina,
        evidence,
        cast.installation.store,
        details=Details("A letter"),
        rev=evidence.latest.rev,
        waiting=[one.uid],
    )
    assert [file.blob_id for file in evidence.latest.files] == [two.blob_id, one.blob_id]
    assert waiting_of(session, cast.enrolments["amina"], amina.person_id) == []
    verbs = list(session.scalars(select(AuditEvent.verb).order_by(AuditEvent.id.desc()).limit(4)))
    assert verbs == ["evidence.change", "evidence.add", "evidence.receive", "evidence.receive"]
    session.commit()


@pytest.mark.parametrize("whose", ["marguerite", "olga", "used", "missing"])
def test_what_is_not_ones_own_is_not_there(session: Session, cast: Cast, amina: Actor, whose: str) -> None:
    if whose == "used":
        uid = send(session, cast, "amina", b"used").uid
        add(session, cast, amina, uid)
    elif whose == "missing":
        uid = new_uid()
    else:
        uid = send(session, cast, whose, b"theirs", to="olga" if whose == "olga" else "amina").uid
    mine = send(session, cast, "amina", b"mine").uid
    before = session.scalar(select(func.count()).select_from(WaitingFile))
    with pytest.raises(Rejected, match="no longer here"), session.begin_nested():
        add(session, cast, amina, mine, uid)
    assert session.scalar(select(func.count()).select_from(WaitingFile)) == before


def test_a_file_that_waits_in_one_portfolio_is_not_in_another(session: Session, cast: Cast) -> None:
    marguerite = cast.actor("marguerite", session)
    waiting = send(session, cast, "marguerite", b"an observation", to="ben")
    amina = session.get_one(Enrolment, cast.enrolments["amina"])
    with pytest.raises(Rejected, match="no longer here"):
        uploading.fetch(session, marguerite, amina, [waiting.uid])
    ben = session.get_one(Enrolment, cast.enrolments["ben"])
    assert uploading.fetch(session, marguerite, ben, [waiting.uid]) == [waiting]


def test_an_item_takes_so_many_files_wherever_they_come_from(session: Session, cast: Cast, amina: Actor) -> None:
    ids = [send(session, cast, "amina", b"%d" % number).uid for number in range(FILES_MOST + 1)]
    with pytest.raises(Rejected, match="at most"), session.begin_nested():
        add(session, cast, amina, *ids)
    assert len(add(session, cast, amina, *ids[1:]).latest.files) == FILES_MOST


def test_what_is_taken_away_leaves_nothing(session: Session, cast: Cast, amina: Actor) -> None:
    waiting, kept = send(session, cast, "amina", b"alone"), send(session, cast, "amina", b"shared")
    add(session, cast, amina, kept.uid)
    again = send(session, cast, "amina", b"shared")
    alone, shared = waiting.blob, again.blob
    uploading.remove(session, amina, waiting)
    uploading.remove(session, amina, again)
    assert (alone.state, shared.state) == (BlobState.DYING, BlobState.KEPT)
    assert waiting_of(session, cast.enrolments["amina"], amina.person_id) == []
    session.commit()


def test_one_file_may_be_so_large(session: Session, cast: Cast, amina: Actor) -> None:
    with pytest.raises(TooLarge, match=r"notes.txt has 11 bytes. One file may have up to 10 bytes.") as refused:
        send(session, cast, "amina", b"eleven here", limits=Limits(10, 1_000_000, 1_000_000))
    assert refused.value.field == "files"
    assert amina.person_id


def test_a_portfolio_holds_so_much_each_content_once(session: Session, cast: Cast, amina: Actor) -> None:
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    used = room_in(session, enrolment, WIDE).portfolio
    assert used == len(b"Dear Customer A, I am sorry.")
    tight = Limits(100, used + 10, 1_000_000)
    send(session, cast, "amina", b"ten bytes!", limits=tight)
    send(session, cast, "amina", b"ten bytes!", limits=tight)
    assert room_in(session, enrolment, tight).left == 0
    send(session, cast, "marguerite", b"ten bytes!", limits=tight)
    with pytest.raises(
        TooLarge, match=r"There is no room for it: this portfolio holds 38 bytes of 38 bytes, so 0 bytes"
    ):
        send(session, cast, "amina", b"x", limits=tight)
    item = add(session, cast, amina, waiting_of(session, enrolment.id, amina.person_id)[0].uid)
    assert room_in(session, enrolment, tight).portfolio == used + 10
    assert item.latest.files


def test_a_centre_holds_so_much_and_other_centres_do_not_count(session: Session, cast: Cast) -> None:
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    used = room_in(session, enrolment, WIDE).centre
    tight = Limits(100, 1_000, used + 10)
    send(session, cast, "olga", b"a whole other centre", to="olga")
    send(session, cast, "ben", b"nine here", limits=tight, to="ben")
    with pytest.raises(TooLarge, match=r"Your centre has no room for it: 1 bytes are left for everybody."):
        send(session, cast, "amina", b"ten bytes!", limits=tight)


def test_content_that_is_gone_takes_up_no_room(installation: Installation, cast: Cast) -> None:
    with installation.database.writing() as session:
        waiting = send(session, cast, "amina", b"to be gone")
        full = room_in(session, session.get_one(Enrolment, cast.enrolments["amina"]), WIDE)
        uploading.remove(session, cast.actor("amina", session), waiting)
        session.commit()
    keep_house(installation.database, installation.store, Event())
    with installation.database.reading() as session:
        now = room_in(session, session.get_one(Enrolment, cast.enrolments["amina"]), WIDE)
    assert (full.portfolio - now.portfolio, full.centre - now.centre) == (10, 10)


def test_nobody_heaps_up_files_without_end(session: Session, cast: Cast, amina: Actor) -> None:
    for number in range(WAITING_MOST):
        send(session, cast, "amina", b"%d" % number)
    with pytest.raises(Rejected, match="belong to no item yet"):
        send(session, cast, "amina", b"one more")
    assert send(session, cast, "marguerite", b"of somebody else").person_id != amina.person_id


def test_a_portfolio_that_is_over_takes_none(session: Session, cast: Cast, amina: Actor) -> None:
    waiting = send(session, cast, "amina", b"in time")
    session.get_one(Enrolment, cast.enrolments["amina"]).state = EnrolmentState.COMPLETED
    session.flush()
    with pytest.raises(InvalidState):
        send(session, cast, "amina", b"too late")
    with pytest.raises(InvalidState):
        uploading.remove(session, amina, waiting)


def test_what_nobody_fetched_for_a_week_goes(installation: Installation, cast: Cast) -> None:
    with installation.database.writing() as session:
        old, fresh = send(session, cast, "amina", b"old"), send(session, cast, "amina", b"fresh")
        theirs = send(session, cast, "olga", b"theirs", to="olga")
        for row in (old, theirs):
            row.arrived_at = clock.now() - WAITING_LIFE - timedelta(minutes=1)
        old_blob, fresh_id, before = old.blob_id, fresh.id, session.scalar(select(func.count()).select_from(AuditEvent))
        session.commit()
    keep_house(installation.database, installation.store, Event())
    with installation.database.reading() as session:
        assert list(session.scalars(select(WaitingFile.id))) == [fresh_id]
        assert session.get_one(Blob, old_blob).state is not BlobState.KEPT
        verbs = session.scalars(select(AuditEvent.verb).order_by(AuditEvent.id).offset(before))
        assert list(verbs).count("storage.sweep_waiting") == 2, "one for each centre"
    keep_house(installation.database, installation.store, Event())
    with installation.database.reading() as session:
        swept = select(func.count()).where(AuditEvent.verb == "storage.sweep_waiting")
        assert session.scalar(swept) == 2
