"""Notices: told as people chose, folded while unread, put away once, settled by whoever sees to it, gone in the end."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.models import Person
from portfolio.audit.models import AuditEvent
from portfolio.centres.models import Centre
from portfolio.housekeeping import keep_house
from portfolio.installation import Installation
from portfolio.notices import actions, queries
from portfolio.notices.rules import (
    BY_LETTER_OF_ITS_OWN,
    GATHERED_FOR,
    KEPT_FOR,
    KIND_WORDS,
    PAUSES,
    NoticeKind,
    Posting,
    Switch,
    joined,
    next_try,
    without,
)
from tests.cast import Cast
from tests.notices.told import ABOUT, forget_all, notices, said, tell_of

COLUMN = 24
"""How many characters the columns of both take."""


@pytest.fixture
def quiet(session: Session, cast: Cast) -> Session:
    """A session in which nobody was told anything yet."""
    assert cast.people
    forget_all(session)
    return session


def switch(session: Session, cast: Cast, name: str, *, screen: bool, mail: bool) -> None:
    """How somebody wants to be told of feedback."""
    actions.set_switches(session, cast.people[name], {NoticeKind.FEEDBACK: Switch(screen, mail)})


def test_everybody_is_told_but_whoever_caused_it(quiet: Session, cast: Cast) -> None:
    tell_of(quiet, cast, "marguerite", "tobias", "marguerite", kind=NoticeKind.SUBMITTED, by="tobias")
    assert said(quiet, cast, "marguerite") == [(NoticeKind.SUBMITTED, {"refs": ["E001"]})]
    assert said(quiet, cast, "tobias") == []
    tell_of(quiet, cast, "tobias", by="tobias")
    assert notices(quiet, cast, "tobias") == []


def test_a_notice_leaves_no_trail_and_goes_with_its_transaction(installation: Installation, cast: Cast) -> None:
    with installation.database.writing() as session:
        forget_all(session)
        before = len(session.scalars(select(AuditEvent.id)).all())
        session.commit()
    with installation.database.writing() as session:
        tell_of(session, cast, "amina")
    with installation.database.writing() as session:
        assert notices(session, cast, "amina") == []
        tell_of(session, cast, "amina")
        session.commit()
    with installation.database.reading() as session:
        assert len(notices(session, cast, "amina")) == 1
        assert len(session.scalars(select(AuditEvent.id)).all()) == before


@pytest.mark.parametrize(
    ("screen", "mail", "expected"),
    [
        (True, True, [(True, Posting.DUE)]),
        (True, False, [(True, Posting.NONE)]),
        (False, True, [(False, Posting.DUE)]),
        (False, False, []),
    ],
)
def test_people_are_told_as_they_chose(
    quiet: Session, cast: Cast, screen: bool, mail: bool, expected: list[tuple[bool, Posting]]
) -> None:
    switch(quiet, cast, "amina", screen=screen, mail=mail)
    tell_of(quiet, cast, "amina", "ben")
    assert [(row.is_on_screen, row.posting) for row in notices(quiet, cast, "amina")] == expected
    assert [(row.is_on_screen, row.posting) for row in notices(quiet, cast, "ben")] == [(True, Posting.DUE)]
    tell_of(quiet, cast, "amina", kind=NoticeKind.CRITERIA)
    assert notices(quiet, cast, "amina")[-1].posting is Posting.DUE, "each kind has a switch of its own"


def test_a_letter_waits_a_little_for_more(quiet: Session, cast: Cast) -> None:
    tell_of(quiet, cast, "amina")
    assert queries.due(quiet) == []
    with clock.fixed(clock.now() + GATHERED_FOR):
        assert queries.due(quiet) == [(cast.people["amina"], cast.homes["amina"])]


def test_a_kind_that_has_a_letter_of_its_own_gets_no_other(quiet: Session, cast: Cast) -> None:
    assert {NoticeKind.INVITED} == BY_LETTER_OF_ITS_OWN
    tell_of(quiet, cast, "amina", kind=NoticeKind.INVITED)
    assert notices(quiet, cast, "amina")[0].posting is Posting.NONE


def test_what_is_unread_of_the_same_becomes_one(quiet: Session, cast: Cast) -> None:
    tell_of(quiet, cast, "amina", refs=("E001",))
    tell_of(quiet, cast, "amina", refs=("E003", "E001"))
    tell_of(quiet, cast, "amina", refs=("E004",), about=("enrolment", 2))
    tell_of(quiet, cast, "amina", refs=("E005",), kind=NoticeKind.COUNTERSIGN)
    assert said(quiet, cast, "amina") == [
        (NoticeKind.FEEDBACK, {"refs": ["E001", "E003"]}),
        (NoticeKind.FEEDBACK, {"refs": ["E004"]}),
        (NoticeKind.COUNTERSIGN, {"refs": ["E005"]}),
    ]
    actions.put_away(quiet, notices(quiet, cast, "amina")[0])
    tell_of(quiet, cast, "amina", refs=("E006",))
    assert said(quiet, cast, "amina")[-1] == (NoticeKind.FEEDBACK, {"refs": ["E006"]})


def test_what_is_told_later_leaves_what_is_older_its_time(quiet: Session, cast: Cast) -> None:
    start = clock.now()
    for minutes, ref in ((0, "E001"), (2, "E002"), (3, "E003")):
        with clock.fixed(start + timedelta(minutes=minutes)):
            tell_of(quiet, cast, "amina", refs=(ref,))
    told = [(row.facts["refs"], row.told_at - start) for row in notices(quiet, cast, "amina")]
    assert told == [(["E001", "E002"], timedelta(0)), (["E003"], GATHERED_FOR)], "one letter's worth, then a new notice"
    listed = queries.rows(quiet, person_id=cast.people["amina"], centre_id=cast.homes["amina"], limit=9)
    assert [row.facts["refs"] for row in listed] == [["E003"], ["E001", "E002"]]


def test_settling_what_came_later_leaves_the_older_notice_as_it_was(quiet: Session, cast: Cast) -> None:
    tell_of(quiet, cast, "amina", refs=("E001",))
    (older,) = notices(quiet, cast, "amina")
    actions.posted(older)
    came = older.told_at
    with clock.fixed(came + timedelta(days=11)):
        tell_of(quiet, cast, "amina", refs=("E002",))
        assert [row.posting for row in notices(quiet, cast, "amina")] == [Posting.SENT, Posting.DUE]
        home = cast.homes["amina"]
        actions.settle(quiet, centre_id=home, kind=NoticeKind.FEEDBACK, about=ABOUT, refs=["E002"])
    older, newer = notices(quiet, cast, "amina")
    assert (older.facts, older.told_at, older.read_at, older.posting) == ({"refs": ["E001"]}, came, None, Posting.SENT)
    assert newer.read_at is not None
    assert (newer.posting, newer.next_try_at) == (Posting.NONE, None), "no letter goes for what was taken back"


def test_more_to_say_after_the_letter_went_is_a_notice_and_a_letter_of_its_own(quiet: Session, cast: Cast) -> None:
    tell_of(quiet, cast, "amina", refs=("E001",))
    (notice,) = notices(quiet, cast, "amina")
    actions.posted(notice)
    tell_of(quiet, cast, "amina", refs=("E002",))
    told = [(row.facts["refs"], row.posting, row.attempts) for row in notices(quiet, cast, "amina")]
    assert told == [(["E001"], Posting.SENT, 0), (["E002"], Posting.DUE, 0)]


def test_what_comes_while_a_letter_is_going_is_a_notice_of_its_own(quiet: Session, cast: Cast) -> None:
    tell_of(quiet, cast, "amina", refs=("E001",))
    actions.take(quiet, person_id=cast.people["amina"], centre_id=cast.homes["amina"])
    tell_of(quiet, cast, "amina", refs=("E002",))
    assert [row.facts["refs"] for row in notices(quiet, cast, "amina")] == [["E001"], ["E002"]]


def test_putting_away_is_once_and_stops_the_letter(quiet: Session, cast: Cast) -> None:
    tell_of(quiet, cast, "amina")
    (notice,) = notices(quiet, cast, "amina")
    actions.put_away(quiet, notice)
    assert (notice.posting, notice.next_try_at) == (Posting.NONE, None)
    first = notice.read_at
    with clock.fixed(clock.now() + timedelta(days=1)):
        actions.put_away(quiet, notice)
    assert notice.read_at == first


def test_putting_all_away_is_one_persons_in_one_centre(quiet: Session, cast: Cast) -> None:
    for name in ("amina", "ben"):
        tell_of(quiet, cast, name)
        tell_of(quiet, cast, name, kind=NoticeKind.CRITERIA)
    elsewhere = notices(quiet, cast, "amina")[1]
    elsewhere.centre_id = cast.homes["odette"]
    quiet.flush()
    assert actions.put_all_away(quiet, person_id=cast.people["amina"], centre_id=cast.homes["amina"]) == 1
    assert [row.read_at is None for row in notices(quiet, cast, "amina")] == [False, True]
    assert len(said(quiet, cast, "ben")) == 2


def test_putting_all_away_and_telling_more_do_not_wait_for_each_other(installation: Installation, cast: Cast) -> None:
    """What is told in the other order while everything is put away: both come to an end, and nothing told is lost."""
    amina, home = cast.people["amina"], cast.homes["amina"]
    with installation.database.writing() as session:
        forget_all(session)
        tell_of(session, cast, "amina")
        tell_of(session, cast, "amina", kind=NoticeKind.CRITERIA)
        session.commit()

    def put_away() -> int:
        with installation.database.writing() as session:
            count = actions.put_all_away(session, person_id=amina, centre_id=home)
            session.commit()
        return count

    with ThreadPoolExecutor(1) as thread, installation.database.writing() as session:
        tell_of(session, cast, "amina", kind=NoticeKind.CRITERIA, refs=("E002",))
        putting = thread.submit(put_away)
        wait([putting], timeout=0.5)
        tell_of(session, cast, "amina", refs=("E002",))
        session.commit()
        count = putting.result(timeout=30)
    with installation.database.reading() as session:
        told = notices(session, cast, "amina")
        is_one_at_a_time = installation.database.engine.dialect.name == "sqlite"
        assert count == (2 if is_one_at_a_time else 1)
        unread = [row for row in told if row.read_at is None]
        assert [row.facts["refs"] for row in unread] == ([] if is_one_at_a_time else [["E001", "E002"], ["E002"]])
        assert len(told) == (2 if is_one_at_a_time else 3)


def unread(session: Session, person_id: int, centre_id: int) -> int:
    """How many somebody has not put away, as whoever asks who is signed in counts them."""
    count = select(queries.unread_of(Person.id, Centre.id)).select_from(Person)
    return session.execute(count.join(Centre, Centre.id == centre_id).where(Person.id == person_id)).scalar_one()


def test_counting_and_listing_is_ones_own_in_one_centre_and_on_screen(quiet: Session, cast: Cast) -> None:
    amina, home = cast.people["amina"], cast.homes["amina"]
    switch(quiet, cast, "ben", screen=False, mail=True)
    for number in range(5):
        with clock.fixed(clock.now() + timedelta(minutes=number)):
            tell_of(quiet, cast, "amina", about=("enrolment", number), refs=(f"E{number}",))
            tell_of(quiet, cast, "ben", about=("enrolment", number))
    assert unread(quiet, amina, home) == 5
    assert unread(quiet, cast.people["ben"], home) == 0
    assert queries.rows(quiet, person_id=cast.people["ben"], centre_id=home, limit=9) == []
    assert unread(quiet, amina, cast.homes["odette"]) == 0
    first = queries.rows(quiet, person_id=amina, centre_id=home, limit=2)
    assert [row.facts["refs"] for row in first] == [["E4"], ["E3"]]
    rest = queries.rows(quiet, person_id=amina, centre_id=home, limit=9, before=first[-1].id)
    assert [row.facts["refs"] for row in rest] == [["E2"], ["E1"], ["E0"]]
    foreign = notices(quiet, cast, "ben")[0].id
    assert queries.rows(quiet, person_id=amina, centre_id=home, limit=9, before=foreign) == []


def test_who_sees_to_it_settles_it_for_everybody(quiet: Session, cast: Cast) -> None:
    tell_of(quiet, cast, "marguerite", "tobias", kind=NoticeKind.SUBMITTED, refs=("E001", "E002"))
    tell_of(quiet, cast, "marguerite", kind=NoticeKind.SUBMITTED, refs=("E001",), about=("enrolment", 2))

    def settle(ref: str) -> None:
        actions.settle(quiet, centre_id=cast.homes["ada"], kind=NoticeKind.SUBMITTED, about=ABOUT, refs=[ref])

    settle("E001")
    assert said(quiet, cast, "tobias") == [(NoticeKind.SUBMITTED, {"refs": ["E002"]})]
    settle("E002")
    assert said(quiet, cast, "tobias") == []
    assert said(quiet, cast, "marguerite") == [(NoticeKind.SUBMITTED, {"refs": ["E001"]})]
    assert [row.posting for row in notices(quiet, cast, "tobias")] == [Posting.NONE]


def test_switches_are_per_kind_and_stay_as_they_were_for_the_others(quiet: Session, cast: Cast) -> None:
    ben = cast.people["ben"]
    assert queries.switches(quiet, ben) == dict.fromkeys(NoticeKind, Switch())
    actions.set_switches(
        quiet, ben, {NoticeKind.FEEDBACK: Switch(True, False), NoticeKind.CRITERIA: Switch(False, True)}
    )
    actions.set_switches(quiet, ben, {NoticeKind.FEEDBACK: Switch(False, False)})
    found = queries.switches(quiet, ben)
    assert found[NoticeKind.FEEDBACK] == Switch(False, False)
    assert found[NoticeKind.CRITERIA] == Switch(False, True)
    assert found[NoticeKind.SIGNED_OFF] == Switch()
    assert not queries.is_mailed(quiet, ben, NoticeKind.FEEDBACK)
    assert queries.is_mailed(quiet, cast.people["amina"], NoticeKind.FEEDBACK)


def test_a_letter_that_is_no_longer_wanted_does_not_go(quiet: Session, cast: Cast) -> None:
    tell_of(quiet, cast, "ben")
    tell_of(quiet, cast, "ben", kind=NoticeKind.CRITERIA)
    tell_of(quiet, cast, "amina")
    switch(quiet, cast, "ben", screen=True, mail=False)
    assert [row.posting for row in notices(quiet, cast, "ben")] == [Posting.NONE, Posting.DUE]
    assert [row.posting for row in notices(quiet, cast, "amina")] == [Posting.DUE]


def test_what_was_put_away_long_ago_is_removed_by_housekeeping(installation: Installation, cast: Cast) -> None:
    with installation.database.writing() as session:
        forget_all(session)
        for number in range(3):
            tell_of(session, cast, "amina", about=("enrolment", number))
        old, young, _unread = notices(session, cast, "amina")
        old.read_at = clock.now() - KEPT_FOR - timedelta(minutes=1)
        young.read_at = clock.now() - KEPT_FOR + timedelta(hours=1)
        session.commit()
    keep_house(installation.database, installation.store, Event())
    with installation.database.reading() as session:
        assert [row.about_id for row in notices(session, cast, "amina")] == [1, 2]


def test_pauses_grow_and_end() -> None:
    now = clock.now()
    times = [next_try(attempts, now) for attempts in range(1, len(PAUSES) + 2)]
    assert times[-1] is None
    waits = [at - now for at in times if at is not None]
    assert waits == sorted(set(waits))
    assert timedelta(hours=4) < sum(waits, timedelta()) < timedelta(hours=12)


def test_facts_are_joined_without_doubles() -> None:
    assert joined({}, {"refs": ["E001"]}) == {"refs": ["E001"]}
    assert joined({"refs": ["E001"], "unit": "A"}, {"refs": ["E002", "E001"], "unit": "B"}) == {
        "refs": ["E001", "E002"],
        "unit": "B",
    }
    assert without({"refs": ["E001", "E002"]}, ["E001"]) == {"refs": ["E002"]}
    assert without({}, ["E001"]) == {"refs": []}


def test_every_kind_has_words_and_fits_its_column() -> None:
    assert set(KIND_WORDS) == set(NoticeKind)
    assert max(len(kind) for kind in (*NoticeKind, *Posting)) <= COLUMN
