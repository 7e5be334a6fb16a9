"""A portfolio as large as they come, by the product's own actions: every criterion claimed, files of every kind.

Each unit's items are handed in at once and marked, but for the last of every fifteen, which waits. Every item has words
and claims of its own; the contents of files are some eighty, so that most of the time goes into the book.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from email.message import EmailMessage
from functools import cache

import docx
from openpyxl import Workbook
from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.models import Person
from portfolio.accounts.rules import Role
from portfolio.assessment import marking, submitting
from portfolio.assessment.rules import Mark
from portfolio.audit.events import System
from portfolio.centres.models import Centre
from portfolio.criteria.actions import load_pack
from portfolio.criteria.contents import Pack, PackCriterion, PackOutcome, PackUnit
from portfolio.criteria.models import Criterion
from portfolio.criteria.packs import read_pack
from portfolio.criteria.rules import GroupKind, Listed, Method, OutcomeKind
from portfolio.enrolment import actions as enrolment_actions
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import Duty
from portfolio.evidence import actions as evidence_actions
from portfolio.evidence.actions import Details
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import Carrier
from portfolio.installation import Installation
from portfolio.mapping.actions import Wanted, map_to
from portfolio.mapping.rules import Outcome
from tests.cast import ALL_TICKED, EVERYTHING, PACK, Cast, add_person, assemble
from tests.documents import outlook, samples
from tests.drills.planted import upload_of
from tests.screened import by_worker, decide

WHO, NAME = "large", "Larissa Ashdown"
"""Whose it is."""
_PER_OUTCOME, _CLAIMS, _WAITS, _LOG_ROWS, _COLUMNS = 5, 4, 15, 24, 16
_VARIETY, _FEW = 12, 4
_DAY = date(2026, 4, 1)
_SAID = (
    "listened until the caller had said everything then read back what had been agreed and noted the time of the call "
    "because the parcel had gone to the wrong depot the refund was held until the depot had answered in writing which "
    "took two working days longer than our own standard says"
)
_WORDS = _SAID.split()
_ACCOUNT = """## What happened

{told}

1. I rang back **the same day**.
2. I asked *billing* for the ledger.

> "You are the first one who has listened."

- What I knew
    - {told}
- What I found out

| Step | Case | Who |
|---|---|---|
| Referred | {number} | Team leader |
| Settled | {number} | Me |

