"""What changed between two versions of an item. Others than its author see only versions that were handed in."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portfolio.assessment.learner_queries import ClaimSeen, claims_seen
from portfolio.errors import NotFound
from portfolio.evidence.differences import Change, Passage, compare, passages
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.evidence.notes import told
from portfolio.policy.checks import can
from portfolio.policy.permissions import Permission
from portfolio.web.access import MISSING, load
from portfolio.web.evidence.blueprint import blueprint
from portfolio.web.jinja import day
from portfolio.web.session import actor, database_session

TEXTS = (("Title", "title"), ("Context", "context"), ("Part in it", "role"), ("The account", "body"))


@dataclass(frozen=True, slots=True)
class TextChange:
    """One text of the item in both versions."""

    label: str
    passages: list[Passage]


@dataclass(frozen=True, slots=True)
class Line:
    """Something that one version has and the other has not, in words."""

    change: Change
    words: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class ClaimChange:
    """A criterion that was claimed or let go, or of which something else is said now."""

    line: Line
    said: list[Passage]


@blueprint.get("/evidence/<int:evidence_id>/versions")
@load(Evidence, Permission.EVIDENCE_SEE)
def versions(evidence: Evidence) -> ResponseReturnValue:
    """What changed from one version to another; without numbers, from the last but one to the last."""
    is_maker = can(actor(), Permission.EVIDENCE_CHANGE, evidence)
    seen = [version for version in evidence.versions if is_maker or version.is_handed_in]
    if not seen:
        raise NotFound(MISSING)
    old, new = _chosen(seen)
    database = database_session()
    return render_template(
        "evidence/versions.html",
        evidence=evidence,
        is_owner=can(actor(), Permission.ENROLMENT_ADD_EVIDENCE, evidence.enrolment),
        is_maker=is_maker,
        versions=seen,
        old=old,
        new=new,
        texts=_texts(old, new),
        files=_files(old, new),
        claims=_claims(claims_seen(database, old.id), claims_seen(database, new.id)),
    )


def _chosen(seen: Sequence[EvidenceVersion]) -> tuple[EvidenceVersion, EvidenceVersion]:
    """The earlier and the later of the two that were asked for."""
    numbers = {version.no: version for version in seen}
    to = request.args.get("to", seen[-1].no, type=int)
    before = max((no for no in numbers if no < to), default=seen[0].no)
    start = request.args.get("from", before, type=int)
    if start not in numbers or to not in numbers:
        raise NotFound(MISSING)
    return numbers[min(start, to)], numbers[max(start, to)]


def _texts(old: EvidenceVersion, new: EvidenceVersion) -> list[TextChange]:
    """Each text that differs, and the day of the event when that does."""
    both = [(label, getattr(old, name), getattr(new, name)) for label, name in TEXTS]
    both.insert(1, ("Happened", day(old.event_on), day(new.event_on)))
    both.append(("Notes", told(old.notes), told(new.notes)))
    return [TextChange(label, passages(compare(was, now))) for label, was, now in both if was != now]


def _files(old: EvidenceVersion, new: EvidenceVersion) -> list[Line]:
    """The files that came and went; one whose content was replaced did both."""
    before = {(file.name, file.blob_id) for file in old.files}
    after = {(file.name, file.blob_id) for file in new.files}
    return [Line(Change.REMOVED, name) for name, _ in sorted(before - after)] + [
        Line(Change.ADDED, name) for name, _ in sorted(after - before)
    ]


def _claims(old: Sequence[ClaimSeen], new: Sequence[ClaimSeen]) -> list[ClaimChange]:
    """By criterion, in the order of the newer version: what is claimed anew, let go, or explained in other words."""
    before = {(claim.enrolment_unit_id, claim.code): claim for claim in old}
    after = {(claim.enrolment_unit_id, claim.code): claim for claim in new}
    found = []
    for key, claim in (before | after).items():
        change = Change.SAME
        if key not in after:
            change = Change.REMOVED
        elif key not in before:
            change = Change.ADDED
        was = before[key].annotation if key in before else ""
        now = after[key].annotation if key in after else ""
        if change is not Change.SAME or was != now:
            found.append(ClaimChange(Line(change, claim.criterion, claim.code), passages(compare(was, now))))
    return found
