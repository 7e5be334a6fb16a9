"""What holds a portfolio out of a bundle alone is decided on its own page, and then the bundle is made."""

from pathlib import Path

import pytest
from sqlalchemy import select

from portfolio.anonymise.findings import Known
from portfolio.bundles import queries
from portfolio.bundles.kept_models import BundlePart
from portfolio.centres.models import Centre
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Conflict, Forbidden
from portfolio.evidence import actions as evidence_actions
from portfolio.evidence.actions import Details, revise
from portfolio.evidence.models import Evidence
from portfolio.export import gate, holding
from portfolio.export.held_queries import to_check
from portfolio.installation import Installation
from portfolio.jobs.rules import JobState
from portfolio.mapping import actions as mapping
from portfolio.screening.known import save_lists
from portfolio.screening.models import Scan
from portfolio.screening.rules import ScanState
from tests.bundles.kept import (
    NAME,
    ask,
    events,
    keep_all,
    made,
    name_in_earlier_version,
    name_in_feedback,
    named_before_handing_in,
    part_of,
    reason_with_a_name,
    unpacked,
)
from tests.bundles.scenes import verified
from tests.cast import Cast, hand_in, upload, wanted
from tests.export.scenes import runner

PLACES = {
    "earlier version": ("amina", "amina", "What happened"),
    "self-check": ("ben", "ben", "Questions before handing in"),
    "amendment": ("amina", "amina", "Why it was amended"),
    "feedback": ("amina", "marguerite", "Feedback"),
}
"""Whose portfolio, who decides, and what the place is called."""


@pytest.mark.parametrize("place", PLACES)
def test_what_holds_a_bundle_back_is_decided_there_and_then_it_is_made(
    installation: Installation, cast: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str
) -> None:
    whose, who, called = PLACES[place]
    if place == "self-check":
        named_before_handing_in(installation, cast, monkeypatch)
    else:
        {"earlier version": name_in_earlier_version, "amendment": reason_with_a_name, "feedback": name_in_feedback}[
            place
        ](installation, cast)
    bundle_id = ask(installation, cast, by=whose, whose=whose)
    bundle = made(installation, bundle_id)
    assert (bundle.job.state, bundle.blob_id, bundle.made_at) == (JobState.HELD, None, None)
    part = part_of(installation, bundle_id, cast, whose)
    assert called in {gate.Held.of(one).where for one in part.held}
    assert NAME not in str(part.held) + part.reason + bundle.job.message
    assert events(installation, "export.hold")[0][1]["places"] == len(part.held)
    with installation.database.writing() as session:
        row = session.get_one(BundlePart, part.id)
        with pytest.raises(Forbidden):
            keep_all(session, installation, cast, row, "dafydd")
    with installation.database.writing() as session:
        assert keep_all(session, installation, cast, session.get_one(BundlePart, part.id), who)
        session.commit()
    with installation.database.reading() as session:
        held_part = queries.held_part(session, cast.enrolments[whose])
        assert held_part is not None
        assert held_part.id == part.id
    again = made(installation, ask(installation, cast, by=whose, whose=whose))
    ended, said = verified(unpacked(installation, again, tmp_path))
    assert ended == 0, said
    with installation.database.reading() as session:
        assert queries.held_part(session, cast.enrolments[whose]) is None


def file_of_earlier_version(installation: Installation, cast: Cast) -> str:
    """The first version of amina's E001 has a file that the second one has no more; answers the SHA-256 of that."""
    with installation.database.writing() as session:
        learner, store = cast.actor("amina", session), installation.store
        evidence = session.get_one(Evidence, cast.evidence["amina E001"])
        sha256 = evidence.latest.files[0].blob.sha256
        revise(session, learner, evidence)
        session.refresh(evidence)
        details, rev = Details("Complaint letter", None, "I handled it."), evidence.latest.rev
        second = [upload(installation, b"Something else.", "second.txt")]
        evidence_actions.change(session, learner, evidence, store, details=details, rev=rev, uploads=second)
        evidence_actions.remove_file(session, learner, evidence.latest.files[0])
        enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
        mapping.map_to(session, learner, evidence, wanted=wanted(session, enrolment, {"1.2": "So it is."}))
        hand_in(session, cast, "amina", evidence, evidence.ref)
        session.commit()
    return sha256


def test_what_is_found_in_a_file_of_an_earlier_version_is_its_makers_to_decide(
    installation: Installation, cast: Cast
) -> None:
    file_of_earlier_version(installation, cast)
    with installation.database.writing() as session:
        centre = session.get_one(Centre, cast.homes["ada"])
        save_lists(session, cast.actor("ada", session), centre, Known(organisations=("am sorry",)), rev=0)
        session.commit()
    bundle_id = ask(installation, cast)
    assert made(installation, bundle_id).job.state is JobState.HELD
    part = part_of(installation, bundle_id, cast)
    assert [gate.Held.of(one).kind for one in part.held] == ["content"]
    with installation.database.writing() as session, pytest.raises(Conflict):
        keep_all(session, installation, cast, session.get_one(BundlePart, part.id), "marguerite")
    with installation.database.writing() as session:
        assert keep_all(session, installation, cast, session.get_one(BundlePart, part.id), "amina") == 1
        session.commit()
    assert made(installation, ask(installation, cast)).job.state is JobState.DONE


def test_a_file_of_an_earlier_version_that_nothing_can_read_is_checked_by_its_maker(
    installation: Installation, cast: Cast
) -> None:
    sha256 = file_of_earlier_version(installation, cast)
    runner(installation)
    with installation.database.writing() as session:
        session.scalars(select(Scan).where(Scan.source == sha256)).one().state = ScanState.UNREADABLE
        session.commit()
    bundle_id = ask(installation, cast)
    assert made(installation, bundle_id).job.state is JobState.HELD
    [place] = part_of(installation, bundle_id, cast).held
    with installation.database.writing() as session:
        row = session.get_one(BundlePart, part_of(installation, bundle_id, cast).id)
        [file] = to_check(session, row.enrolment, [place])
        with pytest.raises(Forbidden):
            holding.check(session, cast.actor("marguerite", session), row, place["subject"], file.uid)
        holding.check(session, cast.actor("amina", session), row, place["subject"], file.uid)
        session.commit()
    assert made(installation, ask(installation, cast)).job.state is JobState.DONE
