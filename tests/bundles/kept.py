"""What the tests of kept bundles have in common: asking for one, having it made by a worker, and reading the file."""

from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portfolio.anonymise.findings import Known
from portfolio.assessment import submitting
from portfolio.audit.models import AuditEvent, AuditText
from portfolio.bundles import actions
from portfolio.bundles.amending import mend
from portfolio.bundles.kept_models import BundlePart, KeptBundle
from portfolio.centres.models import Centre
from portfolio.documents.leap2a.profiles import Profile
from portfolio.enrolment.models import Enrolment
from portfolio.evidence import amending
from portfolio.evidence.actions import revise
from portfolio.evidence.models import Evidence
from portfolio.export import holding
from portfolio.export.rules import WHOLE, Choice, Extent
from portfolio.installation import Installation
from portfolio.jobs.rules import JobState
from portfolio.mapping import actions as mapping
from portfolio.mapping.rules import Outcome
from portfolio.screening.known import save_lists
from portfolio.screening.rules import Reason
from tests import screened
from tests.cast import EVERYTHING, Cast, hand_in, wanted, write
from tests.evidence.breaches import item_with_a_name, without_the_name
from tests.export.scenes import note, release, runner

NAME = "Quillfeather"


def sample(*refs: str) -> Choice:
    """A sample of items."""
    return Choice(Extent.SAMPLE, refs=refs)


def ask(
    installation: Installation,
    cast: Cast,
    *,
    by: str = "amina",
    whose: str = "amina",
    choice: Choice = WHOLE,
    profile: Profile | None = None,
) -> int:
    """Ask for a bundle of one learner, or for a Leap2A file; answers its id."""
    with installation.database.writing() as session:
        enrolment = session.get_one(Enrolment, cast.enrolments[whose])
        bundle = actions.ask_for_learner(session, cast.actor(by, session), enrolment, choice, profile)
        session.commit()
        return bundle.id


def ask_for_visit(installation: Installation, cast: Cast, *whose: str, by: str = "iris", **samples: Choice) -> int:
    """Ask for a bundle of these learners for a visit; answers its id."""
    with installation.database.writing() as session:
        actor = cast.actor(by, session)
        choices = {cast.enrolments[name]: samples.get(name, WHOLE) for name in whose}
        bundle = actions.ask_for_visit(session, actor, session.get_one(Centre, actor.centre_id), choices)
        session.commit()
        return bundle.id


def ask_for_centre(installation: Installation, cast: Cast, by: str = "ada") -> int:
    """Ask for a bundle of everybody at somebody's centre; answers its id."""
    with installation.database.writing() as session:
        actor = cast.actor(by, session)
        bundle = actions.ask_for_centre(session, actor, session.get_one(Centre, actor.centre_id))
        session.commit()
        return bundle.id


def made(installation: Installation, bundle_id: int) -> KeptBundle:
    """The bundle once a worker has made what is due."""
    runner(installation).run_due()
    return found(installation, bundle_id)


def found(installation: Installation, bundle_id: int) -> KeptBundle:
    """A bundle as it stands, with its job, file and parts."""
    with installation.database.reading() as session:
        return (
            session.scalars(
                select(KeptBundle)
                .options(
                    joinedload(KeptBundle.job),
                    joinedload(KeptBundle.blob),
                    joinedload(KeptBundle.centre),
                    joinedload(KeptBundle.parts).joinedload(BundlePart.enrolment).joinedload(Enrolment.learner),
                )
                .where(KeptBundle.id == bundle_id)
            )
            .unique()
            .one()
        )


def unpacked(installation: Installation, bundle: KeptBundle, folder: Path) -> Path:
    """The file of a bundle, unpacked as anybody would."""
    assert bundle.job.state is JobState.DONE, bundle.job.message
    assert bundle.blob is not None
    with installation.store.open(bundle.centre.uid, bundle.blob.sha256) as file, ZipFile(BytesIO(file.read())) as held:
        assert held.testzip() is None
        held.extractall(folder / "unpacked")
    return folder / "unpacked"


