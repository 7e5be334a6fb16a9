"""Adding, changing, revising and discarding evidence."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.assessment import submitting
from portfolio.assessment.models import Submission
from portfolio.audit.events import facts_digest
from portfolio.audit.models import AuditEvent
from portfolio.criteria.rules import Method
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import EnrolmentState
from portfolio.errors import Conflict, InvalidState, Rejected
from portfolio.evidence import actions, trashing
from portfolio.evidence.actions import Details
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.evidence.rules import BODY_MOST, CONTEXT_MOST, FILES_MOST, Carrier, EvidenceState
from portfolio.installation import Installation
from portfolio.mapping import actions as mapping
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState
from tests.cast import Cast, upload


@pytest.fixture
def amina(session: Session, cast: Cast) -> Actor:
    """The learner."""
    return cast.actor("amina", session)


def item(session: Session, cast: Cast, name: str) -> Evidence:
    """One of the cast's items."""
    return session.get_one(Evidence, cast.evidence[name])


LETTER = Details("A letter")


def add_files(
    session: Session,
    cast: Cast,
    amina: Actor,
    *contents: bytes,
    details: Details = LETTER,
    method: Method = Method.PRODUCT,
) -> Evidence:
    """An item made of files, in one step."""
    uploads = [upload(cast.installation, content, f"file-{n}.txt") for n, content in enumerate(contents)]
    return actions.add(
        session,
        amina,
        session.get_one(Enrolment, cast.enrolments["amina"]),
        cast.installation.store,
        method=method,
        carrier=Carrier.FILES,
        details=details,
        uploads=uploads,
    )


def verbs_since(session: Session, count: int) -> list[str]:
    """The verbs of the trail after the first `count` events."""
    return list(session.scalars(select(AuditEvent.verb).order_by(AuditEvent.id)))[count:]


def events(session: Session) -> int:
    """How many events there are."""
    return len(verbs_since(session, 0))


def test_an_item_takes_the_next_reference_and_stays_a_draft(
    session: Session, cast: Cast, amina: Actor, installation: Installation
) -> None:
    """Its files are in their place when it is committed."""
    before = events(session)
    details = Details(" A letter ", clock.today(), "From the desk.")
    evidence = add_files(session, cast, amina, b"one", b"two", details=details)
    session.commit()
    assert verbs_since(session, before) == ["evidence.add"]
    version = evidence.latest
    assert (evidence.ref, evidence.state, version.no) == ("E005", EvidenceState.DRAFT, 1)
    assert (version.title, version.is_draft, evidence.current) == ("A letter", True, None)
    assert [file.name for file in version.files] == ["file-0.txt", "file-1.txt"]
    for file, content in zip(version.files, (b"one", b"two"), strict=True):
        with installation.store.open(amina.centre_uid, file.blob.sha256) as kept:
            assert kept.read() == content


def test_references_are_never_used_again(session: Session, cast: Cast, amina: Actor) -> None:
    """Not even when the item is gone."""
    first = add_files(session, cast, amina, b"one")
    trashing.trash(session, amina, first)
    mapping.discard(session, amina, first)
    assert add_files(session, cast, amina, b"two").ref == "E006"


def test_the_same_content_is_kept_once(session: Session, cast: Cast, amina: Actor) -> None:
    """Inside one centre."""
    one, two = add_files(session, cast, amina, b"same"), add_files(session, cast, amina, b"same")
    assert one.latest.files[0].blob_id == two.latest.files[0].blob_id


@pytest.mark.parametrize(
    ("method", "details", "field"),
    [
        (Method.REFLECTIVE_ACCOUNT, Details("An account", body=" "), "body"),
        (Method.REFLECTIVE_ACCOUNT, Details("", body="Text"), "title"),
        (Method.REFLECTIVE_ACCOUNT, Details("An account", context="x" * (CONTEXT_MOST + 1), body="Text"), "context"),
        (Method.REFLECTIVE_ACCOUNT, Details("An account", body="x" * (BODY_MOST + 1)), "body"),
        (Method.OBSERVATION, Details("An account", body="Text"), "method"),
        (Method.PRODUCT, Details("An account", body="Text"), "method"),
    ],
)
def test_an_account_that_is_refused(
    session: Session, cast: Cast, amina: Actor, method: Method, details: Details, field: str
) -> None:
    """With the field that it is about."""
    enrolment, store = session.get_one(Enrolment, cast.enrolments["amina"]), cast.installation.store
    with pytest.raises(Rejected) as refused:
        actions.add(session, amina, enrolment, store, method=method, carrier=Carrier.WRITTEN, details=details)
    assert refused.value.field == field


