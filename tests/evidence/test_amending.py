"""Personal data in what is on record: hidden at once, taken out for good, the proof still whole. On both engines."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.audit import streams
from portfolio.audit.models import AuditEvent, AuditText
from portfolio.criteria.rules import Method
from portfolio.drafts import actions as drafts
from portfolio.drafts.models import Draft
from portfolio.enrolment.models import Enrolment
from portfolio.errors import InvalidState, Rejected
from portfolio.evidence import actions, amending
from portfolio.evidence.actions import Details
from portfolio.evidence.breach_queries import amendments_of, open_breach
from portfolio.evidence.models import Amendment, Breach, Evidence, WaitingFile
from portfolio.evidence.rules import EMPTIED, Carrier, FileRole
from portfolio.export.amending import mend
from portfolio.mapping import actions as mapping
from portfolio.mapping.models import Claim
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState
from tests.cast import Cast, hand_in, upload, wanted
from tests.evidence.breaches import (
    NAME,
    SECRET,
    faults,
    found_in_tables,
    found_on_disk,
    item_with_a_name,
    kept,
    mark,
    mended,
    remove_content,
    without_the_name,
)


def test_hiding_is_at_once_and_keeps_nothing_of_the_words_in_the_trail(session: Session, cast: Cast) -> None:
    evidence = item_with_a_name(session, cast)
    breach = amending.hide(session, cast.actor("marguerite", session), evidence, words=f" {NAME} on page 1 ")
    assert evidence.hidden_at is not None
    assert (breach.words, breach.mended_at) == (f"{NAME} on page 1", None)
    event = session.scalars(select(AuditEvent).where(AuditEvent.verb == "evidence.hide")).one()
    assert session.get_one(AuditText, event.id).text == {"ref": "E005", "version": 1}
    with pytest.raises(InvalidState, match="E005 is hidden already"):
        amending.hide(session, cast.actor("amina", session), evidence, words="Again")


@pytest.mark.parametrize(("words", "said"), [("  ", "Say in a few words"), ("x" * 501, "Keep this to 500")])
def test_hiding_says_where(session: Session, cast: Cast, words: str, said: str) -> None:
    evidence = item_with_a_name(session, cast)
    with pytest.raises(Rejected, match=said):
        amending.hide(session, cast.actor("amina", session), evidence, words=words)
    assert evidence.hidden_at is None


def test_a_draft_is_not_hidden(session: Session, cast: Cast) -> None:
    evidence = session.get_one(Evidence, cast.evidence["amina E003"])
    with pytest.raises(InvalidState):
        amending.hide(session, cast.actor("amina", session), evidence, words="A name")


def test_a_false_alarm_is_closed_with_a_reason_and_nothing_else_changes(session: Session, cast: Cast) -> None:
    evidence = item_with_a_name(session, cast)
    amending.hide(session, cast.actor("iris", session), evidence, words="A name")
    with pytest.raises(Rejected, match="Say why"):
        amending.show_again(session, cast.actor("ada", session), evidence, reason=" ")
    amending.show_again(session, cast.actor("ada", session), evidence, reason="It is a brand.")
    breach = session.scalars(select(Breach)).one()
    assert evidence.hidden_at is None
    assert (breach.words, breach.mended_by_id) == ("", cast.people["ada"])
    assert evidence.latest.amended == 0
    with pytest.raises(InvalidState, match="not hidden any more"):
        amending.show_again(session, cast.actor("ada", session), evidence, reason="Twice.")
    session.commit()
    assert faults(cast) == ()


def test_the_name_is_nowhere_after_mending(cast: Cast) -> None:
    evidence_id = mended(cast)
    with cast.installation.database.reading() as session:
        evidence = session.get_one(Evidence, evidence_id)
        assert evidence.hidden_at is None
        assert open_breach(session, evidence_id) is None
        assert (evidence.latest.title, evidence.latest.amended) == ("Letter to Customer A", 1)
        assert [file.name for file in evidence.latest.files] == ["log.txt"]
        assert found_in_tables(session, NAME) == []
    assert found_on_disk(cast.installation.settings.home, NAME) == []
    assert faults(cast) == ()


def test_before_mending_the_name_is_found_so_the_search_finds(cast: Cast) -> None:
    with cast.installation.database.writing() as session:
        evidence = item_with_a_name(session, cast)
        amending.hide(session, cast.actor("amina", session), evidence, words=NAME)
        session.commit()
        tables = found_in_tables(session, NAME)
    assert set(tables) >= {
        "evidence_version.title", "evidence_version.custody", "evidence_file.name", "claim.annotation", "breach.words",
    }  # fmt: skip
    assert "audit_text.text" not in tables, "the trail keeps neither a title nor the name of a file"
    assert found_on_disk(cast.installation.settings.files, NAME) != []


def test_the_original_is_destroyed_and_its_hash_kept(cast: Cast) -> None:
    evidence_id = mended(cast, replaced=True)
    with cast.installation.database.reading() as session:
        evidence = session.get_one(Evidence, evidence_id)
        letter = next(file for file in evidence.latest.files if file.name == "letter.txt")
        [amended] = amendments_of(session, evidence.enrolment_id, evidence_id=evidence_id)
        [removed] = amended.removed
        assert letter.role is FileRole.REDACTED
        assert removed.replaced_by == letter.blob.sha256
        assert removed.is_destroyed
        assert (amended.by, amended.reason) == ("Amina Ramachandran-Hughes", "A customer's name was in it.")
        blob = session.scalars(select(Blob).where(Blob.sha256 == removed.sha256)).one()
        assert blob.state is BlobState.GONE
        assert cast.installation.store.size(evidence.enrolment.centre.uid, removed.sha256) is None
    assert faults(cast) == ()


def test_decisions_and_claims_stay(cast: Cast) -> None:
    evidence_id = mended(cast)
    with cast.installation.database.reading() as session:
        version = session.get_one(Evidence, evidence_id).latest
        claims = session.scalars(select(Claim).where(Claim.evidence_version_id == version.id).order_by(Claim.id)).all()
        assert [(claim.annotation, claim.amended) for claim in claims] == [
            ("It calms them.", 1),
            ("It names the options.", 0),
        ]


def test_earlier_versions_are_emptied_and_a_draft_begins_again(cast: Cast) -> None:
    database, store = cast.installation.database, cast.installation.store
    with database.writing() as session:
        evidence = item_with_a_name(session, cast)
        mark(session, cast, "amina E005")
        mapping.revise(session, cast.actor("amina", session), evidence)
        hand_in(session, cast, "amina", evidence, "E005")
        mark(session, cast, "amina E005")
        draft = mapping.revise(session, cast.actor("amina", session), evidence)
        draft.body = f"More about {NAME}"
        amending.hide(session, cast.actor("amina", session), evidence, words="All over")
        session.commit()
    with database.writing() as session:
        evidence = session.get_one(Evidence, evidence.id)
        assert evidence.current is not None
        mending = without_the_name(session, cast, evidence)
        made = mend(session, cast.actor("ada", session), evidence, store, mending, rev=evidence.current.rev)
        session.commit()
        assert [amendment.version.no for amendment in made] == [1, 2]
    remove_content(cast)
    with database.reading() as session:
        first, second, third = session.get_one(Evidence, evidence.id).versions
        assert (first.title, first.body, first.files) == (EMPTIED, "", [])
        assert (second.title, third.title, third.body) == (
            "Letter to Customer A",
            "Letter to Customer A",
            "# Customer A",
        )
        assert [file.name for file in third.files] == ["log.txt"]
        assert found_in_tables(session, NAME) == []
    assert found_on_disk(cast.installation.settings.home, NAME) == []
    assert faults(cast) == ()


def test_a_second_breach_follows_on_the_first(cast: Cast) -> None:
    evidence_id = mended(cast)
    with cast.installation.database.writing() as session:
        evidence = session.get_one(Evidence, evidence_id)
        amending.hide(session, cast.actor("iris", session), evidence, words="An address")
        assert evidence.current is not None
        mending = kept(session, evidence, details=Details("Letter"), reason="An address was in it.")
        mend(session, cast.actor("ada", session), evidence, cast.installation.store, mending, rev=evidence.current.rev)
        session.commit()
    with cast.installation.database.reading() as session:
        numbers = session.scalars(select(Amendment.no).order_by(Amendment.id)).all()
    assert list(numbers) == [1, 2]
    assert faults(cast) == ()


def test_content_that_another_item_names_stays(cast: Cast) -> None:
    with cast.installation.database.writing() as session:
        amina = cast.actor("amina", session)
        twin = actions.add(
            session,
            amina,
            session.get_one(Enrolment, cast.enrolments["amina"]),
            cast.installation.store,
            method=Method.PRODUCT,
            carrier=Carrier.FILES,
            details=Details("The same letter"),
            uploads=[upload(cast.installation, SECRET, "again.txt")],
        )
        assert twin.ref == "E005"
        evidence = actions.add(
            session,
            amina,
            session.get_one(Enrolment, cast.enrolments["amina"]),
            cast.installation.store,
            method=Method.PRODUCT,
            carrier=Carrier.FILES,
            details=Details("A letter"),
            uploads=[upload(cast.installation, SECRET, "letter.txt")],
        )
        claims = wanted(session, session.get_one(Enrolment, cast.enrolments["amina"]), {"1.3": "It is."})
        mapping.map_to(session, amina, evidence, wanted=claims)
        hand_in(session, cast, "amina", evidence, "E006")
        amending.hide(session, amina, evidence, words="Page 1")
        assert evidence.current is not None
        mending = kept(session, evidence, files={evidence.current.files[0].id: None})
        mend(session, amina, evidence, cast.installation.store, mending, rev=evidence.current.rev)
        session.commit()
    remove_content(cast)
    with cast.installation.database.reading() as session:
        [amended] = amendments_of(session, evidence.enrolment_id, evidence_id=evidence.id)
        assert [removed.is_destroyed for removed in amended.removed] == [False]
    assert faults(cast) == ()


def test_what_waits_and_what_is_typed_goes_too(session: Session, cast: Cast) -> None:
    evidence = item_with_a_name(session, cast)
    amina = cast.actor("amina", session)
    version = evidence.current
    assert version is not None
    letter = next(file for file in version.files if NAME in file.name)
    waiting = WaitingFile(
        enrolment_id=evidence.enrolment_id,
        person_id=amina.person_id,
        blob_id=letter.blob_id,
        name=letter.name,
        arrived_at=clock.now(),
    )
    session.add(waiting)
    drafts.save(session, amina.person_id, f"evidence.edit.{version.uid}", {"title": NAME})
    amending.hide(session, amina, evidence, words="Page 1")
    mending = without_the_name(session, cast, evidence)
    mend(session, amina, evidence, cast.installation.store, mending, rev=version.rev)
    assert session.scalars(select(WaitingFile)).all() == []
    assert session.scalars(select(Draft)).one().content == {}
    assert letter.blob.state is BlobState.DYING


def test_names_in_entries_of_the_first_releases_go_from_the_trail(session: Session, cast: Cast) -> None:
    """Those kept titles, and what a file was called that was sent ahead and taken out again before the handing in."""
    evidence = item_with_a_name(session, cast)
    amina, enrolment = cast.actor("amina", session), session.get_one(Enrolment, evidence.enrolment_id)
    stream_id, old = enrolment.stream_id, {"file": f"Old {NAME}.txt"}
    streams.record(session, amina, "evidence.receive", streams.named(enrolment), stream_id=stream_id, text=old)
    streams.record(
        session, amina, "evidence.receive", streams.named(enrolment), stream_id=stream_id, text={"file": "x"}
    )
    own = {"ref": "E005", **old}
    streams.record(session, amina, "evidence.remove_file", streams.named(evidence), stream_id=stream_id, text=own)
    title = {"ref": "E005", "title": f"Letter to {NAME}", "method": "PE", "files": [f"{NAME}.txt"]}
    streams.record(session, amina, "evidence.change", streams.named(evidence), stream_id=stream_id, text=title)
    amending.hide(session, amina, evidence, words="Page 1")
    assert evidence.current is not None
    mending = without_the_name(session, cast, evidence)
    mend(session, amina, evidence, cast.installation.store, mending, rev=evidence.current.rev)
    left = [words.text for words in streams.words_in(session, stream_id)]
    assert NAME not in str(left)
    assert {"file": "x"} in left
    assert any(text.keys() == {"ref", "method", "file_uids"} for text in left), "an entry of refs alone stays"
    session.commit()
    assert faults(cast) == ()
