"""Real work by the cast, at random, through the product's own actions: what the drills grow their worlds with."""

from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.assessment import marking, submitting
from portfolio.assessment.amending import Mending
from portfolio.assessment.models import Submission, SubmissionItem
from portfolio.assessment.rules import Mark
from portfolio.assessment.signing_off import reopen
from portfolio.audit import streams
from portfolio.centres.models import Centre
from portfolio.enrolment.models import Enrolment
from portfolio.evidence import amending, trashing
from portfolio.evidence.actions import Details
from portfolio.evidence.amending import Kept
from portfolio.evidence.models import Evidence
from portfolio.export.amending import mend
from portfolio.mapping import actions as mapping
from portfolio.mapping.models import Claim
from portfolio.mapping.rules import Outcome
from portfolio.screening import deciding
from portfolio.screening.models import Finding
from portfolio.screening.rules import Reason
from tests import screened
from tests.assessment import signing
from tests.cast import ALL_TICKED, EVERYTHING, Cast, add_file, criteria_by_code, wanted, write

SAYING = "she rang twice about the letter and I offered a refund within my limit then wrote to the branch"


def sentence(rng: Random) -> str:
    """Something to say."""
    return " ".join(rng.choices(SAYING.split(), k=rng.randint(4, 14)))


def redacted(text: str) -> str:
    """The text with a stand-in for its first word."""
    first, _space, rest = text.partition(" ")
    return f"{'Customer' if first == 'Colleague' else 'Colleague'} {rest}".strip() if text else ""


def work(cast: Cast, rng: Random) -> None:
    """A learner adds an item, maps it, perhaps hands it in; an assessor perhaps marks it. One commit per action."""
    name = rng.choice(["amina", "amina", "ben"])
    evidence_id = _add(cast, rng, name)
    if rng.random() < 0.1:
        with cast.installation.database.writing() as session:
            evidence = session.get_one(Evidence, evidence_id)
            trashing.trash(session, cast.actor(name, session), evidence)
            mapping.discard(session, cast.actor(name, session), evidence)
            session.commit()
        return
    if rng.random() < 0.3:
        _decide(cast, rng, name)
    if rng.random() < 0.8:
        _hand_in(cast, rng, name, evidence_id)
        if rng.random() < 0.4:
            _take_out(cast, rng, name, evidence_id)
    if rng.random() < 0.2:
        _note_heads(cast)
    if rng.random() < 0.2:
        _sign_or_reopen(cast, rng)


def _add(cast: Cast, rng: Random, name: str) -> int:
    with cast.installation.database.writing() as session:
        if rng.random() < 0.5:
            evidence = add_file(session, cast.installation, cast, name, sentence(rng), rng.randbytes(40).hex().encode())
        else:
            evidence = write(session, cast.installation, cast, name, sentence(rng), sentence(rng))
        session.commit()
    with cast.installation.database.writing() as session:
        evidence = session.get_one(Evidence, evidence.id)
        enrolment = session.get_one(Enrolment, evidence.enrolment_id)
        codes = rng.sample(sorted(criteria_by_code(session, enrolment)), k=rng.randint(1, 4))
        claims = wanted(session, enrolment, {code: sentence(rng) for code in codes})
        mapping.map_to(session, cast.actor(name, session), evidence, wanted=claims)
        session.commit()
    return evidence.id


def _decide(cast: Cast, rng: Random, name: str) -> None:
    """The learner names somebody in another draft, and decides about it; now and then that is taken back."""
    with cast.installation.database.writing() as session:
        actor = cast.actor(name, session)
        evidence = write(session, cast.installation, cast, name, "A call", f"Mrs Quillfeather rang, {sentence(rng)}.")
        session.commit()
        [row] = session.scalars(select(Finding).where(Finding.item_uid == evidence.uid))
        if rng.random() < 0.5:
            act = deciding.replace(session, actor, evidence, row.entity.uid).act
        else:
            act = deciding.keep(session, actor, evidence, finding_uids=[row.uid], reason=rng.choice([*Reason][:5]))
        session.commit()
        if rng.random() < 0.3:
            deciding.undo(session, actor, evidence, act)
            session.commit()


