"""A portfolio with files of every kind in every state that an item or a file can be in; each part of each file, and
each text, has a word of its own.

Amina's, in this order: `record` is handed in and marked; `draft` is not handed in; `withdrawn` was, and is no more;
`trashed` lies in the trash; `hidden` was handed in and has somebody's name in it; of `original` all files were redacted
and used as `redacted`; `unused` was redacted too, and that is not used; `before` was marked as too little and handed in
again as `after`; `noted` has a review that is not released; `overruled` is a trainee's decision in whose place a
colleague's stands. Of `mended` every file but the first was taken out when it was on record. `ben` and `olga` have a
`record` too, at amina's centre and at another.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path
from threading import Event

import docx
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.assessment import marking, submitting
from portfolio.assessment.amending import Mending
from portfolio.assessment.models import Submission, SubmissionItem
from portfolio.assessment.rules import Mark
from portfolio.criteria.rules import Method
from portfolio.db import Database
from portfolio.documents.proof.values import Proof, Value
from portfolio.documents.redaction.plan import Plan, Report
from portfolio.enrolment.models import Enrolment
from portfolio.evidence import actions, amending, trashing
from portfolio.evidence.actions import Details
from portfolio.evidence.amending import Kept
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import Carrier
from portfolio.export.amending import mend
from portfolio.installation import Installation
from portfolio.mapping import actions as mapping
from portfolio.mapping.actions import Wanted
from portfolio.mapping.models import Claim
from portfolio.mapping.rules import Outcome
from portfolio.redaction import actions as redacting
from portfolio.redaction import using
from portfolio.redaction.jobs import Programs
from portfolio.worker import make_runner
from tests import screened
from tests.cast import ALL_TICKED, EVERYTHING, Cast, assemble, criteria_by_code, upload
from tests.policy.names import OFFICE, Names, files_of

MARK, LENGTH = "qzx", 12
CRITERIA = {
    "record": "1.3", "draft": "1.4", "withdrawn": "1.5", "trashed": "2.1", "hidden": "2.2", "redacted": "2.3",
    "unused": "2.4", "after": "2.5", "noted": "3.1", "overruled": "3.2", "mended": "3.3",
}  # fmt: skip
"""By item, which criterion it claims; an item is called by what is on record in the end."""
ALL_KINDS = {"record", "draft", "hidden", "original", "redacted", "before", "after"}
"""Items with a file of every kind."""


@dataclass
class Words(Names):
    """The word of each place, which is nobody's name."""

    refs: dict[str, str] = field(default_factory=dict)

    def name(self, place: str) -> str:
        """The word of a place, the same each time."""
        seed = hashlib.sha256(place.encode()).hexdigest()[:LENGTH]
        return self.by_place.setdefault(place, MARK + "".join(chr(ord("a") + int(digit, 16)) for digit in seed))

    def mrs(self, place: str) -> str:
        """The same: it is no title of a person."""
        return self.name(place)


def every_file(words: Words, item: str, *, like: str = "") -> list[tuple[bytes, str, str]]:
    """The content of a file of every kind, its name, and its media type; of some items only of a few kinds, and as many
    as the item has that this one is `like`.
    """
    has_all = (like or item.partition(" ")[2]) in ALL_KINDS
    kinds = [*files_of(words, item), *_more_files(words, item)] if has_all else _more_files(words, item)
    return [
        (content, f"{words.name(f'{item} name {number} {kind}')}.{kind}", media)
        for number, (kind, content, media) in enumerate(kinds)
    ]


def _more_files(words: Words, item: str) -> list[tuple[str, bytes, str]]:
    """Pictures and documents that carry words beside what one sees."""
    word = f"{OFFICE}wordprocessingml.document"
    return [
        ("jpg", _photo(words, item), "image/jpeg"),
        ("tif", _picture("TIFF", {"tiffinfo": {270: words.name(f"{item} unseen tif")}}), "image/tiff"),
        ("pdf", _pdf(words, item), "application/pdf"),
        ("docx", _pictured(words, item), word),
    ]


def _picture(kind: str, told: dict[str, object]) -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 20), "teal").save(out, kind, **told)
    return out.getvalue()


def _photo(words: Words, item: str) -> bytes:
    exif = Image.Exif()
    exif[0x010E] = words.name(f"{item} unseen exif")
    comment = words.name(f"{item} unseen comment").encode()
    return _picture("JPEG", {"exif": exif.tobytes(), "comment": comment})


def _pdf(words: Words, item: str) -> bytes:
    out = BytesIO()
    sheet = Canvas(out)
    sheet.setAuthor(words.name(f"{item} unseen pdf author"))
    sheet.setSubject(words.name(f"{item} unseen pdf subject"))
    sheet.drawString(72, 720, f"See {words.name(f'{item} pdf compressed')}.")
    sheet.save()
    return out.getvalue()


def _pictured(words: Words, item: str) -> bytes:
    told = PngInfo()
    told.add_text("Comment", words.name(f"{item} unseen docx picture"))
    document, out = docx.Document(), BytesIO()
    document.add_paragraph(f"See {words.name(f'{item} docx beside picture')}.")
    document.add_picture(BytesIO(_picture("PNG", {"pnginfo": told})))
    document.core_properties.comments = words.name(f"{item} unseen docx comments")
    document.save(out)
    return out.getvalue()