The procedure is on [our pages](https://intranet.example.org/procedure/{number}).
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of everything."""

    units: int
    criteria: int
    items: int


def built(installation: Installation, size: Size) -> None:
    """Make the portfolio of WHO, unit by unit."""
    cast = assemble(installation)
    with installation.database.writing() as session:
        _begin(session, installation, cast, size)
        session.commit()
    for unit in range(size.units):
        numbers = range(unit, size.items, size.units)
        with installation.database.writing() as session:
            made = [_made(session, installation, cast, number, unit).id for number in numbers]
            session.commit()
        by_worker(installation)
        with installation.database.writing() as session:
            _hand_in(session, cast, made)
            session.commit()


def _begin(session: Session, installation: Installation, cast: Cast, size: Size) -> None:
    centre = session.get_one(Centre, cast.homes["ada"])
    person = add_person(session, installation, cast, centre, WHO, Role.LEARNER, full_name=NAME)
    enrolment = enrolment_actions.enrol(
        session,
        System(),
        centre,
        learner=person,
        qualification=load_pack(session, cast.actor("ada", session), _pack(size)),
        started_on=clock.today() - timedelta(days=200),
        registration_number="REG-LARGE",
    )
    assessor = session.get_one(Person, cast.people["marguerite"])
    enrolment_actions.allocate(session, System(), enrolment, person=assessor, duty=Duty.ASSESS)
    cast.enrolments[WHO] = enrolment.id


def _pack(size: Size) -> Pack:
    """A qualification whose units are all mandatory."""
    pack = read_pack(PACK)
    [group] = pack.groups
    units = tuple(_unit(group.units[0], number, size.criteria // size.units) for number in range(1, size.units + 1))
    credits_of_all = sum(unit.credit for unit in units)
    all_of_them = replace(group, kind=GroupKind.MANDATORY, listed=Listed.ALL, credits_min=credits_of_all, units=units)
    return replace(pack, reference="LARGE-1", title="A large qualification", groups=(all_of_them,))


def _unit(like: PackUnit, number: int, criteria: int) -> PackUnit:
    outcomes = tuple(
        PackOutcome(
            str(outcome),
            f"Do the work of area {number}, part {outcome}",
            OutcomeKind.KNOWLEDGE,
            tuple(
                PackCriterion(f"{outcome}.{n}", _asked(number, outcome, n), (Method.PRODUCT,))
                for n in range(1, min(_PER_OUTCOME, criteria - (outcome - 1) * _PER_OUTCOME) + 1)
            ),
        )
        for outcome in range(1, -(-criteria // _PER_OUTCOME) + 1)
    )
    return replace(like, code=f"AREA{number:02}", title=f"Area {number} of the work", guidance=(), outcomes=outcomes)


def _asked(unit: int, outcome: int, number: int) -> str:
    """Every fourth unit's criteria are long enough to have their matrix laid sideways."""
    long = " so that a colleague could take the case over, and say which standard of the organisation it rests on"
    return f"Show how step {number} of part {outcome} is done well{'' if unit % 4 else long}"


def _made(session: Session, installation: Installation, cast: Cast, number: int, unit: int) -> Evidence:
    """An item with its claims, not yet looked through."""
    actor = cast.actor(WHO, session)
    enrolment = session.get_one(Enrolment, cast.enrolments[WHO])
    files = _files(number)
    evidence = evidence_actions.add(
        session,
        actor,
        enrolment,
        installation.store,
        method=Method.PRODUCT if files else Method.REFLECTIVE_ACCOUNT,
        carrier=Carrier.FILES if files else Carrier.WRITTEN,
        details=Details(
            f"Case {number}: {' '.join(_WORDS[number % 30 : number % 30 + 3])}",
            _DAY + timedelta(days=number % 150),
            "I did all of it.",
            "" if files else _ACCOUNT.format(told=told(number), number=number),
        ),
        uploads=[upload_of(installation, name, content) for name, content in files.items()],
    )
    mine = enrolment.units[unit]
    criteria = (
        session.query(Criterion)
        .filter(Criterion.unit_version_id == mine.unit_version_id)
        .order_by(Criterion.position)
        .all()
    )
    claimed = {criteria[(number // 20 + n * 4) % len(criteria)].id: n for n in range(_CLAIMS)}
    map_to(
        session,
        actor,
        evidence,
        wanted=[
            Wanted(mine.id, criterion, annotation=told(number + n, 14), place="page 1")
            for criterion, n in claimed.items()
        ],
    )
    return evidence


def _hand_in(session: Session, cast: Cast, made: list[int]) -> None:
    """What was found in them is kept with a reason; then they are handed in and marked."""
    learner, assessor = cast.actor(WHO, session), cast.actor("marguerite", session)
    for evidence_id in made:
        decide(session, learner, session.get_one(Evidence, evidence_id))
    enrolment = session.get_one(Enrolment, cast.enrolments[WHO])
    submission = submitting.submit(session, learner, enrolment, evidence_ids=made, declared=EVERYTHING)
    for number, item in enumerate(submission.items):
        if number % _WAITS == _WAITS - 1:
            continue
        if item.submission.opened_at is None:
            marking.open_item(session, assessor, item)
        is_met = bool(number % 7)
        outcome = Outcome.MET if is_met else Outcome.INSUFFICIENT
        marks = [
            Mark(claim.id, outcome, is_met, f"Seen in case {number}.") for claim in marking.claims_on(session, item)
        ]
        marking.save_review(session, assessor, item, varc=ALL_TICKED, marks=marks, feedback=told(number, 12))
        marking.release(session, assessor, item)


# Files


def told(number: int, words: int = 40) -> str:
    """Plain words, others for each number."""
    step = 1 + number % 11
    return f"Case {number}: {' '.join(_WORDS[(number * 7 + n * step) % len(_WORDS)] for n in range(words))}."


def _files(number: int) -> dict[str, bytes]:
    """The files of an item by their names: of every fourteenth none, of some two."""
    name, make = _KINDS[number % len(_KINDS)]
    if not name:
        return {}
    files = {name: make(number % _VARIETY)}
    if number % 10 == 0:
        files["second note.txt"] = told(number % _VARIETY).encode()
    return files


def _letter(number: int) -> bytes:
    document = docx.Document()
    document.add_heading(f"Reply in case {number}", 1)
    document.add_paragraph(told(number)).add_run(" In full.").bold = True
    for n in range(3):
        document.add_paragraph(told(number + n, 9), style="List Number")
    document.add_heading("What was agreed", 3)
    table = document.add_table(4, 3)
    for row in table.rows:
        for place, cell in enumerate(row.cells):
            cell.text = f"{number}.{place}"
    document.add_picture(io.BytesIO(_chart(number % _FEW)))
    return _saved(document.save)


def _log(number: int) -> bytes:
    lines = (f"{number}-{n},{n} April,{'Refund' if n % 3 else 'Charge'},{n * 7}.50" for n in range(_LOG_ROWS))
    return "\n".join(("Case,Day,Kind,Amount", *lines)).encode()


@cache
def _sheet(columns: int, number: int) -> bytes:
    book = Workbook()
    first = book.worksheets[0]
    for row in range(_LOG_ROWS):
        first.append([f"{number}.{row}.{column}" if row else f"Column {column}" for column in range(columns)])
    book.create_sheet("Totals").append(["All", number])
    return _saved(book.save)


@cache
def _record(number: int) -> bytes:
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=A4, invariant=True)
    for leaf in range(1 + number % 3):
        for line in range(24):
            page.drawString(72, 770 - 24 * line, told(number + leaf + line, 9))
        page.showPage()
    page.save()
    return out.getvalue()


def _mail(number: int) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "desk@example.org", "depot@example.org", f"Case {number}"
    mail["Date"] = "Tue, 07 Apr 2026 10:00:00 +0000"
    mail.set_content(told(number))
    mail.add_attachment(_log(number), maintype="text", subtype="csv", filename="log.csv")
    mail.add_attachment(_chart(number % _FEW), maintype="image", subtype="png", filename="chart.png")
    return mail.as_bytes()


@cache
def _chart(number: int) -> bytes:
    image = Image.new("RGB", (1000, 600), "white")
    draw = ImageDraw.Draw(image)
    for n in range(6):
        draw.rectangle((80 + n * 150, 500 - (n * 37 + number * 53) % 400, 180 + n * 150, 540), fill="#0c5757")
    return _saved(lambda out: image.save(out, "PNG"))


@cache
def _photo(number: int) -> bytes:
    image = Image.effect_noise((1200, 1600), 40 + number).convert("RGB")
    return _saved(lambda out: image.save(out, "JPEG", quality=60))


@cache
def _memo(number: int) -> bytes:
    return rf"{{\rtf1\ansi\deff0 {{\b Memo}}\par {told(number)}\par}}".encode()


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


_KINDS: tuple[tuple[str, Callable[[int], bytes]], ...] = (
    ("", bytes),
    ("letter.docx", _letter),
    ("log.csv", _log),
    ("readings.xlsx", lambda number: _sheet(_COLUMNS if number % 2 else 5, number % _FEW)),
    ("record.pdf", _record),
    ("complaint.eml", _mail),
    ("chart.png", lambda number: _chart(number % _FEW)),
    ("photo.jpg", lambda number: _photo(number % _FEW)),
    ("call.wav", lambda number: samples.sound(1 + number % _FEW)),
    ("note.txt", lambda number: told(number, 200).encode()),
    ("talk.pptx", lambda _number: samples.slides()),
    ("memo.rtf", _memo),
    ("reply.msg", lambda number: outlook.message(f"Case {number}", told(number), {})),
    ("account.md", lambda number: _ACCOUNT.format(told=told(number), number=number).encode()),
)
"""Names with what makes their content; the first is an item that is written, without a file."""