def test_an_item_of_files_has_files(session: Session, cast: Cast, amina: Actor) -> None:
    """At least one."""
    with pytest.raises(Rejected) as refused:
        add_files(session, cast, amina)
    assert refused.value.field == "files"


def test_the_day_lies_in_the_past(session: Session, cast: Cast, amina: Actor) -> None:
    """What has not happened is no evidence."""
    with pytest.raises(Rejected, match="future"):
        add_files(session, cast, amina, b"one", details=Details("A letter", clock.today() + timedelta(days=1)))


def test_an_account_is_not_added_as_a_file_kind(session: Session, cast: Cast, amina: Actor) -> None:
    """Records that assessors make have their own screens."""
    with pytest.raises(Rejected) as refused:
        add_files(session, cast, amina, b"one", method=Method.OBSERVATION)
    assert refused.value.field == "method"


def test_an_item_takes_so_many_files_and_no_more(session: Session, cast: Cast, amina: Actor) -> None:
    """Counted over everything that was added to it."""
    evidence = add_files(session, cast, amina, *(b"%d" % n for n in range(FILES_MOST)))
    more, rev = [upload(cast.installation, b"one more", "more.txt")], evidence.latest.rev
    with pytest.raises(Rejected, match="at most"):
        actions.change(session, amina, evidence, cast.installation.store, details=LETTER, rev=rev, uploads=more)


def test_nothing_is_added_when_the_enrolment_is_over(session: Session, cast: Cast, amina: Actor) -> None:
    """What is there stays readable."""
    session.get_one(Enrolment, cast.enrolments["amina"]).state = EnrolmentState.COMPLETED
    session.flush()
    with pytest.raises(InvalidState, match="over"):
        add_files(session, cast, amina, b"one")


def test_a_draft_changes(session: Session, cast: Cast, amina: Actor) -> None:
    """Words and further files, in one event."""
    evidence = add_files(session, cast, amina, b"one")
    before, rev = events(session), evidence.latest.rev
    actions.change(
        session,
        amina,
        evidence,
        cast.installation.store,
        details=Details("A better title", None, "More to know."),
        rev=rev,
        uploads=[upload(cast.installation, b"two", "two.txt")],
    )
    session.commit()
    assert verbs_since(session, before) == ["evidence.change"]
    assert (evidence.latest.title, evidence.latest.context) == ("A better title", "More to know.")
    assert [file.name for file in evidence.latest.files] == ["file-0.txt", "two.txt"]
    assert evidence.latest.rev > rev


def test_a_change_on_an_old_reading_is_a_conflict(session: Session, cast: Cast, amina: Actor) -> None:
    """What stands now comes along, so that both can be shown."""
    evidence = item(session, cast, "amina E003")
    store, rev = cast.installation.store, evidence.latest.rev
    actions.change(session, amina, evidence, store, details=Details("First", body="The first window."), rev=rev)
    with pytest.raises(Conflict) as found:
        actions.change(session, amina, evidence, store, details=Details("Second", body="The second window."), rev=rev)
    assert found.value.theirs["title"] == "First"
    assert found.value.theirs["body"] == "The first window."


@pytest.mark.parametrize("name", ["amina E001", "amina E002"])
def test_what_was_handed_in_does_not_change(session: Session, cast: Cast, amina: Actor, name: str) -> None:
    """Neither words nor files, nor is it thrown away."""
    evidence = item(session, cast, name)
    with pytest.raises(InvalidState):
        actions.change(
            session, amina, evidence, cast.installation.store, details=Details("New", body="x"), rev=evidence.latest.rev
        )
    with pytest.raises(InvalidState):
        trashing.trash(session, amina, evidence)
    with pytest.raises(InvalidState):
        mapping.discard(session, amina, evidence)