@dataclass
class World:
    """The installation with its cast, and every word that stands in it."""

    installation: Installation
    cast: Cast
    words: Words

    @property
    def database(self) -> Database:
        """Where all of it is."""
        return self.installation.database


def planted(installation: Installation) -> World:
    """All of it, through the product's actions; each step commits."""
    cast = assemble(installation)
    world = World(installation, cast, Words(cast))
    for who, by in (("amina", "marguerite"), ("ben", "marguerite"), ("olga", "oscar")):
        step(world, _recorded, who, by)
    for do in (_draft, _withdrawn, _trashed, _hidden, _noted, _overruled):
        step(world, do)
    _redacted(world)
    _unused(world)
    _again(world)
    step(world, _mended)
    return world


def step(world: World, do: object, *arguments: object) -> None:
    """One thing done, in a transaction of its own."""
    with world.database.writing() as session:
        do(session, world, *arguments)  # type: ignore[operator] # any of the functions below
        session.commit()


def _details(world: World, item: str) -> Details:
    title, context, role = (world.words.name(f"{item} {part}") for part in ("title", "context", "role"))
    return Details(f"Papers {title}", date(2026, 11, 3), f"See {context}.", role=f"See {role}.")


def _added(session: Session, world: World, who: str, item: str, called: str = "") -> Evidence:
    """An item with a file of every kind, mapped; `called` is what it is called in the end."""
    store, words = world.installation.store, world.words
    enrolment = session.get_one(Enrolment, world.cast.enrolments[who])
    evidence = actions.add(
        session,
        world.cast.actor(who, session),
        enrolment,
        store,
        method=Method.PRODUCT,
        carrier=Carrier.FILES,
        details=_details(world, f"{who} {item}"),
        uploads=[upload(world.installation, *file) for file in every_file(words, f"{who} {item}")],
    )
    unit, criterion = criteria_by_code(session, enrolment)[CRITERIA[called or item]]
    annotation, place = (words.name(f"{who} {item} {part}") for part in ("annotation", "place"))
    wanted = [Wanted(unit, criterion, f"It is {annotation}.", f"at {place}")]
    mapping.map_to(session, world.cast.actor(who, session), evidence, wanted=wanted)
    words.refs[f"{who} {called or item}"] = evidence.ref
    return evidence


def _handed_in(session: Session, world: World, who: str, evidence: Evidence) -> SubmissionItem:
    learner = world.cast.actor(who, session)
    screened.cleared(session, world.installation.store, learner, evidence)
    enrolment = session.get_one(Enrolment, evidence.enrolment_id)
    return submitting.submit(session, learner, enrolment, evidence_ids=[evidence.id], declared=EVERYTHING).items[0]


def _noted_by(session: Session, world: World, item: str, by: str, handed_in: SubmissionItem) -> None:
    """Somebody's review with words of its own, not released."""
    actor = world.cast.actor(by, session)
    if handed_in.submission.opened_at is None:
        marking.open_item(session, actor, handed_in)
    marks = [
        Mark(claim.id, Outcome.INSUFFICIENT, False, f"Say {world.words.name(f'{item} by {by} on criterion')}.")
        for claim in marking.claims_on(session, handed_in)
    ]
    feedback = f"In all {world.words.name(f'{item} by {by} feedback')}."
    marking.save_review(session, actor, handed_in, varc=ALL_TICKED, marks=marks, feedback=feedback)


def _marked(session: Session, world: World, item: str, handed_in: SubmissionItem, by: str = "marguerite") -> None:
    _noted_by(session, world, item, by, handed_in)
    marking.release(session, world.cast.actor(by, session), handed_in)


def _recorded(session: Session, world: World, who: str, by: str) -> None:
    _marked(session, world, f"{who} record", _handed_in(session, world, who, _added(session, world, who, "record")), by)


def _draft(session: Session, world: World) -> None:
    _added(session, world, "amina", "draft")


def _withdrawn(session: Session, world: World) -> None:
    item = _handed_in(session, world, "amina", _added(session, world, "amina", "withdrawn"))
    submission = session.get_one(Submission, item.submission_id)
    submitting.withdraw(session, world.cast.actor("amina", session), submission)


def _trashed(session: Session, world: World) -> None:
    trashing.trash(session, world.cast.actor("amina", session), _added(session, world, "amina", "trashed"))


def _hidden(session: Session, world: World) -> None:
    evidence = _added(session, world, "amina", "hidden")
    _marked(session, world, "amina hidden", _handed_in(session, world, "amina", evidence))
    amending.hide(session, world.cast.actor("iris", session), evidence, words="Page 1")


def _noted(session: Session, world: World) -> None:
    item = _handed_in(session, world, "amina", _added(session, world, "amina", "noted"))
    _noted_by(session, world, "amina noted", "marguerite", item)


