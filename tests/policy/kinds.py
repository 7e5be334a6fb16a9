"""Amina's items of the every-route table that are neither files nor accounts on their usual way, and what people keep
for themselves.
"""

from dataclasses import replace
from io import BytesIO

from PIL import Image
from pyotp import random_base32
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts import second_factor, sign_in
from portfolio.accounts.actions import hash_token
from portfolio.accounts.models import Person, SecondFactor, SignInSession
from portfolio.anonymise.findings import Label
from portfolio.assessment.models import FeedbackStem, ItemReview
from portfolio.audit.events import System
from portfolio.centres.actions import set_logo, set_word_template
from portfolio.centres.models import Centre
from portfolio.centres.settings import HELD, kept_as, settings_of
from portfolio.documents.proof.values import Proof
from portfolio.documents.redaction.plan import Plan, Report
from portfolio.documents.wordtemplate.example import example
from portfolio.documents.wordtemplate.taking import Template
from portfolio.enrolment import cohorts
from portfolio.enrolment.models import Enrolment
from portfolio.evidence import trashing
from portfolio.evidence.actions import Details
from portfolio.evidence.models import Evidence, EvidenceFile
from portfolio.export import gate, holding
from portfolio.export.gate import Held, Hit
from portfolio.export.models import WordBook
from portfolio.imports.models import ImportDraft
from portfolio.imports.rules import ImportKind
from portfolio.jobs import actions as jobs
from portfolio.jobs.actions import finish
from portfolio.jobs.rules import JobState
from portfolio.notices.models import Notice
from portfolio.notices.rules import NoticeKind
from portfolio.redaction import using
from portfolio.redaction.models import Redaction
from portfolio.redaction.proofs import kept_proof
from portfolio.redaction.rules import MAKE_REDACTED, RedactionState
from portfolio.screening import acting, scanning
from portfolio.screening.acting import Entry
from portfolio.screening.entities import Entities
from portfolio.screening.models import Finding, FindingDecision, Scan
from portfolio.screening.rules import Outcome, Reason, ScanState
from portfolio.screening.tokens import token_of
from portfolio.storage.actions import keep
from tests import screened
from tests.cast import Cast, add_files, arrived, upload, write
from tests.evidence import records


def observe(session: Session, cast: Cast, title: str, ref: str) -> Evidence:
    """Something that marguerite saw amina do, mapped; nobody else has seen it yet."""
    evidence = records.watched(session, cast, title)
    assert evidence.ref == ref
    return evidence


def put_on_record(session: Session, cast: Cast, ref: str) -> Evidence:
    """The same, put on record."""
    evidence = observe(session, cast, "Watched on the phone", ref)
    submission = records.put_on_record(session, cast, evidence)
    cast.submissions[f"amina {ref}"] = submission.id
    cast.items[f"amina {ref}"] = submission.items[0].id
    return evidence


def held_elsewhere(session: Session, cast: Cast, ref: str) -> None:
    """An item that stays where it is, handed in."""
    assert records.held_elsewhere(session, cast).ref == ref


def thrown_away(session: Session, cast: Cast, ref: str) -> None:
    """A draft in the trash."""
    evidence = write(session, cast.installation, cast, "amina", "Thrown away", "Nothing came of it.")
    assert evidence.ref == ref
    trashing.trash(session, cast.actor("amina", session), evidence)


def stems(session: Session, cast: Cast) -> dict[str, int]:
    """Words that two assessors keep, by their names."""
    kept = {name: FeedbackStem(person_id=cast.people[name], words="Show where") for name in ("marguerite", "tobias")}
    session.add_all(kept.values())
    session.flush()
    return {name: stem.id for name, stem in kept.items()}


def notices(session: Session, cast: Cast) -> dict[str, int]:
    """What amina and marguerite were told at Harrow Dale, and olga at Other Side."""
    told = {
        name: Notice(
            person_id=cast.people[name],
            centre_id=cast.homes[home],
            kind=NoticeKind.FEEDBACK,
            about_table="enrolment",
            about_id=cast.enrolments["olga" if name == "olga" else "amina"],
            told_at=clock.now(),
        )
        for name, home in (("amina", "ada"), ("marguerite", "ada"), ("olga", "odette"))
    }
    session.add_all(told.values())
    session.flush()
    return {name: notice.id for name, notice in told.items()}


