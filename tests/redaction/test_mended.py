"""What goes with what is mended: originals that were held; and what was dropped meanwhile is not put in."""

import pytest
from sqlalchemy import select

from portfolio.assessment.amending import Mending
from portfolio.centres.settings import HELD
from portfolio.errors import Conflict
from portfolio.evidence.actions import Details
from portfolio.evidence.amending import Fate, Kept
from portfolio.evidence.models import Evidence
from portfolio.export.amending import mend
from portfolio.mapping.models import Claim
from portfolio.redaction import queries
from portfolio.redaction.using import Original
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState
from tests.redaction.bench import LETTER, REDACTED, Bench
from tests.redaction.test_mending import ask, hide


def mend_with(bench: Bench, evidence_id: int, fate: Fate, made: queries.MadeSeen | None = None) -> None:
    """The administrator says what becomes of the file, and takes the last word out of what it is about; `made` is
    what was to be put in when the page was loaded.
    """
    with bench.installation.database.writing() as session:
        evidence = session.get_one(Evidence, evidence_id)
        if made is not None:
            fate = Kept(made.name, content=session.get_one(Blob, made.blob_id))
        version = evidence.latest
        claims = session.scalars(select(Claim).where(Claim.evidence_version_id == version.id))
        changed = Mending(
            details=Details(version.title, version.event_on, "I handled"),
            claims={claim.id: (claim.annotation, claim.place) for claim in claims},
            files={file.id: fate for file in version.files},
            reason="A customer's name.",
        )
        mend(session, bench.actor(session, "ada"), evidence, bench.installation.store, changed, rev=version.rev)
        session.commit()
    bench.destroy()


def held_original(bench: Bench) -> int:
    """An item whose letter is redacted, with the original held for its maker."""
    bench.choose(originals=HELD, hold_original_days=14)
    evidence_id = bench.added()
    bench.make(evidence_id)
    assert bench.use(evidence_id).original is Original.HELD
    bench.look_through_all()
    return evidence_id


def test_what_somebody_else_dropped_meanwhile_is_not_put_in(bench: Bench) -> None:
    evidence_id = bench.added()
    hide(bench, evidence_id)
    ask(bench, evidence_id, "ben")
    bench.worker().run_due()
    with bench.installation.database.reading() as session:
        (made,) = queries.made_for(session, session.get_one(Evidence, evidence_id).uid).values()
    bench.drop(evidence_id)
    assert bench.state_of(REDACTED) is BlobState.GONE
    with pytest.raises(Conflict, match="has changed since you opened the page"):
        mend_with(bench, evidence_id, None, made)
    assert bench.content(evidence_id) == LETTER
    assert bench.faults() == []


def test_one_that_is_made_anew_meanwhile_waits_to_be_looked_at(bench: Bench) -> None:
    evidence_id = bench.added()
    hide(bench, evidence_id)
    ask(bench, evidence_id, "ben")
    bench.worker().run_due()
    with bench.installation.database.reading() as session:
        (made,) = queries.made_for(session, session.get_one(Evidence, evidence_id).uid).values()
    bench.drop(evidence_id)
    bench.look_through_all()
    ask(bench, evidence_id, "ben")
    with pytest.raises(Conflict, match="has changed since you opened the page"):
        mend_with(bench, evidence_id, None, made)
    assert bench.content(evidence_id) == LETTER


def test_an_original_that_is_held_goes_with_the_rest(bench: Bench) -> None:
    evidence_id = held_original(bench)
    hide(bench, evidence_id)
    assert bench.state_of(LETTER) is BlobState.KEPT
    mend_with(bench, evidence_id, Kept("letter.txt"))
    assert bench.state_of(LETTER) is BlobState.GONE
    assert bench.content(evidence_id) == REDACTED
    with bench.installation.database.reading() as session:
        row = bench.row(session, evidence_id)
        assert (row.original_blob_id, row.original_name, row.held_until) == (None, "", None)
    assert bench.told("evidence.amend")["originals"] == 1
    assert bench.faults() == []


def test_one_of_another_item_goes_with_the_same_content(bench: Bench) -> None:
    first = held_original(bench)
    second = bench.added()
    hide(bench, second)
    mend_with(bench, second, None)
    assert bench.state_of(LETTER) is BlobState.GONE
    assert bench.content(first) == REDACTED
    assert bench.told("evidence.amend")["originals"] == 1
    assert bench.faults() == []


def test_where_none_is_held_none_is_told_of(bench: Bench) -> None:
    evidence_id = bench.added()
    hide(bench, evidence_id)
    mend_with(bench, evidence_id, None)
    assert "originals" not in bench.told("evidence.amend")