def test_files_leave_a_draft_but_never_the_last_one(session: Session, cast: Cast, amina: Actor) -> None:
    """Content that nothing names any more is marked for removal; content that is named elsewhere stays."""
    evidence = add_files(session, cast, amina, b"one", b"shared")
    add_files(session, cast, amina, b"shared")
    own, shared = evidence.latest.files
    own_blob, shared_blob = own.blob, shared.blob
    actions.remove_file(session, amina, shared)
    session.commit()
    assert shared_blob.state is BlobState.KEPT
    with pytest.raises(InvalidState, match="only file"):
        actions.remove_file(session, amina, evidence.latest.files[0])
    actions.change(
        session,
        amina,
        evidence,
        cast.installation.store,
        details=Details("A letter"),
        rev=evidence.latest.rev,
        uploads=[upload(cast.installation, b"three", "three.txt")],
    )
    actions.remove_file(session, amina, evidence.latest.files[0])
    assert own_blob.state is BlobState.DYING
    assert [file.name for file in evidence.latest.files] == ["three.txt"]


def test_a_file_of_what_was_handed_in_stays(session: Session, cast: Cast, amina: Actor) -> None:
    """It is part of what was judged."""
    with pytest.raises(InvalidState, match="handed in"):
        actions.remove_file(session, amina, item(session, cast, "amina E001").latest.files[0])


def test_a_revision_is_a_copy_and_the_old_version_stays(session: Session, cast: Cast, amina: Actor) -> None:
    """With the same words and the same content; the digest of the old one still fits."""
    evidence = item(session, cast, "amina E001")
    old = evidence.latest
    new = actions.revise(session, amina, evidence)
    session.commit()
    assert (new.no, new.title, new.is_draft, evidence.current) == (2, old.title, True, old)
    assert [file.blob_id for file in new.files] == [file.blob_id for file in old.files]
    assert [file.source_file_id for file in new.files] == [file.id for file in old.files]
    with pytest.raises(InvalidState, match="already"):
        actions.revise(session, amina, evidence)


def test_what_waits_for_the_assessor_is_not_revised(session: Session, cast: Cast, amina: Actor) -> None:
    """It would pull the ground from under the marking."""
    with pytest.raises(InvalidState, match="with your assessor"):
        actions.revise(session, amina, item(session, cast, "amina E002"))


def test_discarding_a_draft_removes_it_with_its_content(session: Session, cast: Cast, amina: Actor) -> None:
    """The trail keeps that it was there."""
    evidence = add_files(session, cast, amina, b"to be gone")
    evidence_id, blob_id, before = evidence.id, evidence.latest.files[0].blob_id, events(session)
    with pytest.raises(InvalidState, match="into the trash first"):
        mapping.discard(session, amina, evidence)
    trashing.trash(session, amina, evidence)
    mapping.discard(session, amina, evidence)
    session.commit()
    assert session.get(Evidence, evidence_id) is None
    assert session.get_one(Blob, blob_id).state is BlobState.DYING
    assert verbs_since(session, before) == ["evidence.trash", "evidence.discard"]


def test_discarding_a_revision_leaves_what_was_marked(session: Session, cast: Cast, amina: Actor) -> None:
    """Also the content that both share."""
    evidence = item(session, cast, "amina E001")
    mapping.revise(session, amina, evidence)
    mapping.discard(session, amina, evidence)
    session.commit()
    session.refresh(evidence)
    assert (evidence.state, [version.no for version in evidence.versions]) == (EvidenceState.MARKED, [1])
    assert evidence.latest.files[0].blob.state is BlobState.KEPT


def test_what_was_withdrawn_stays_on_record(session: Session, cast: Cast, amina: Actor) -> None:
    """It is a draft again, but it was handed in once."""
    submitting.withdraw(session, amina, session.get_one(Submission, cast.submissions["amina E002"]))
    evidence = item(session, cast, "amina E002")
    session.refresh(evidence)
    assert (evidence.state, evidence.current, evidence.latest.no) == (EvidenceState.DRAFT, None, 2)
    with pytest.raises(InvalidState, match="stays on record"):
        trashing.trash(session, amina, evidence)


def test_a_frozen_version_carries_the_digest_of_all_that_it_says(session: Session, cast: Cast) -> None:
    """Any change of a word or a file would show."""
    version = item(session, cast, "amina E001").latest
    assert isinstance(version, EvidenceVersion)
    assert len(version.digest) == 64
    facts = actions.version_facts(version)
    assert facts_digest(facts) == version.digest
    for key in ("title", "context", "event_on", "files"):
        assert facts_digest({**facts, key: "other"}) != version.digest