def lists(session: Session, cast: Cast) -> dict[str, int]:
    """What ada and vera brought to Harrow Dale, and odette to Other Side."""
    content = b"Name,Email\nNia Newcomer,nia@example.org\n"
    brought = {
        name: ImportDraft(
            centre_id=cast.homes["odette" if name == "odette" else "ada"],
            person_id=cast.people[name],
            kind=ImportKind.PEOPLE,
            name="people.csv",
            content=content,
            matching={"name": 0, "email": 1},
            made_at=clock.now(),
        )
        for name in ("ada", "vera", "odette")
    }
    session.add_all(brought.values())
    session.flush()
    return {name: draft.id for name, draft in brought.items()}


def cohorts_of_both(session: Session, cast: Cast) -> dict[str, int]:
    """Ben is in the one that runs; the other one of Harrow Dale is closed; one is Other Side's."""
    harrow, other = (session.get_one(Centre, cast.homes[name]) for name in ("ada", "odette"))
    made = {
        name: cohorts.open_cohort(session, System(), centre, name=name.capitalize())
        for name, centre in (("spring", harrow), ("over", harrow), ("theirs", other))
    }
    cohorts.close_cohort(session, System(), made["over"])
    cohorts.put_in_cohort(session, System(), session.get_one(Enrolment, cast.enrolments["ben"]), made["spring"])
    return {name: cohort.id for name, cohort in made.items()}


def logos(session: Session, cast: Cast) -> dict[str, str]:
    """What stands beside the name of each centre: a picture of one colour."""
    found = {}
    for name, who, colour in (("harrow dale", "ada", "teal"), ("other side", "odette", "navy")):
        centre = session.get_one(Centre, cast.homes[who])
        drawn = BytesIO()
        Image.new("RGB", (8, 8), colour).save(drawn, "PNG")
        set_logo(session, System(), centre, drawn.getvalue())
        found[name] = settings_of(centre.settings).logo
    return found


def word_templates(session: Session, cast: Cast) -> None:
    """What books of Harrow Dale look like: as ours do, with a cover."""
    centre = session.get_one(Centre, cast.homes["ada"])
    set_word_template(session, System(), centre, Template(example(), (("Cover", "Taken over"),), ()))


def second_steps(session: Session, cast: Cast) -> dict[str, int]:
    """Amina is setting up a second step, dafydd has one; two are signed in elsewhere too: the ids of those sessions."""
    second_factor.begin(session, cast.actor("amina", session))
    dafydd = session.get_one(Person, cast.people["dafydd"])
    sealed = session.info["seal"].seal(random_base32(), whose=dafydd.uid)
    now = clock.now()
    session.add(SecondFactor(person_id=dafydd.id, secret=sealed, recovery=[], made_at=now, confirmed_at=now))
    tokens = {name: sign_in.begin(session, cast.people[name]) for name in ("amina", "marguerite")}
    found = {row.hash: row.id for row in session.scalars(select(SignInSession))}
    return {name: found[hash_token(token)] for name, token in tokens.items()}


def hold_back(session: Session, cast: Cast, book: WordBook) -> tuple[Held, EvidenceFile]:
    """A book that was not made because of what marguerite said of an item of amina's, and because of a file of that
    item which nothing can read; answers the place and the file.
    """
    review = session.scalars(
        select(ItemReview).where(ItemReview.assessor_id == cast.people["marguerite"], ItemReview.feedback != "")
        .order_by(ItemReview.id)
    ).first()  # fmt: skip
    assert review is not None
    item, words = review.item.version.evidence, review.feedback.split()[0]
    hit = Hit(0, len(words), Label.PERSON, token_of(session, book.enrolment, Label.PERSON, words))
    place = Held(item.uid, item.id, item.ref, f"review:{review.id}:feedback", 1, (hit,))
    file = review.item.version.files[0]
    scan = session.scalars(select(Scan).where(Scan.item_uid == item.uid, Scan.source == file.blob.sha256)).one()
    scan.state, scan.checked_at, scan.checked_by = ScanState.UNREADABLE, None, None
    places = [place, Held(item.uid, item.id, item.ref, f"unread:{scan.source}", 1)]
    holding.hold(session, cast.actor("amina", session), book, places)
    finish(session, book.job, JobState.HELD, gate.sentence(places))
    return place, file


