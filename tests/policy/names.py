"""A world in which drafts name people everywhere: each text, each kind of file and each file's name has one of its own.

Amina's: files of every kind, an account, an item held elsewhere, a next version of E001, a file that waits, what she
typed and did not save, her own list of people; and an item that she tried to hand in, of which she kept one name and
replaced another. Marguerite's: a record of amina that is not on record. Nothing of it may reach anybody else.
"""

import zipfile
from dataclasses import dataclass, field
from datetime import date
from email.message import EmailMessage
from io import BytesIO

import docx
import openpyxl
import pytest
from openpyxl.comments import Comment
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.anonymise.findings import Known
from portfolio.assessment import submitting
from portfolio.criteria.rules import Method
from portfolio.drafts import actions as drafts
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Rejected
from portfolio.evidence import actions, uploading
from portfolio.evidence.actions import Details
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import Carrier
from portfolio.mapping import actions as mapping
from portfolio.mapping.actions import Wanted
from portfolio.screening.deciding import keep, replace
from portfolio.screening.known import save_lists
from portfolio.screening.models import Entity, Finding, Scan
from portfolio.screening.rules import Reason
from portfolio.storage.rules import Limits
from tests.cast import EVERYTHING, Cast, criteria_by_code, upload
from tests.documents.outlook import message
from tests.documents.samples import slides
from tests.evidence.records import note

FIRST = "Thorn", "Quill", "Hazel", "Brack", "Wether", "Marl", "Osgo", "Penth", "Rusk", "Tamber"
LAST = "feather", "combe", "sett", "worthy", "garth", "minster", "lock", "shaw"
OFFICE = "application/vnd.openxmlformats-officedocument."
ROOM = Limits(10_000_000, 100_000_000, 1_000_000_000)


@dataclass
class Names:
    """The surname that stands in each place, and who wrote it."""

    cast: Cast
    by_place: dict[str, str] = field(default_factory=dict)

    def name(self, place: str) -> str:
        """The surname of a place, which is nobody else's. `place` begins with the name of its maker."""
        count = len(self.by_place)
        return self.by_place.setdefault(place, f"{FIRST[count % len(FIRST)]}{LAST[count // len(FIRST)]}")

    def mrs(self, place: str) -> str:
        """The same with a title, as it stands in a text."""
        return f"Mrs {self.name(place)}"

    def of(self, maker: str) -> set[str]:
        """All surnames that somebody wrote, small."""
        return {name.lower() for place, name in self.by_place.items() if place.startswith(f"{maker} ")}


def plant(session: Session, cast: Cast) -> Names:
    """All of it, through the product's actions."""
    names = Names(cast)
    _files(session, names)
    _account(session, names)
    _elsewhere(session, names)
    _next_version(session, names)
    _unfinished(session, names)
    _record(session, names)
    return names


def _details(names: Names, item: str, **more: object) -> Details:
    said = {part: f"I rang {names.mrs(f'{item} {part}')} back." for part in ("context", "role")}
    return Details(f"Letter to {names.mrs(f'{item} title')}", date(2026, 11, 3), **said, **more)  # type: ignore[arg-type]


def _map(session: Session, names: Names, who: str, item: str, evidence: Evidence) -> None:
    enrolment = session.get_one(Enrolment, evidence.enrolment_id)
    unit, criterion = criteria_by_code(session, enrolment)["2.5"]
    wanted = [
        Wanted(unit, criterion, f"It calms {names.mrs(f'{item} annotation')}.", f"by {names.mrs(f'{item} place')}")
    ]
    mapping.map_to(session, names.cast.actor(who, session), evidence, wanted=wanted)


