"""Known words: what lists take, that they lie sealed, what the trail tells, and two windows at once."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portfolio.anonymise.findings import Known
from portfolio.audit.streams import words_in
from portfolio.centres.models import Centre
from portfolio.centres.settings import ADMINISTRATOR, CentreSettings, kept_as
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import EnrolmentState
from portfolio.errors import Conflict, InvalidState, Rejected
from portfolio.evidence.models import Evidence
from portfolio.screening import scanning
from portfolio.screening.asking import BY_THIS_RELEASE, looked_through_before
from portfolio.screening.known import CENTRE_LINES, Lists, entries_in, lists_here, lists_of, save_lists
from portfolio.screening.models import Finding, KnownWords, Scan
from portfolio.screening.rules import ScanState
from tests.cast import Cast, add_file, write

KNOWN = Known(("Oluwaseun Adebayo", "Mrs Quill"), ("Harbour Lets",), ("Thornbury Water",))


def test_a_list_is_one_entry_a_line() -> None:
    text = "  Oluwaseun   Adebayo \n\nMrs Quill\noluwaseun adebayo\r\nO'Brien"
    assert entries_in(text, "people", most=10) == ("Oluwaseun Adebayo", "Mrs Quill", "O'Brien")
    assert entries_in(" \n", "people", most=10) == ()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Ann\nx\n" + "y" * 81, "Line 2 is too short to be looked for. Line 3 has more than 80 characters."),
        ("--", "Line 1 is too short to be looked for."),
        ("b\n" * 7, "2 more lines are like these."),
        ("\n".join(f"name {number}" for number in range(11)), "Keep this to 10 lines; these are 11."),
    ],
)
def test_bad_lines_are_named(typed: str, said: str) -> None:
    with pytest.raises(Rejected, match=said) as refusal:
        entries_in(typed, "leave_alone", most=10)
    assert refusal.value.field == "leave_alone"


def found_in(session: Session, evidence: Evidence, words: str) -> bool:
    body = evidence.latest.body
    rows = session.scalars(select(Finding).where(Finding.item_uid == evidence.uid, Finding.place == "body"))
    return any(words in body[row.start : row.end] for row in rows)


def amina(session: Session, cast: Cast) -> tuple[Centre, Enrolment]:
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    return enrolment.centre, enrolment


def test_lists_lie_sealed_and_the_trail_has_none_of_their_words(session: Session, cast: Cast) -> None:
    centre, enrolment = amina(session, cast)
    assert lists_of(session, centre) == Lists(Known(), 0)
    assert save_lists(session, cast.actor("ada"), centre, KNOWN, rev=0)
    session.commit()
    assert lists_of(session, centre) == Lists(KNOWN, 1)
    assert lists_of(session, centre, enrolment) == Lists(Known(), 0)
    kept = session.execute(text("SELECT sealed FROM known_words")).scalar_one()
    assert "Quill" not in kept
    told = words_in(session, centre.stream_id)[-1]
    assert (told.verb, told.text) == ("personal.list", {"people": 2, "organisations": 1, "leave_alone": 1})


def test_both_lists_are_known_of_an_enrolment(session: Session, cast: Cast) -> None:
    centre, enrolment = amina(session, cast)
    assert lists_here(session, enrolment) == (Known(), "c0.l0")
    save_lists(session, cast.actor("ada"), centre, KNOWN, rev=0)
    own = Known(("mrs quill", "Joan Tate"), (), ("Meter Plus",))
    assert save_lists(session, cast.actor("amina"), centre, own, rev=0, enrolment=enrolment)
    session.commit()
    known, digest = lists_here(session, enrolment)
    assert known.people == ("Oluwaseun Adebayo", "mrs quill", "Joan Tate")
    assert known.leave_alone == ("Thornbury Water", "Meter Plus")
    assert digest == "c1.l1"
    assert words_in(session, enrolment.stream_id)[-1].text == {"people": 2, "organisations": 0, "leave_alone": 1}
    other = session.get_one(Enrolment, cast.enrolments["ben"])
    assert lists_here(session, other) == (KNOWN, "c1.l0")
    assert lists_here(session, session.get_one(Enrolment, cast.enrolments["olga"])) == (Known(), "c0.l0")


def test_where_an_administrator_decides_learners_leave_nothing_alone(session: Session, cast: Cast) -> None:
    centre, enrolment = amina(session, cast)
    save_lists(session, cast.actor("amina"), centre, KNOWN, rev=0, enrolment=enrolment)
    centre.settings = kept_as(CentreSettings(override_by=ADMINISTRATOR))
    session.flush()
    known, digest = lists_here(session, enrolment)
    assert (known.people, known.leave_alone) == (KNOWN.people, ())
    assert digest == "c0.l1.a"


def test_nothing_is_told_when_nothing_changes(session: Session, cast: Cast) -> None:
    centre, enrolment = amina(session, cast)
    save_lists(session, cast.actor("amina"), centre, KNOWN, rev=0, enrolment=enrolment)
    session.commit()
    before = len(words_in(session, enrolment.stream_id))
    assert not save_lists(session, cast.actor("amina"), centre, KNOWN, rev=1, enrolment=enrolment)
    session.commit()
    assert len(words_in(session, enrolment.stream_id)) == before
    assert lists_of(session, centre, enrolment).rev == 1


def test_the_second_of_two_windows_sees_what_stands(session: Session, cast: Cast) -> None:
    centre, _enrolment = amina(session, cast)
    save_lists(session, cast.actor("ada"), centre, KNOWN, rev=0)
    session.commit()
    with pytest.raises(Conflict) as conflict:
        save_lists(session, cast.actor("ada"), centre, Known(), rev=0)
    assert conflict.value.theirs["People to find"] == "Oluwaseun Adebayo\nMrs Quill"
    assert save_lists(session, cast.actor("ada"), centre, Known(), rev=1)
    assert lists_of(session, centre) == Lists(Known(), 2)
    assert len(session.scalars(select(KnownWords)).all()) == 1


def test_a_portfolio_that_is_over_takes_no_new_words(session: Session, cast: Cast) -> None:
    centre, enrolment = amina(session, cast)
    enrolment.state = EnrolmentState.WITHDRAWN
    session.flush()
    with pytest.raises(InvalidState):
        save_lists(session, cast.actor("amina"), centre, KNOWN, rev=0, enrolment=enrolment)


def test_a_centres_list_takes_many_lines() -> None:
    assert len(entries_in("\n".join(f"name {number}" for number in range(CENTRE_LINES)), "people", most=CENTRE_LINES))


@pytest.mark.parametrize("before", ["", "Wilma Otter rang."])
def test_what_was_looked_through_with_other_lists_is_not_current(session: Session, cast: Cast, before: str) -> None:
    """It is looked through again, and what is on the list is found."""
    evidence = write(session, cast.installation, cast, "amina", "A call", f"{before}The barbican leaks.")
    scanning.look(session, evidence)
    assert not found_in(session, evidence, "barbican")
    known = Known(organisations=("Barbican",))
    save_lists(session, cast.actor("ada", session), evidence.enrolment.centre, known, rev=0)
    scanning.look(session, evidence)
    assert found_in(session, evidence, "barbican")


def test_files_of_drafts_are_looked_through_with_the_new_lists(session: Session, cast: Cast) -> None:
    """A learner's at once; a centre's, and after another release, by and by."""
    of = {
        name: add_file(session, cast.installation, cast, name, "A letter", b"Dear all").latest.evidence
        for name in ("amina", "ben")
    }
    scans = {name: Scan(enrolment=item.enrolment, item_uid=item.uid, source=sha(item)) for name, item in of.items()}
    for name, scan in scans.items():
        scan.state, scan.detector = ScanState.DONE, f"{scanning.detector_of(session, of[name].enrolment)} 0"
    session.add_all(scans.values())
    session.flush()
    assert stale(session) == []
    known, amina = Known(people=("Wilma Otter",)), of["amina"].enrolment
    save_lists(session, cast.actor("amina"), amina.centre, known, rev=0, enrolment=amina)
    assert [scan.state for scan in scans.values()] == [ScanState.WAITING, ScanState.DONE]
    scans["amina"].state, scans["amina"].detector = ScanState.DONE, f"{scanning.detector_of(session, amina)} 0"
    session.flush()
    assert stale(session) == []
    save_lists(session, cast.actor("ada"), amina.centre, known, rev=0)
    assert stale(session) == [scan.id for scan in scans.values()]
    scans["ben"].detector = BY_THIS_RELEASE
    session.flush()
    assert stale(session) == [scans["amina"].id], "nothing was given to what could not be looked through"


def sha(evidence: Evidence) -> str:
    return evidence.latest.files[0].blob.sha256


def stale(session: Session) -> list[int]:
    return [scan.id for scan in looked_through_before(session, after=0, most=100)]
