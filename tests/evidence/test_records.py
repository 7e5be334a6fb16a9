"""Records with notes: kept, frozen under their digest, copied, and emptied when personal data is taken out."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from portfolio.audit.events import facts_digest
from portfolio.criteria.rules import Method
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Conflict, Rejected
from portfolio.evidence import actions, amending
from portfolio.evidence.actions import Details
from portfolio.evidence.models import Amendment, Evidence, EvidenceVersion
from portfolio.evidence.rules import Carrier
from portfolio.export.amending import mend
from portfolio.mapping.claiming import claim_from_notes
from portfolio.mapping.item_queries import Filters, Order, find
from portfolio.policy.checks import visible
from portfolio.policy.permissions import Permission
from tests.cast import Cast
from tests.evidence.breaches import NAME, faults, found_in_tables, kept
from tests.evidence.records import SEEN, change, note, observed, put_on_record


def test_notes_are_something_to_read(session: Session, cast: Cast) -> None:
    """A record needs neither a text nor a file beside them."""
    evidence = observed(session, cast)
    session.expire_all()
    assert evidence.latest.notes == SEEN
    assert evidence.carrier is Carrier.WRITTEN
    with pytest.raises(Rejected, match="Write something first"):
        change(session, cast, evidence)


@pytest.mark.parametrize("method", [Method.OBSERVATION, Method.QUESTIONS])
def test_lines_at_fault_are_refused(session: Session, cast: Cast, method: Method) -> None:
    with pytest.raises(Rejected, match="Line 1: ") as refused:
        observed(
            session, cast, note("25:00", "Seen.", ask="" if method is Method.OBSERVATION else "Why?"), method=method
        )
    assert refused.value.field == "notes"


def test_nothing_but_a_record_has_notes(session: Session, cast: Cast) -> None:
    with pytest.raises(Rejected, match="Only a record"):
        actions.add(
            session,
            cast.actor("amina", session),
            session.get_one(Enrolment, cast.enrolments["amina"]),
            cast.installation.store,
            method=Method.REFLECTIVE_ACCOUNT,
            carrier=Carrier.WRITTEN,
            details=Details("My account", body="I did.", notes=SEEN),
        )


def test_two_windows_are_told_apart(session: Session, cast: Cast) -> None:
    """What stands now comes with the conflict."""
    evidence = observed(session, cast)
    stale = evidence.latest.rev
    change(session, cast, evidence, note("11:00", "Other words."))
    marguerite, store = cast.actor("marguerite", session), cast.installation.store
    with pytest.raises(Conflict) as conflict:
        actions.change(session, marguerite, evidence, store, details=Details("Mine", notes=SEEN), rev=stale)
    assert conflict.value.theirs["notes"] == "11:00 Other words."


def test_a_digest_covers_the_notes_only_where_there_are_any(session: Session, cast: Cast) -> None:
    """So what was frozen before there were notes still proves."""
    evidence = observed(session, cast)
    claim_from_notes(session, cast.actor("marguerite", session), evidence)
    put_on_record(session, cast, evidence)
    version = evidence.latest
    facts = actions.version_facts(version)
    assert facts["notes"] == SEEN
    assert facts_digest(facts) == version.digest
    assert facts_digest({**facts, "notes": SEEN[:1]}) != version.digest
    assert "notes" not in actions.version_facts(session.get_one(Evidence, cast.evidence["amina E001"]).versions[0])
    session.commit()
    assert faults(cast) == ()


def test_what_goes_on_record_is_what_stands_by_then(session: Session, cast: Cast) -> None:
    """Another window asked one more question after this one had read the record."""
    answered = note("", "To be sure.", "1.1", ask="Why did you ring back?")
    evidence = observed(session, cast, answered, method=Method.QUESTIONS)
    claim_from_notes(session, cast.actor("marguerite", session), evidence)
    draft = evidence.latest
    assert draft.notes == [answered]
    asked = [answered, note("", "", "2.1", ask="And then?")]
    by_another = update(EvidenceVersion).where(EvidenceVersion.id == draft.id).values(notes=asked)
    session.execute(by_another.execution_options(synchronize_session=False))
    with pytest.raises(Rejected, match="Line 2 has no answer yet"):
        put_on_record(session, cast, evidence)
    assert draft.is_draft


def test_a_new_version_begins_with_the_notes(session: Session, cast: Cast) -> None:
    evidence = observed(session, cast)
    marguerite = cast.actor("marguerite", session)
    claim_from_notes(session, marguerite, evidence)
    put_on_record(session, cast, evidence)
    copied = actions.copy_version(session, evidence)
    assert (copied.no, copied.notes) == (2, SEEN)


def test_personal_data_is_taken_out_of_a_line(session: Session, cast: Cast) -> None:
    """Its time and its criteria stay; earlier versions keep no line."""
    evidence = observed(session, cast, note("10:42", f"{NAME} rang and she listened.", "1.1"), SEEN[1])
    marguerite = cast.actor("marguerite", session)
    claim_from_notes(session, marguerite, evidence)
    put_on_record(session, cast, evidence)
    amending.hide(session, marguerite, evidence, words="The first line")
    version = evidence.on_record
    assert version is not None
    whole = kept(session, evidence)
    claims = {id_: (said.replace(NAME, "Customer A"), place) for id_, (said, place) in whole.claims.items()}
    details = Details(version.title, notes=[note("10:42", "Customer A rang and she listened.", "1.1"), SEEN[1]])
    store, rev = cast.installation.store, version.rev
    mend(session, marguerite, evidence, store, kept(session, evidence, details=details, claims=claims), rev=rev)
    session.commit()
    session.expire_all()
    assert version.notes == details.notes
    assert {"field": "notes"} in session.query(Amendment).one().removed
    assert found_in_tables(session, NAME) == []
    assert faults(cast) == ()


@pytest.mark.parametrize(
    ("notes", "why"),
    [
        ([note("10:42", "Listened to the end. She always does.", "1.1", "2.1"), SEEN[1]], "Only take out or replace"),
        ([note("10:43", "Listened to the end.", "1.1", "2.1"), SEEN[1]], "has changed since"),
        ([note("10:42", "Listened to the end.", "1.1"), SEEN[1]], "has changed since"),
        (SEEN[:1], "has changed since"),
        ([note("10:42", "x" * 2_001, "1.1", "2.1"), SEEN[1]], "Keep this to 2000"),
    ],
)
def test_nothing_else_of_a_line_may_change(
    session: Session, cast: Cast, notes: list[dict[str, object]], why: str
) -> None:
    evidence = observed(session, cast)
    marguerite = cast.actor("marguerite", session)
    claim_from_notes(session, marguerite, evidence)
    put_on_record(session, cast, evidence)
    amending.hide(session, marguerite, evidence, words="The first line")
    version = evidence.on_record
    assert version is not None
    mending = kept(session, evidence, details=Details(version.title, notes=notes))
    with pytest.raises(Rejected, match=why):
        mend(session, marguerite, evidence, cast.installation.store, mending, rev=version.rev)


def test_what_is_emptied_keeps_no_line(session: Session, cast: Cast) -> None:
    """Of the version before the one that is mended."""
    evidence = observed(session, cast)
    marguerite = cast.actor("marguerite", session)
    claim_from_notes(session, marguerite, evidence)
    put_on_record(session, cast, evidence)
    first = evidence.latest
    assert not amending.is_empty(first)
    amending.amend(
        session,
        marguerite,
        amending.hide(session, marguerite, evidence, words="All over"),
        first,
        details=None,
        gone=[],
        claims=("a" * 64, "b" * 64),
        also=[],
        reason="A name",
    )
    assert first.notes == []
    assert amending.is_empty(first)


def test_a_record_is_found_by_its_lines(session: Session, cast: Cast) -> None:
    """In capitals or not, beyond ASCII too; never by what the parts of a line are called."""
    evidence = observed(session, cast, note("10:42", "Rang the café’s “owner”.", "1.1"))
    marguerite = cast.actor("marguerite", session)
    within, of = visible(marguerite, Permission.EVIDENCE_SEE), evidence.enrolment_id

    def found(words: str) -> bool:
        asked = Filters(words=words)
        rows = find(session, within, of, asked, drafts_of=marguerite.person_id, order=Order.CHANGE, offset=0, limit=9)
        return evidence.id in {row.evidence_id for row in rows.rows}

    for words in ("RANG", "café", "“owner”", "10:42"):
        assert found(words), words
    for words in ("criteria", "said", 'at"', "taxi"):
        assert not found(words), words