def _add(session: Session, names: Names, item: str, details: Details, *files: object) -> Evidence:
    uploads = [upload(names.cast.installation, *file) for file in files]  # type: ignore[misc]
    evidence = actions.add(
        session,
        names.cast.actor("amina", session),
        session.get_one(Enrolment, names.cast.enrolments["amina"]),
        names.cast.installation.store,
        method=Method.PRODUCT if uploads or details.custody else Method.REFLECTIVE_ACCOUNT,
        carrier=Carrier.FILES if uploads else Carrier.ELSEWHERE if details.custody else Carrier.WRITTEN,
        details=details,
        uploads=uploads,
    )
    _map(session, names, "amina", item, evidence)
    return evidence


def _files(session: Session, names: Names) -> None:
    """One item with a file of each kind, in each part of which somebody is named."""
    kinds = files_of(names, "amina files")
    named = [(content, f"{names.name(f'amina files name {kind}')}.{kind}", media) for kind, content, media in kinds]
    _add(session, names, "amina files", _details(names, "amina files"), *named)


def files_of(names: Names, item: str) -> list[tuple[str, bytes, str]]:
    """A file of each kind: its ending, its content and its media type."""

    def said(place: str) -> str:
        return f"Dear {names.mrs(f'{item} {place}')}, I am sorry."

    rtf = r"{\rtf1\ansi " + said("rtf") + "}"
    return [
        ("txt", said("txt").encode(), "text/plain"),
        ("md", f"# {said('md')}".encode(), "text/markdown"),
        ("csv", f"Customer,Day\n{names.mrs(f'{item} csv')},Monday\n".encode(), "text/csv"),
        ("rtf", rtf.encode(), "application/rtf"),
        ("docx", _word(names, item), f"{OFFICE}wordprocessingml.document"),
        ("xlsx", _sheet(names, item), f"{OFFICE}spreadsheetml.sheet"),
        ("pptx", _slides(said("pptx")), f"{OFFICE}presentationml.presentation"),
        ("pdf", _pdf(said("pdf")), "application/pdf"),
        ("eml", _mail(names, item), "message/rfc822"),
        ("msg", message(f"To {names.mrs(f'{item} msg subject')}", said("msg"), {}), "application/vnd.ms-outlook"),
        ("png", _picture(names.name(f"{item} png")), "image/png"),
        ("mp3", b"ID3" + names.name(f"{item} mp3").encode() * 9, "audio/mpeg"),
    ]


def _word(names: Names, item: str) -> bytes:
    document, out = docx.Document(), BytesIO()
    document.add_paragraph(f"Dear {names.mrs(f'{item} docx')}, I am sorry.")
    document.sections[0].header.paragraphs[0].text = f"For {names.mrs(f'{item} docx header')}"
    document.core_properties.author = names.name(f"{item} docx author")
    document.save(out)
    return out.getvalue()


def _sheet(names: Names, item: str) -> bytes:
    book, out = openpyxl.Workbook(), BytesIO()
    sheet = book.worksheets[0]
    sheet.title = names.name(f"{item} xlsx sheet")
    sheet.append(["Customer", names.mrs(f"{item} xlsx")])
    sheet["A1"].comment = Comment(names.mrs(f"{item} xlsx comment"), "Desk")
    book.save(out)
    return out.getvalue()


def _slides(words: str) -> bytes:
    """The slides of the samples, with these words for their title."""
    said = BytesIO()
    with zipfile.ZipFile(BytesIO(slides())) as source, zipfile.ZipFile(said, "w") as target:
        for member in source.namelist():
            target.writestr(member, source.read(member).replace(b"Handling complaints", words.encode()))
    return said.getvalue()


def _pdf(words: str) -> bytes:
    out = BytesIO()
    sheet = Canvas(out, pageCompression=0)
    sheet.drawString(72, 720, words)
    sheet.save()
    return out.getvalue()


