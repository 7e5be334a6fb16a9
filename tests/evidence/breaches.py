"""An item of amina's with a name in every text and file, and taking it out: what the tests of breaches begin from."""

from pathlib import Path
from typing import Any

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from portfolio import housekeeping, proof
from portfolio.assessment import marking
from portfolio.assessment.amending import Mending
from portfolio.assessment.models import SubmissionItem
from portfolio.assessment.rules import Mark
from portfolio.centres.models import Centre
from portfolio.criteria.rules import Method
from portfolio.db import Base
from portfolio.enrolment.models import Enrolment
from portfolio.evidence import actions, amending
from portfolio.evidence.actions import Details
from portfolio.evidence.amending import Kept
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import Carrier
from portfolio.export.amending import mend
from portfolio.mapping import actions as mapping
from portfolio.mapping.models import Claim
from portfolio.mapping.rules import Outcome
from tests.cast import ALL_TICKED, Cast, hand_in, upload, wanted

NAME = "Quillfeather"
"""The name that must go. It is nobody's."""
SECRET = f"Dear Mrs {NAME}, I am sorry.".encode()
CLEAN = b"Dear Customer A, I am sorry."


def item_with_a_name(session: Session, cast: Cast) -> Evidence:
    """Amina's E005, handed in with a name in every text and in a file and what it is called; a second file is clean."""
    amina = cast.actor("amina", session)
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    evidence = actions.add(
        session,
        amina,
        enrolment,
        cast.installation.store,
        method=Method.PRODUCT,
        carrier=Carrier.FILES,
        details=Details(
            f"Letter to {NAME}",
            None,
            f"{NAME} rang.",
            f"# {NAME}",
            f"I wrote to {NAME}.",
            {"location": f"{NAME}'s file", "custodian": NAME, "reason": NAME},
        ),
        uploads=[
            upload(cast.installation, SECRET, f"{NAME}.txt"),
            upload(cast.installation, b"Nothing about anybody.", "log.txt"),
        ],
    )
    said = {"1.3": f"It calms {NAME}.", "2.2": "It names the options."}
    mapping.map_to(session, amina, evidence, wanted=wanted(session, enrolment, said))
    hand_in(session, cast, "amina", evidence, "E005")
    cast.evidence["amina E005"] = evidence.id
    return evidence


def kept(session: Session, evidence: Evidence, **changes: Any) -> Mending:
    """What is sent when only these things are changed."""
    version = evidence.on_record
    assert version is not None
    handed_in = select(Claim).where(Claim.evidence_version_id == version.id, Claim.submission_id.is_not(None))
    claims = session.scalars(handed_in).all()
    said: dict[str, Any] = {
        "details": Details(version.title, None, version.context, version.body, version.role, version.custody),
        "claims": {claim.id: (claim.annotation, claim.place) for claim in claims},
        "files": {file.id: Kept(file.name) for file in version.files},
        "reason": "A customer's name was in it.",
    }
    return Mending(**said | changes)


def without_the_name(session: Session, cast: Cast, evidence: Evidence, *, replaced: bool = False) -> Mending:
    """Every text without the name, and the letter taken out, or a redacted one in its place."""
    whole = kept(session, evidence)
    version = evidence.on_record
    assert version is not None
    letter = next(file.id for file in version.files if NAME in file.name)
    fate = Kept("letter.txt", upload(cast.installation, CLEAN, "letter.txt")) if replaced else None
    return kept(
        session,
        evidence,
        details=Details(
            "Letter to Customer A",
            None,
            "They rang.",
            "# Customer A",
            "I wrote to them.",
            {"location": "A file", "custodian": "The branch", "reason": "Private"},
        ),
        claims={id_: (said.replace(NAME, "them"), place) for id_, (said, place) in whole.claims.items()},
        files={**whole.files, letter: fate},
    )


def mended(cast: Cast, *, replaced: bool = False) -> int:
    """E005 with the name taken out, in two commits, and its content removed as the page does; answers its id."""
    database, store = cast.installation.database, cast.installation.store
    with database.writing() as session:
        evidence = item_with_a_name(session, cast)
        amending.hide(session, cast.actor("marguerite", session), evidence, words=f"{NAME} all over")
        session.commit()
    with database.writing() as session:
        evidence = session.get_one(Evidence, evidence.id)
        assert evidence.current is not None
        mending = without_the_name(session, cast, evidence, replaced=replaced)
        mend(session, cast.actor("amina", session), evidence, store, mending, rev=evidence.current.rev)
        session.commit()
    remove_content(cast)
    return evidence.id


def remove_content(cast: Cast) -> None:
    """Remove what nothing names, and whatever the database has left on disk."""
    with cast.installation.database.reading() as session:
        centre = session.get_one(Centre, cast.homes["amina"])
    housekeeping.remove_content(cast.installation.database, cast.installation.store, centre)
    cast.installation.database.forget()


def faults(cast: Cast) -> tuple[Any, ...]:
    """What the proof finds."""
    return proof.verify(cast.installation.database, cast.installation.store).faults


def found_in_tables(session: Session, word: str) -> list[str]:
    """Where a word stands in the database, as table and column."""
    return [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if session.scalar(select(func.count()).select_from(table).where(cast(column, String).contains(word)))
    ]


def found_on_disk(folder: Path, word: str) -> list[str]:
    """The files under a folder that hold a word."""
    return [path.name for path in folder.rglob("*") if path.is_file() and word.encode() in path.read_bytes()]


def mark(session: Session, cast: Cast, name: str, *, feedback: str = "Nearly.") -> None:
    """Marguerite decides and releases."""
    marguerite, item = cast.actor("marguerite", session), session.get_one(SubmissionItem, cast.items[name])
    marking.open_item(session, marguerite, item)
    marks = [Mark(claim.id, Outcome.NOT_YET_MET, False, "More.") for claim in marking.claims_on(session, item)]
    marking.save_review(session, marguerite, item, varc=ALL_TICKED, marks=marks, feedback=feedback)
    marking.release(session, marguerite, item)