def events(installation: Installation, verb: str) -> list[tuple[str, dict[str, Any]]]:
    """Every entry of a kind: whose stream it is in, as a centre or an enrolment, and what it says."""
    with installation.database.reading() as session:
        centres = set(session.scalars(select(Centre.stream_id)))
        rows = session.execute(
            select(AuditEvent.stream_id, AuditText.text)
            .join(AuditText, AuditText.event_id == AuditEvent.id)
            .where(AuditEvent.verb == verb)
            .order_by(AuditEvent.id)
        )
        return [("centre" if stream_id in centres else "enrolment", text) for stream_id, text in rows]


def part_of(installation: Installation, bundle_id: int, cast: Cast, name: str = "amina") -> BundlePart:
    """Somebody's part of a bundle."""
    parts = found(installation, bundle_id).parts
    return next(part for part in parts if part.enrolment_id == cast.enrolments[name])


def name_in_feedback(installation: Installation, cast: Cast) -> None:
    """Marguerite names somebody in what she says of amina's E002."""
    note(installation, cast, "amina E002", "marguerite", Outcome.MET, f"I rang Mrs {NAME} and she confirms it.")
    release(installation, cast, "amina E002", "marguerite")


def name_in_earlier_version(installation: Installation, cast: Cast) -> None:
    """Amina's E001 said something in its first version that the lists know since; the second does not say it."""
    with installation.database.writing() as session:
        evidence, learner = session.get_one(Evidence, cast.evidence["amina E001"]), cast.actor("amina", session)
        revise(session, learner, evidence).context = "I handled it."
        enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
        mapping.map_to(session, learner, evidence, wanted=wanted(session, enrolment, {"1.2": "The note is added."}))
        hand_in(session, cast, "amina", evidence, "E001")
        known = Known(organisations=("front desk",))
        save_lists(session, cast.actor("ada", session), enrolment.centre, known, rev=0)
        session.commit()


def named_before_handing_in(installation: Installation, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ben was asked about somebody when he handed something in."""
    asked = [{"item": "E001", "criteria": ["1.1"], "question": f"Did you ring Mrs {NAME}?", "answer": "no"}]
    monkeypatch.setattr(submitting, "kept", lambda *_given: asked)
    with installation.database.writing() as session:
        evidence, ben = write(session, installation, cast, "ben", "My account", "I rang."), cast.actor("ben", session)
        enrolment = session.get_one(Enrolment, cast.enrolments["ben"])
        mapping.map_to(session, ben, evidence, wanted=wanted(session, enrolment, {"1.1": "So."}))
        screened.cleared(session, installation.store, ben, evidence)
        submitting.submit(session, ben, enrolment, evidence_ids=[evidence.id], declared=EVERYTHING, answers={})
        session.commit()


def reason_with_a_name(installation: Installation, cast: Cast) -> None:
    """Amina gave a reason for an amendment that names somebody whom the lists know since."""
    with installation.database.writing() as session:
        evidence = item_with_a_name(session, cast)
        amending.hide(session, cast.actor("marguerite", session), evidence, words="All over")
        session.commit()
    mended_with(installation, cast, evidence.id)
    with installation.database.writing() as session:
        centre = session.get_one(Centre, cast.homes["ada"])
        save_lists(session, cast.actor("ada", session), centre, Known(organisations=("was in it",)), rev=0)
        session.commit()


def mended_with(installation: Installation, cast: Cast, evidence_id: int) -> None:
    """Amina takes what names somebody out of an item of hers that is hidden."""
    with installation.database.writing() as session:
        evidence = session.get_one(Evidence, evidence_id)
        assert evidence.current is not None
        mending, rev = without_the_name(session, cast, evidence), evidence.current.rev
        mend(session, cast.actor("amina", session), evidence, installation.store, mending, rev=rev)
        session.commit()


def keep_all(session: Session, installation: Installation, cast: Cast, part: BundlePart, who: str) -> int:
    """Somebody lets everything stay that holds a part back and is theirs to decide; answers in how many places."""
    kept, derived = 0, installation.previews
    for subject in dict.fromkeys(one["subject"] for one in part.held):
        actor = cast.actor(who, session)
        seen = holding.seen_by(session, actor, part, subject, derived)
        tokens = {hit.token for one in seen for hit in one.hits}
        kept += holding.keep(
            session, actor, part, tokens, subject=subject, reason=Reason.AGREED, said="", derived=derived
        )
    return kept
