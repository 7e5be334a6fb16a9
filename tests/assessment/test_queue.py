"""The queue: what waits for whom, in which order and state, page by page; and what was released."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.assessment import marking, queue_queries, released_queries
from portfolio.assessment.queue_queries import QueueState, Slice
from portfolio.assessment.rules import ItemState
from portfolio.mapping.rules import Outcome
from portfolio.policy.checks import visible_joined
from portfolio.policy.permissions import Permission
from tests.assessment.desk import handed_in_by, judged, opened, save
from tests.cast import Cast, item

MET, INSUFFICIENT = Outcome.MET, Outcome.INSUFFICIENT


def waiting(
    session: Session, cast: Cast, by: str, *, limit: int = 30, after: int | None = None, before: int | None = None
) -> Slice:
    """Somebody's queue."""
    actor = cast.actor(by, session)
    within = visible_joined(actor, Permission.ITEM_MARK)
    return queue_queries.waiting(
        session, actor, within, state=ItemState.WAITING, limit=limit, after=after, before=before
    )


def countersigning(session: Session, cast: Cast, by: str) -> Slice:
    """What somebody may countersign."""
    actor = cast.actor(by, session)
    within = visible_joined(actor, Permission.ITEM_COUNTERSIGN)
    return queue_queries.waiting(session, actor, within, state=ItemState.COUNTERSIGN, limit=30)


def test_the_queue_holds_what_the_actor_may_judge(cast: Cast, session: Session) -> None:
    for name in ("marguerite", "tobias"):
        (row,) = waiting(session, cast, name).rows
        assert (row.learner, row.ref, row.criteria, row.decided) == ("Amina Ramachandran-Hughes", "E002", 2, 0)
        assert row.state is QueueState.NEW
    assert [row.ref for row in waiting(session, cast, "oscar").rows] == ["E001"]
    for name in ("dafydd", "iris", "ada", "ewan", "amina"):
        assert waiting(session, cast, name) == Slice([], 0, None, has_previous=False, has_next=False)


def test_it_says_how_far_each_item_is(cast: Cast, session: Session) -> None:
    found = opened(session, cast, "marguerite")
    assert waiting(session, cast, "marguerite").rows[0].state is QueueState.OPENED
    rev = save(session, cast, "marguerite", found, MET, None).rev
    (row,) = waiting(session, cast, "marguerite").rows
    assert (row.state, row.decided, row.is_ready, row.others) == (QueueState.SAVED, 1, False, ())
    save(session, cast, "marguerite", found, MET, MET, rev=rev)
    assert waiting(session, cast, "marguerite").rows[0].is_ready
    (row,) = waiting(session, cast, "tobias").rows
    assert (row.state, row.decided, row.others) == (QueueState.OPENED, 0, ("Marguerite Okonkwo-Lindqvist",))


def test_it_says_who_is_at_an_item_for_two_minutes(
    cast: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    marking.be_here(session, cast.actor("tobias", session), opened(session, cast, "tobias"))
    (row,) = waiting(session, cast, "marguerite").rows
    assert [one.name for one in row.here] == ["Tobias Achterberg"]
    assert waiting(session, cast, "tobias").rows[0].here == ()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=3))
    assert waiting(session, cast, "marguerite").rows[0].here == ()


def test_what_was_handed_over_moves_to_whoever_countersigns(cast: Cast, session: Session) -> None:
    found = opened(session, cast, "tobias")
    judged(session, cast, "tobias", found, MET, INSUFFICIENT)
    assert waiting(session, cast, "marguerite").total == waiting(session, cast, "tobias").total == 0
    (row,) = countersigning(session, cast, "dafydd").rows
    assert (row.ref, row.trainee, row.state) == ("E002", "Tobias Achterberg", QueueState.COUNTERSIGN)
    for name in ("marguerite", "tobias", "oscar"):
        assert countersigning(session, cast, name).rows == []
    marking.countersign(session, cast.actor("dafydd", session), found)
    assert countersigning(session, cast, "dafydd").total == 0


def test_released_work_is_listed_by_whoever_released_it(cast: Cast, session: Session) -> None:
    judged(session, cast, "tobias", opened(session, cast, "tobias"), MET, INSUFFICIENT)

    def listed(name: str, state: ItemState) -> list[tuple[str, dict[Outcome, int], tuple[str, ...]]]:
        actor = cast.actor(name, session)
        within = visible_joined(actor, Permission.ITEM_SEE)
        rows = released_queries.released(session, actor, within, state=state, limit=10)
        return [(row.ref, dict(row.outcomes), row.countersigners) for row in rows]

    assert listed("marguerite", ItemState.RELEASED) == [("E001", {MET: 1, INSUFFICIENT: 1}, ())]
    assert listed("tobias", ItemState.RELEASED) == []
    assert listed("tobias", ItemState.COUNTERSIGN) == [("E002", {MET: 1, INSUFFICIENT: 1}, ("Dafydd Prys-Jenkins",))]
    assert listed("dafydd", ItemState.COUNTERSIGN) == []


@pytest.fixture
def seven(cast: Cast, session: Session) -> list[int]:
    """Seven items in Marguerite's queue, oldest first; in one instant each, so that ids decide."""
    made = [handed_in_by(session, cast, "ben", f"Item {n}", {"1.1": "So."}).id for n in range(6)]
    return [cast.items["amina E002"], *made]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
def test_pages_hold_everything_once_in_both_directions(
    cast: Cast, session: Session, seven: list[int], limit: int
) -> None:
    pages = [waiting(session, cast, "marguerite", limit=limit)]
    while pages[-1].has_next:
        pages.append(waiting(session, cast, "marguerite", limit=limit, after=pages[-1].rows[-1].item_id))
    assert [row.item_id for page in pages for row in page.rows] == seven
    assert [page.has_previous for page in pages] == [False] + [True] * (len(pages) - 1)
    assert {(page.total, page.oldest) for page in pages} == {(7, pages[0].rows[0].handed_in_at)}
    back = [pages[-1]]
    while back[-1].has_previous:
        back.append(waiting(session, cast, "marguerite", limit=limit, before=back[-1].rows[0].item_id))
    assert sorted(row.item_id for page in back for row in page.rows) == seven
    assert all(page.has_next for page in back[1:])


def test_a_page_cannot_begin_at_an_item_out_of_sight(cast: Cast, session: Session) -> None:
    """It would tell when that item was handed in."""
    assert waiting(session, cast, "marguerite", after=cast.items["olga E001"]).rows == []
    assert waiting(session, cast, "marguerite", before=cast.items["olga E001"]).rows == []


def test_an_item_knows_its_neighbours(cast: Cast, session: Session, seven: list[int]) -> None:
    actor = cast.actor("marguerite", session)
    within = visible_joined(actor, Permission.ITEM_MARK)

    def beside(item_id: int) -> queue_queries.Beside:
        return queue_queries.beside(session, actor, within, item_id, state=ItemState.WAITING)

    assert [(beside(i).previous_id, beside(i).position, beside(i).next_id) for i in seven[:2] + seven[-1:]] == [
        (None, 1, seven[1]),
        (seven[0], 2, seven[2]),
        (seven[-2], 7, None),
    ]
    assert [row.item_id for row in beside(seven[-1]).rows] == seven[2:]
    assert [(beside(i).before, beside(i).after) for i in (seven[0], seven[-1])] == [(0, 0), (2, 0)]
    elsewhere = beside(item(session, cast, "amina E001").id)
    assert (elsewhere.position, elsewhere.total, elsewhere.previous_id, elsewhere.next_id) == (0, 7, None, seven[0])
