"""Drafts: one for each person and place, never overwritten by an older window, gone when saved or forgotten."""

from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.drafts import actions
from portfolio.drafts.models import Draft
from portfolio.drafts.queries import find, row_at
from portfolio.drafts.rules import BYTES_MOST, KEPT_DAYS
from portfolio.errors import Conflict, Rejected, TooLarge
from portfolio.housekeeping import keep_house
from portfolio.installation import Installation
from tests.cast import Cast

PLACE = "evidence.write.1"


def kept(session: Session, person_id: int, place: str = PLACE) -> dict[str, object] | None:
    """What is kept at a place."""
    draft = find(session, person_id, place)
    return draft.content if draft else None


def test_what_was_typed_is_found_again_by_its_writer_alone(session: Session, cast: Cast) -> None:
    ben, amina = cast.people["ben"], cast.people["amina"]
    actions.save(session, ben, PLACE, {"title": "A call", "criterion": ["1", "2"]})
    session.commit()
    assert kept(session, ben) == {"title": "A call", "criterion": ["1", "2"]}
    assert kept(session, amina) is None
    assert kept(session, ben, "evidence.write.2") is None


def test_the_last_one_wins_where_no_revision_is_given(session: Session, cast: Cast) -> None:
    ben = cast.people["ben"]
    actions.save(session, ben, PLACE, {"title": "One"})
    actions.save(session, ben, PLACE, {"title": "Two"})
    assert kept(session, ben) == {"title": "Two"}


def test_an_older_window_is_told_what_is_kept(session: Session, cast: Cast) -> None:
    ben = cast.people["ben"]
    first = actions.save(session, ben, PLACE, {"title": "One"}, rev=0).rev
    actions.save(session, ben, PLACE, {"title": "Two"}, rev=first)
    for old in (0, first):
        with pytest.raises(Conflict) as found:
            actions.save(session, ben, PLACE, {"title": "Three"}, rev=old)
        assert found.value.theirs == {"title": "Two"}
    assert kept(session, ben) == {"title": "Two"}


def test_a_cleared_draft_is_gone_and_its_revisions_never_come_again(session: Session, cast: Cast) -> None:
    ben = cast.people["ben"]
    old = actions.save(session, ben, PLACE, {"title": "One"}).rev
    actions.clear(session, ben, PLACE)
    assert kept(session, ben) is None
    new = actions.save(session, ben, PLACE, {"title": "Afresh"}, rev=0)
    assert new.rev > old
    with pytest.raises(Conflict):
        actions.save(session, ben, PLACE, {"title": "From a forgotten window"}, rev=old)
    assert kept(session, ben) == {"title": "Afresh"}


def test_a_window_whose_draft_was_cleared_goes_on_writing(session: Session, cast: Cast) -> None:
    ben = cast.people["ben"]
    old = actions.save(session, ben, PLACE, {"title": "One"}).rev
    actions.clear(session, ben, PLACE)
    actions.save(session, ben, PLACE, {"title": "One, and more"}, rev=old)
    assert kept(session, ben) == {"title": "One, and more"}


def test_clearing_what_was_never_begun_leaves_nothing_to_find(session: Session, cast: Cast) -> None:
    ben = cast.people["ben"]
    actions.clear(session, ben, PLACE)
    assert kept(session, ben) is None
    row = row_at(session, ben, PLACE)
    assert row is not None
    assert row.content == {}


def test_every_clearing_raises_the_revision(session: Session, cast: Cast) -> None:
    ben = cast.people["ben"]
    revs = []
    for _ in range(3):
        actions.clear(session, ben, PLACE)
        row = row_at(session, ben, PLACE)
        assert row is not None
        revs.append(row.rev)
    assert revs == sorted(set(revs))


@pytest.mark.parametrize(
    "place",
    ["", "Evidence.write.1", "evidence..write", "evidence.write.", "../etc", "a b", "1", "e.-1", "e." + "a" * 80],
)
def test_what_is_no_place_is_refused(session: Session, cast: Cast, place: str) -> None:
    with pytest.raises(Rejected, match="no such place"):
        actions.save(session, cast.people["ben"], place, {"title": "One"})


def test_a_draft_has_a_largest_size(session: Session, cast: Cast) -> None:
    ben = cast.people["ben"]
    actions.save(session, ben, PLACE, {"body": "a" * (BYTES_MOST - 20)})
    with pytest.raises(TooLarge, match="too long"):
        actions.save(session, ben, PLACE, {"body": "a" * BYTES_MOST})
    assert len(str(kept(session, ben))) < BYTES_MOST


def test_housekeeping_removes_what_nobody_has_touched_for_long(installation: Installation, cast: Cast) -> None:
    ben = cast.people["ben"]
    with installation.database.writing() as session:
        with clock.fixed(clock.now() - timedelta(days=KEPT_DAYS, minutes=1)):
            actions.save(session, ben, "evidence.write.1", {"title": "Old"})
            actions.save(session, ben, "evidence.write.2", {"title": "Old and cleared"})
            actions.clear(session, ben, "evidence.write.2")
        with clock.fixed(clock.now() - timedelta(days=KEPT_DAYS - 1)):
            actions.save(session, ben, "evidence.write.3", {"title": "Recent"})
        session.commit()
    keep_house(installation.database, installation.store, Event())
    with installation.database.reading() as session:
        assert list(session.scalars(select(Draft.place))) == ["evidence.write.3"]
