"""What the book says of how each item was looked through for personal data, and by whom it was decided."""

from datetime import UTC, datetime

from sqlalchemy import select

from portfolio.anonymise.detect import VERSION
from portfolio.anonymise.findings import Label
from portfolio.documents.wordbook.content import Fact
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import Evidence
from portfolio.export.looked import looked_facts
from portfolio.export.looked_queries import Decided, FileLooked, LookedThrough, looked_through
from portfolio.installation import Installation
from portfolio.screening import acting
from portfolio.screening.acting import Entry
from portfolio.screening.models import Scan
from portfolio.screening.rules import Outcome, Reason, ScanState
from tests.cast import Cast
from tests.export.scenes import made, rows_of

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
EARLIER = datetime(2026, 11, 3, 9, tzinfo=UTC)


def told(facts: list[Fact]) -> dict[str, str]:
    """The lines that are drawn."""
    return {fact.label: fact.value for fact in facts if fact.value}


def test_an_item_in_which_nothing_was_found_says_so_and_no_more() -> None:
    assert told(looked_facts(LookedThrough(), (), NOON)) == {
        "Looked through": f"Words by release {VERSION} on 22 November 2026.",
        "Found": "Nothing that had to be decided",
    }


def test_what_was_found_is_counted_by_its_sort_and_decisions_have_names_and_reasons() -> None:
    decided = [
        Decided(Outcome.REPLACED, Label.PERSON, 3, None, "Amina", "learner", EARLIER),
        Decided(Outcome.REPLACED, Label.PHONE, 1, None, "Amina", "learner", EARLIER),
        Decided(Outcome.KEPT, Label.PERSON, 1, Reason.PUBLIC, "Amina", "learner", EARLIER),
    ]
    files = {
        "a": FileLooked("1", EARLIER, True, "", None),
        "b": FileLooked("1", NOON, True, "", None),
        "c": FileLooked("1", NOON, False, "Amina", EARLIER),
        "d": FileLooked("", None, False, "", None),
    }
    assert told(looked_facts(LookedThrough(decided, files), ("a", "b", "c", "d", "a"), NOON)) == {
        "Looked through": f"Words by release {VERSION} on 22 November 2026. "
        "3 files by release 1 last on 22 November 2026, 1 not in full.",
        "Found": "name of a person 4, phone number 1",
        "Replaced": "4 places by Amina (learner) on 3 November 2026",
        "Kept": "1 place by Amina (learner) on 3 November 2026: it is public, such as an author or somebody in office",
        "Checked by hand": "1 file by Amina on 3 November 2026",
    }


def test_only_the_newest_decision_is_told(installation: Installation, cast: Cast) -> None:
    with installation.database.writing() as session:
        enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
        item, amina = session.get_one(Evidence, cast.evidence["amina E002"]), cast.actor("amina", session)
        entries = [Entry("k" * 64, Label.PERSON, places=2), Entry("u" * 64, Label.EMAIL)]
        otherwise = [Entry("k" * 64, Label.PHONE)]
        acts = (Outcome.KEPT, entries), (Outcome.UNDONE, entries[1:]), (Outcome.RELABELLED, otherwise)
        for outcome, about in acts:
            act = acting.decide(session, amina, item.uid, enrolment, about, outcome, reason=Reason.AGREED)
            acting.tell(session, amina, "personal.keep", item, enrolment, act)
        session.commit()
        found = looked_through(session, enrolment.id)[item.uid].decided
    assert [(one.outcome, one.label, one.places, one.by) for one in found] == [
        (Outcome.KEPT, Label.PHONE, 2, "Amina Ramachandran-Hughes")
    ]


def test_the_book_says_it_of_each_item_and_calls_nothing_anonymous(installation: Installation, cast: Cast) -> None:
    rows = rows_of(made(installation, cast))
    said = [row for row in rows if "Looked through | " in row]
    assert len(said) == 2
    assert all(f"Words by release {VERSION} on" in row for row in said)
    assert sum("1 file by release" in row for row in said) == 1
    assert "anonym" not in "\n".join(rows).lower()


def test_what_was_checked_by_hand_has_a_name(installation: Installation, cast: Cast) -> None:
    with installation.database.writing() as session:
        item = session.get_one(Evidence, cast.evidence["amina E001"])
        scan = session.scalars(select(Scan).where(Scan.item_uid == item.uid, Scan.source != "")).one()
        scan.state, scan.checked_by_id, scan.checked_at = ScanState.UNREADABLE, cast.people["amina"], EARLIER
        session.commit()
    rows = rows_of(made(installation, cast))
    assert any("Checked by hand | 1 file by Amina Ramachandran-Hughes on 3 November 2026" in row for row in rows)
