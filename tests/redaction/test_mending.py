"""Personal data in what is on record: a file of a hidden item is redacted here, and its mender puts the result in."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.assessment.amending import Mending
from portfolio.errors import InvalidState, Rejected
from portfolio.evidence import actions as evidence_actions
from portfolio.evidence import amending
from portfolio.evidence.actions import Details
from portfolio.evidence.amending import Kept
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import FileRole
from portfolio.export.amending import mend
from portfolio.mapping.actions import map_to
from portfolio.mapping.models import Claim
from portfolio.policy.checks import can, visible
from portfolio.policy.permissions import Permission
from portfolio.redaction import actions, queries, using
from portfolio.redaction.jobs import Programs
from portfolio.redaction.rules import RedactionState
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState
from tests.assessment import signing
from tests.cast import hand_in, wanted
from tests.redaction.bench import LETTER, REDACTED, Bench, copy, search


def hide(bench: Bench, evidence_id: int) -> None:
    """Ben hands an item in, and his assessor finds a name in it."""

    def put_on_record(session: Session, evidence: Evidence) -> None:
        claims = wanted(session, evidence.enrolment, {"1.1": "It names who referred it."})
        map_to(session, bench.actor(session), evidence, wanted=claims)
        hand_in(session, bench.cast, "ben", evidence, evidence.ref)
        amending.hide(session, bench.actor(session, "marguerite"), evidence, words="A name on page 1")

    bench.change(put_on_record, evidence_id)
    bench.look_through_all()


@pytest.fixture
def hidden(bench: Bench) -> tuple[Bench, int]:
    """A letter on record whose names somebody let stay, and somebody else found: it is hidden for it."""
    evidence_id = bench.added()
    hide(bench, evidence_id)
    return bench, evidence_id


def ask(bench: Bench, evidence_id: int, name: str) -> None:
    """A mender asks. What the learner let stay is what the item is hidden for, so it goes."""
    with bench.installation.database.writing() as session:
        actions.ask(session, bench.actor(session, name), bench.file(session, evidence_id))
        session.commit()


def mending(session: Session, evidence: Evidence, content: Blob) -> Mending:
    """The result in the place of the letter, and nothing else changed."""
    version = evidence.latest
    claims = session.scalars(select(Claim).where(Claim.evidence_version_id == version.id))
    return Mending(
        details=Details(version.title, version.event_on, version.context),
        claims={claim.id: (claim.annotation, claim.place) for claim in claims},
        files={file.id: Kept("letter.txt", content=content) for file in version.files},
        reason="A customer's name.",
    )


def test_who_may_redact_what_is_hidden(hidden: tuple[Bench, int]) -> None:
    bench, evidence_id = hidden
    with bench.installation.database.reading() as session:
        file = bench.file(session, evidence_id)
        people = ("ben", "ada", "marguerite", "iris", "amina")
        may = [name for name in people if can(bench.actor(session, name), Permission.FILE_REDACT, file)]
    assert may == ["ben", "ada"]


def test_the_mender_puts_the_redacted_file_in(hidden: tuple[Bench, int]) -> None:
    bench, evidence_id = hidden
    ask(bench, evidence_id, "ada")
    assert "act" not in bench.told("redaction.ask"), "nothing is decided in the learner's name"
    bench.worker().run_due()
    assert bench.seen(evidence_id).state is RedactionState.MADE
    with bench.installation.database.writing() as session:
        evidence = session.get_one(Evidence, evidence_id)
        with pytest.raises(InvalidState, match="Take it out of what is on record"):
            using.use(session, bench.actor(session), bench.file(session, evidence_id))
        (made,) = queries.made_for(session, evidence.uid).values()
        assert made.name == "letter.txt"
        content = session.get_one(Blob, made.blob_id)
        mend(
            session,
            bench.actor(session, "ada"),
            evidence,
            bench.installation.store,
            mending(session, evidence, content),
            rev=evidence.latest.rev,
        )
        session.commit()
    bench.destroy()
    assert bench.content(evidence_id) == REDACTED
    assert bench.state_of(LETTER) is BlobState.GONE
    with bench.installation.database.reading() as session:
        row = bench.row(session, evidence_id)
        assert (row.state, row.used_by_id) == (RedactionState.USED, bench.cast.people["ada"])
        assert bench.file(session, evidence_id).role is FileRole.REDACTED
    assert len(bench.told("evidence.amend")["redacted"]) == 1
    assert bench.faults() == []


def test_the_original_itself_is_no_redacted_version(hidden: tuple[Bench, int]) -> None:
    bench, evidence_id = hidden
    with bench.installation.database.writing() as session:
        evidence = session.get_one(Evidence, evidence_id)
        same = mending(session, evidence, evidence.latest.files[0].blob)
        with pytest.raises(Rejected, match="the very file that is to go"):
            mend(
                session,
                bench.actor(session, "ada"),
                evidence,
                bench.installation.store,
                same,
                rev=evidence.latest.rev,
            )


def test_what_was_mended_otherwise_ends_the_redaction(hidden: tuple[Bench, int]) -> None:
    bench, evidence_id = hidden
    ask(bench, evidence_id, "ben")
    bench.worker().run_due()
    bench.change(
        lambda session, evidence: amending.show_again(
            session, bench.actor(session, "ada"), evidence, reason="It is a brand."
        ),
        evidence_id,
    )
    with bench.installation.database.writing() as session:
        with pytest.raises(InvalidState, match="has been handed in"):
            actions.ask(session, bench.actor(session), bench.file(session, evidence_id))
        with pytest.raises(InvalidState, match="has been handed in"):
            actions.drop(session, bench.actor(session), bench.file(session, evidence_id))
    assert bench.seen_if_any(evidence_id) is None
    bench.destroy()
    assert bench.state_of(REDACTED) is BlobState.GONE


@pytest.fixture
def revised(bench: Bench) -> tuple[Bench, int]:
    """A letter on record and once more in the draft of a second version, of which a redacted version waits; then the
    item is hidden.
    """
    evidence_id = bench.added()

    def hand_in_and_revise(session: Session, evidence: Evidence) -> None:
        claims = wanted(session, evidence.enrolment, {"1.1": "It names who referred it."})
        map_to(session, bench.actor(session), evidence, wanted=claims)
        signing.decided(session, bench.cast, hand_in(session, bench.cast, "ben", evidence, evidence.ref).items[0])
        evidence_actions.revise(session, bench.actor(session), evidence)

    bench.change(hand_in_and_revise, evidence_id)
    bench.look_through_all()
    assert replace(bench, programs=Programs(copy, search)).make(evidence_id).state is RedactionState.MADE
    bench.change(
        lambda session, evidence: amending.hide(session, bench.actor(session, "marguerite"), evidence, words="A name"),
        evidence_id,
    )
    return bench, evidence_id


def test_whoever_mends_never_comes_to_a_draft(revised: tuple[Bench, int]) -> None:
    bench, evidence_id = revised
    people = ("ben", "ada", "marguerite", "iris", "amina")
    with bench.installation.database.reading() as session:
        for version in session.get_one(Evidence, evidence_id).versions:
            (file,) = version.files
            may = [name for name in people if can(bench.actor(session, name), Permission.FILE_REDACT, file)]
            seen = [
                name
                for name in people
                if file in session.scalars(visible(bench.actor(session, name), Permission.FILE_REDACT)).all()
            ]
            assert may == seen == (["ben"] if version.is_draft else ["ben", "ada"])


def test_what_was_made_for_a_draft_ends_when_the_item_is_hidden(revised: tuple[Bench, int]) -> None:
    bench, evidence_id = revised
    bench.destroy()
    assert bench.seen_if_any(evidence_id) is None
    assert bench.state_of(LETTER + b"\n") is BlobState.GONE
    with bench.installation.database.writing() as session:
        draft = bench.file(session, evidence_id)
        with pytest.raises(InvalidState, match="not the version"):
            actions.drop(session, bench.actor(session), draft)
    assert bench.faults() == []
