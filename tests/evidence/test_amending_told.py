"""Who is told that an item was amended, what of it changed, and for how long. On both engines."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.assessment.breach_queries import TOLD_FOR, amended_lately
from portfolio.evidence import amending
from portfolio.evidence.actions import Details
from portfolio.evidence.breach_queries import amendments_of, hidden_in, hidden_of
from portfolio.evidence.models import Evidence
from portfolio.evidence.queries import items_of
from portfolio.evidence.rules import HIDDEN
from portfolio.export.amending import mend
from portfolio.mapping.item_queries import Filters, Order, find
from portfolio.policy.checks import visible
from portfolio.policy.permissions import Permission
from tests.cast import Cast
from tests.evidence.breaches import NAME, item_with_a_name, kept, mark, mended, without_the_name


def told(session: Session, cast: Cast, name: str) -> list[str]:
    """What this person's queue says was amended."""
    actor = cast.actor(name, session)
    rows = amended_lately(
        session,
        actor,
        seen=visible(actor, Permission.EVIDENCE_SEE),
        to_mark=visible(actor, Permission.ITEM_MARK),
        to_countersign=visible(actor, Permission.ITEM_COUNTERSIGN),
    )
    return [f"{row.ref} of {row.learner}" for row in rows]


def test_those_are_told_who_have_it_in_their_queue_for_a_fortnight(cast: Cast) -> None:
    mended(cast)
    with cast.installation.database.reading() as session:
        found = {name: told(session, cast, name) for name in ("marguerite", "tobias", "dafydd", "amina")}
        with clock.fixed(clock.now() + TOLD_FOR + timedelta(minutes=1)):
            later = told(session, cast, "marguerite")
    expected = ["E005 of Amina Ramachandran-Hughes"]
    assert found == {"marguerite": expected, "tobias": expected, "dafydd": [], "amina": []}
    assert later == []


def test_whoever_judged_it_is_told_and_nobody_of_what_they_did_themselves(session: Session, cast: Cast) -> None:
    evidence = item_with_a_name(session, cast)
    mark(session, cast, "amina E005")
    amending.hide(session, cast.actor("amina", session), evidence, words="Page 1")
    assert evidence.current is not None
    mending = without_the_name(session, cast, evidence)
    ada, store = cast.actor("ada", session), cast.installation.store
    mend(session, ada, evidence, store, mending, rev=evidence.current.rev)
    assert told(session, cast, "marguerite") == ["E005 of Amina Ramachandran-Hughes"]
    assert told(session, cast, "tobias") == []
    assert told(session, cast, "ada") == []


def test_what_changed_is_named_and_never_quoted(cast: Cast) -> None:
    mended(cast, replaced=True)
    with cast.installation.database.reading() as session:
        [amended] = amendments_of(session, cast.enrolments["amina"])
    assert amended.fields == ("title", "context", "role", "body", "custody")
    assert amended.claims == ("1.3",)
    assert [file.name for file in amended.removed] == ["letter.txt"]
    assert amended.words.startswith("A customer's name was in it. Changed: the title; what it is about;")
    assert NAME not in amended.words


def test_a_file_that_is_only_called_otherwise_is_named_too(session: Session, cast: Cast) -> None:
    evidence = item_with_a_name(session, cast)
    amending.hide(session, cast.actor("amina", session), evidence, words="The name of the file")
    assert evidence.current is not None
    mending = kept(session, evidence)
    files = {
        id_: amending.Kept("letter.txt") if NAME in fate.name else fate for id_, fate in mending.files.items() if fate
    }
    mending = kept(session, evidence, files=files)
    mend(session, cast.actor("amina", session), evidence, cast.installation.store, mending, rev=evidence.current.rev)
    [amended] = amendments_of(session, cast.enrolments["amina"])
    assert (amended.fields, amended.claims, amended.removed) == (("name",), (), ())
    assert amended.changed == "the name of a file"


def test_the_last_change_is_the_amendment(session: Session, cast: Cast) -> None:
    evidence = item_with_a_name(session, cast)
    later = clock.now() + timedelta(days=3)
    amending.hide(session, cast.actor("amina", session), evidence, words="Page 1")
    assert evidence.current is not None
    with clock.fixed(later):
        mending = kept(session, evidence, details=Details("Letter"))
        mend(session, cast.actor("ada", session), evidence, cast.installation.store, mending, rev=evidence.current.rev)
    me = cast.people["amina"]
    rows = {row.ref: row for row in items_of(session, evidence.enrolment_id, drafts_of=me)}
    assert rows["E005"].changed_at == later
    within = visible(cast.actor("amina", session), Permission.EVIDENCE_SEE)
    found = find(session, within, evidence.enrolment_id, Filters(), drafts_of=me, order=Order.CHANGE, limit=10)
    assert found.rows[0].ref == "E005"


def test_only_its_maker_sees_the_title_of_a_hidden_item(session: Session, cast: Cast) -> None:
    evidence = item_with_a_name(session, cast)
    amending.hide(session, cast.actor("marguerite", session), evidence, words="Page 1")
    titles = {
        name: {row.ref: row.title for row in items_of(session, evidence.enrolment_id, drafts_of=cast.people[name])}
        for name in ("amina", "ada")
    }
    assert titles["amina"]["E005"] == f"Letter to {NAME}"
    assert titles["ada"]["E005"] == HIDDEN


@pytest.mark.parametrize(("who", "is_own", "is_reporter"), [("amina", True, False), ("marguerite", False, True)])
def test_a_list_of_what_is_hidden_says_whose_it_is(
    session: Session, cast: Cast, who: str, is_own: bool, is_reporter: bool
) -> None:
    evidence = item_with_a_name(session, cast)
    amending.hide(session, cast.actor("marguerite", session), evidence, words="Page 1")
    within = visible(cast.actor(who, session), Permission.ENROLMENT_SEE)
    [row] = hidden_in(session, within, cast.people[who])
    assert (row.ref, row.is_own, row.is_hidden_by_asker) == ("E005", is_own, is_reporter)
    assert hidden_of(session, evidence.enrolment_id, cast.people[who]) == [row]
    assert hidden_of(session, cast.enrolments["olga"], cast.people[who]) == []
    assert session.get_one(Evidence, evidence.id).breaches[0].reported_by_id == cast.people["marguerite"]