def _mail(names: Names, item: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = "desk@example.org", f"{names.name(f'{item} eml to')} <customer@example.net>"
    mail["Subject"] = f"To {names.mrs(f'{item} eml subject')}"
    mail.set_content(f"Dear {names.mrs(f'{item} eml')}, I am sorry.")
    return mail.as_bytes()


def _picture(words: str) -> bytes:
    told, out = PngInfo(), BytesIO()
    told.add_text("Comment", words)
    Image.new("RGB", (20, 20)).save(out, "PNG", pnginfo=told)
    return out.getvalue()


def _account(session: Session, names: Names) -> None:
    """An account that cannot be handed in: one name in it is kept, one replaced, the others are undecided."""
    body = "\n\n".join(f"I rang {names.mrs(f'amina account {part}')} back." for part in ("kept", "replaced", "body"))
    evidence = _add(session, names, "amina account", _details(names, "amina account", body=body))
    enrolment, amina = evidence.enrolment, names.cast.actor("amina", session)
    session.commit()
    keep(
        session, amina, evidence, finding_uids=[_found(session, evidence, names.name("amina account kept")).uid],
        reason=Reason.OTHER, said="She is my sister and knows of it.",
    )  # fmt: skip
    gone = _found(session, evidence, names.name("amina account replaced"))
    replace(session, amina, evidence, session.get_one(Entity, gone.entity_id).uid)
    session.commit()
    with pytest.raises(Rejected) as refusal:
        submitting.submit(session, amina, enrolment, evidence_ids=[evidence.id], declared=EVERYTHING)
    assert not any(name in refusal.value.message for name in names.by_place.values())
    session.rollback()


def _found(session: Session, evidence: Evidence, name: str) -> Finding:
    """What was found in the item's account of somebody."""
    body = evidence.latest.body
    query = select(Finding).join(Scan).where(Finding.item_uid == evidence.uid, Finding.place == "body")
    return next(one for one in session.scalars(query) if name in body[one.start : one.end])


def _elsewhere(session: Session, names: Names) -> None:
    custody = {part: f"At {names.mrs(f'amina elsewhere {part}')}" for part in ("location", "custodian", "reason")}
    _add(session, names, "amina elsewhere", _details(names, "amina elsewhere", custody=custody))


def _next_version(session: Session, names: Names) -> None:
    """E001 is marked; its next version is a draft with other words and a further file."""
    evidence = session.get_one(Evidence, names.cast.evidence["amina E001"])
    amina = names.cast.actor("amina", session)
    mapping.revise(session, amina, evidence)
    content = f"Dear {names.mrs('amina version txt')}".encode()
    actions.change(
        session, amina, evidence, names.cast.installation.store, details=_details(names, "amina version"),
        rev=evidence.latest.rev,
        uploads=[upload(names.cast.installation, content, f"{names.name('amina version file')}.txt")],
    )  # fmt: skip


def _unfinished(session: Session, names: Names) -> None:
    """A file that waits for an item, what was typed and not saved, and a list of people to find."""
    amina, enrolment = names.cast.actor("amina", session), session.get_one(Enrolment, names.cast.enrolments["amina"])
    content = f"Dear {names.mrs('amina waiting txt')}".encode()
    sent = upload(names.cast.installation, content, f"{names.name('amina waiting file')}.txt")
    uploading.receive(session, amina, enrolment, names.cast.installation.store, sent, limits=ROOM)
    typed = {"title": names.mrs("amina typed title"), "body": names.mrs("amina typed body")}
    drafts.save(session, amina.person_id, f"evidence.write.{enrolment.id}", typed)
    known = Known(people=(names.mrs("amina list"),))
    save_lists(session, amina, enrolment.centre, known, rev=0, enrolment=enrolment)


def _record(session: Session, names: Names) -> None:
    """What marguerite watched and has not put on record."""
    said = {part: names.mrs(f"marguerite record {part}") for part in ("ask", "said")}
    marguerite = names.cast.actor("marguerite", session)
    evidence = actions.add(
        session,
        marguerite,
        session.get_one(Enrolment, names.cast.enrolments["amina"]),
        names.cast.installation.store,
        method=Method.QUESTIONS,
        carrier=Carrier.WRITTEN,
        details=_details(names, "marguerite record", notes=[note("", said["said"], "1.1", ask=said["ask"])]),
    )
    _map(session, names, "marguerite", "marguerite record", evidence)