def _overruled(session: Session, world: World) -> None:
    item = _handed_in(session, world, "amina", _added(session, world, "amina", "overruled"))
    _noted_by(session, world, "amina overruled", "tobias", item)
    marking.release(session, world.cast.actor("tobias", session), item)
    _noted_by(session, world, "amina overruled", "dafydd", item)
    marking.countersign(session, world.cast.actor("dafydd", session), item)


def _redacted(world: World) -> None:
    """Every file of a draft is redacted and used; then it is handed in and marked."""
    evidence_id = _made_anew(world, "original", "redacted", is_used=True)
    with world.database.writing() as session:
        evidence = session.get_one(Evidence, evidence_id)
        _marked(session, world, "amina redacted", _handed_in(session, world, "amina", evidence))
        session.commit()


def _unused(world: World) -> None:
    """Every file of a draft is redacted; what was made is dropped, and it is handed in as it was."""
    evidence_id = _made_anew(world, "unused", "unused made", is_used=False)
    with world.database.writing() as session:
        evidence = session.get_one(Evidence, evidence_id)
        for file in evidence.latest.files:
            redacting.drop(session, world.cast.actor("amina", session), file)
        _handed_in(session, world, "amina", evidence)
        session.commit()


def _made_anew(world: World, item: str, result: str, *, is_used: bool) -> int:
    """A draft of which a redacted version of every file was made, with the words of `result`."""
    with world.database.writing() as session:
        evidence = _added(session, world, "amina", item, "redacted" if is_used else "unused")
        screened.cleared(session, world.installation.store, world.cast.actor("amina", session), evidence)
        evidence_id = evidence.id
        session.commit()
    with world.database.writing() as session:
        files = session.get_one(Evidence, evidence_id).latest.files
        news = every_file(world.words, f"amina {result}", like=item)
        results = {file.blob.sha256: new[0] for file, new in zip(files, news, strict=True)}
        for file in files:
            redacting.ask(session, world.cast.actor("amina", session), file)
        session.commit()
    programs = Programs(partial(_taken_from, results), _nothing_found)
    assert make_runner(world.installation, Event(), redacting=programs).run_due() == len(results)
    if is_used:
        with world.database.writing() as session:
            for file in session.get_one(Evidence, evidence_id).latest.files:
                using.use(session, world.cast.actor("amina", session), file, checked=True)
            session.commit()
    return evidence_id


def _taken_from(results: Mapping[str, bytes], source: Path, media_type: str, target: Path, _plan: Plan) -> Report:
    """A redacted version that was prepared before, by the SHA-256 of its original."""
    target.write_bytes(results[hashlib.sha256(source.read_bytes()).hexdigest()])
    return Report(media_type)


def _nothing_found(path: Path, _media_type: str, values: Sequence[Value], *, name: str = "") -> Proof:
    """A proof that finds nothing, whatever the file and its `name`."""
    content = path.read_bytes()
    return Proof(hashlib.sha256(content).hexdigest(), len(content), len(values), (), 1, (name,), ("Python 3",))


def _again(world: World) -> None:
    """Marked as too little, then handed in with other files and other words."""
    with world.database.writing() as session:
        evidence = _added(session, world, "amina", "before", "after")
        _marked(session, world, "amina before", _handed_in(session, world, "amina", evidence))
        session.commit()
        amina = world.cast.actor("amina", session)
        mapping.revise(session, amina, evidence)
        session.refresh(evidence)
        first, *others = evidence.latest.files
        for file in others:
            actions.remove_file(session, amina, file)
        actions.change(
            session,
            amina,
            evidence,
            world.installation.store,
            details=_details(world, "amina after"),
            rev=evidence.latest.rev,
            uploads=[upload(world.installation, *file) for file in every_file(world.words, "amina after")],
        )
        actions.remove_file(session, amina, first)
        enrolment = session.get_one(Enrolment, evidence.enrolment_id)
        unit, criterion = criteria_by_code(session, enrolment)[CRITERIA["after"]]
        annotation, place = (world.words.name(f"amina after {part}") for part in ("annotation", "place"))
        mapping.map_to(session, amina, evidence, wanted=[Wanted(unit, criterion, annotation, place)])
        _marked(session, world, "amina after", _handed_in(session, world, "amina", evidence))
        session.commit()


def _mended(session: Session, world: World) -> None:
    """Every file but the first is taken out of what is on record, and every text is another one."""
    evidence = _added(session, world, "amina", "mended")
    _marked(session, world, "amina mended", _handed_in(session, world, "amina", evidence))
    amending.hide(session, world.cast.actor("iris", session), evidence, words="Page 1")
    version = evidence.on_record
    assert version is not None
    claims = session.scalars(select(Claim.id).where(Claim.evidence_version_id == version.id))
    mending = Mending(
        details=Details("Papers Customer", date(2026, 11, 3), "See Customer.", role="See Customer."),
        claims=dict.fromkeys(claims, ("It is Customer.", "at Customer")),
        files={file.id: None if number else Kept("kept.txt") for number, file in enumerate(version.files)},
        reason="A name was in it.",
    )
    mend(session, world.cast.actor("amina", session), evidence, world.installation.store, mending, rev=version.rev)