def _hand_in(cast: Cast, rng: Random, name: str, evidence_id: int) -> None:
    with cast.installation.database.writing() as session:
        enrolment, learner = session.get_one(Enrolment, cast.enrolments[name]), cast.actor(name, session)
        screened.cleared(session, cast.installation.store, learner, session.get_one(Evidence, evidence_id))
        submission = submitting.submit(session, learner, enrolment, evidence_ids=[evidence_id], declared=EVERYTHING)
        session.commit()
    what_next = rng.random()
    if what_next < 0.2:
        with cast.installation.database.writing() as session:
            submitting.withdraw(session, cast.actor(name, session), session.get_one(Submission, submission.id))
            session.commit()
    elif what_next < 0.5 and name == "amina":
        mark(cast, rng, "tobias", submission.id)
        mark(cast, rng, "dafydd", submission.id)
    elif what_next < 0.9:
        mark(cast, rng, "marguerite", submission.id)


def _take_out(cast: Cast, rng: Random, name: str, evidence_id: int) -> None:
    """Personal data is found in what was handed in: it is taken out, or it was a false alarm, or it stays hidden."""
    with cast.installation.database.writing() as session:
        evidence = session.get_one(Evidence, evidence_id)
        if evidence.current is None:
            return
        amending.hide(session, cast.actor("iris", session), evidence, words=sentence(rng))
        session.commit()
    what_next = rng.random()
    if what_next < 0.7:
        _mend(cast, rng, name, evidence_id)
    elif what_next < 0.9:
        with cast.installation.database.writing() as session:
            evidence = session.get_one(Evidence, evidence_id)
            amending.show_again(session, cast.actor(name, session), evidence, reason=sentence(rng))
            session.commit()


def _mend(cast: Cast, rng: Random, name: str, evidence_id: int) -> None:
    with cast.installation.database.writing() as session:
        evidence = session.get_one(Evidence, evidence_id)
        version = evidence.current
        assert version is not None
        claims = session.scalars(select(Claim).where(Claim.evidence_version_id == version.id))
        mending = Mending(
            details=Details(redacted(version.title), version.event_on, redacted(version.context), version.body),
            claims={
                claim.id: (rng.choice([claim.annotation, redacted(claim.annotation)]), claim.place) for claim in claims
            },
            files={file.id: rng.choice([None, Kept("clean.txt")]) for file in version.files},
            reason=sentence(rng),
        )
        mend(session, cast.actor(name, session), evidence, cast.installation.store, mending, rev=version.rev)
        session.commit()


def mark(cast: Cast, rng: Random, who: str, submission_id: int) -> None:
    """Open a submission's one item, save a review, release it. Dafydd countersigns, by marks of his own."""
    with cast.installation.database.writing() as session:
        actor, item = cast.actor(who, session), _item(session, submission_id)
        if who != "dafydd":
            marking.open_item(session, actor, item)
        marks = [
            Mark(claim.id, rng.choice([Outcome.MET, Outcome.NOT_YET_MET]), True, sentence(rng))
            for claim in marking.claims_on(session, item)
        ]
        marking.save_review(session, actor, item, varc=ALL_TICKED, marks=marks, feedback=sentence(rng))
        session.commit()
    with cast.installation.database.writing() as session:
        actor, item = cast.actor(who, session), _item(session, submission_id)
        if who == "dafydd":
            marking.countersign(session, actor, item)
        else:
            marking.release(session, actor, item)
        session.commit()


def _item(session: Session, submission_id: int) -> SubmissionItem:
    return session.scalars(select(SubmissionItem).where(SubmissionItem.submission_id == submission_id)).one()


def _sign_or_reopen(cast: Cast, rng: Random) -> None:
    """Olga's unit is met throughout from the first time on: it is signed off, or opened again where it is."""
    with cast.installation.database.writing() as session:
        unit = signing.unit_of(session, cast, "olga")
        if signing.found(session, unit).tally.gap:
            whole = signing.all_handed_in(session, cast, "olga")
            for item in (session.get_one(SubmissionItem, cast.items["olga E001"]), whole):
                signing.decided(session, cast, item, by="oscar")
            session.commit()
    with cast.installation.database.writing() as session:
        unit = signing.unit_of(session, cast, "olga")
        if signing.found(session, unit).sign_off is None:
            signing.sign(session, cast, unit, by="oscar")
        else:
            reopen(session, cast.actor("odette", session), unit, reason=sentence(rng))
        session.commit()


def _note_heads(cast: Cast) -> None:
    with cast.installation.database.writing() as session:
        ada = cast.actor("ada", session)
        centre = session.get_one(Centre, ada.centre_id)
        others = session.scalars(select(Enrolment.stream_id).where(Enrolment.centre_id == centre.id))
        streams.note_heads(session, ada, stream_id=centre.stream_id, others=list(others))
        session.commit()