def names_people(session: Session, cast: Cast) -> None:
    """A draft of amina's that names two, one of them in two ways, with a letter to a third and a recording."""
    letter = upload(cast.installation, b"Dear Mrs Quennell,\n\nI am sorry.\n", "letter.txt")
    call = upload(cast.installation, b"ID3\x04\x00\x00\x00\x00\x00\x00", "call.mp3", "audio/mpeg")
    said = "I rang Joanne Abernethy-Cole back. I spoke to Mr Pennant about it."
    details = Details("Call-back for Mrs Abernethy-Cole", context=said)
    evidence = add_files(session, cast.installation, cast, "amina", details, [letter, call])
    screened.look_through(session, cast.installation.store, evidence)


def asked(session: Session, cast: Cast) -> dict[str, int]:
    """A name in a draft of amina's and in one of olga's, which they ask to keep; amina replaced another one before."""
    found = {}
    for name in ("amina", "olga"):
        evidence = write(session, cast.installation, cast, name, "Asked about", "I rang Mrs Quillfeather back.")
        enrolment = evidence.enrolment
        scanning.look(session, evidence)
        entry = session.scalars(select(Finding).where(Finding.item_uid == evidence.uid)).one()
        entries = [Entry(entry.token, entry.label)]
        actor = cast.actor(name, session)
        act = acting.decide(
            session, actor, evidence.uid, enrolment, entries, Outcome.ASKED, reason=Reason.PUBLIC, said="In office."
        )
        rows = select(FindingDecision.id).where(FindingDecision.act == act.uid)
        found[name] = session.scalars(rows).one()
        entities = Entities(session, enrolment)
        known = entities.by_uid(entry.entity.uid)
        assert known is not None
        known.entity.number = 1
        known.learn(["Mrs Quillfeather"])
        entities.seal(known)
    return found


def redacted(session: Session, cast: Cast, refs: dict[str, str]) -> dict[str, int]:
    """The last file of an item of amina's, and of one of olga's, was redacted; each holds the original."""
    found = {}
    for name, ref in refs.items():
        enrolment = session.get_one(Enrolment, cast.enrolments[name])
        centre, actor = enrolment.centre, cast.actor(name, session)
        of_item = select(Evidence).where(Evidence.enrolment_id == enrolment.id, Evidence.ref == ref)
        file = session.scalars(of_item).one().latest.files[-1]
        row = made_by_hand(session, cast, name, file)
        chosen, centre.settings = centre.settings, kept_as(replace(settings_of(centre.settings), originals=HELD))
        using.use(session, actor, file)
        centre.settings = chosen
        found[name] = row.id
    return found


def made_by_hand(session: Session, cast: Cast, name: str, file: EvidenceFile) -> Redaction:
    """A redacted version of a file that nobody has used yet, as a worker leaves it."""
    actor, version, store = cast.actor(name, session), file.version, cast.installation.store
    job = jobs.ask(
        session, kind=MAKE_REDACTED, centre_id=actor.centre_id, person_id=actor.person_id, subject_id=file.id
    )
    finish(session, job, JobState.DONE)
    content = arrived(cast.installation, f"Customer A, {file.blob.sha256}".encode())
    result = keep(
        session, store, content, centre_id=actor.centre_id, centre_uid=actor.centre_uid, media_type="text/plain"
    )
    proof = Proof(result.sha256, result.size, 1, (), 1, ("as it stands",), ("Python 3",))
    row = Redaction(
        enrolment_id=version.evidence.enrolment_id,
        item_uid=version.evidence.uid,
        version_no=version.no,
        source=file.blob.sha256,
        source_size=file.blob.size,
        source_type=file.blob.media_type,
        state=RedactionState.MADE,
        asked_by_id=actor.person_id,
        asked_at=clock.now(),
        job_id=job.id,
        result=result,
        result_name="redacted.txt",
        result_sha256=result.sha256,
        proof=kept_proof(Report("text/plain", {"PERSON": 1}), proof, Plan()),
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row
