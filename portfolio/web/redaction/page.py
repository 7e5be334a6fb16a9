"""The page of one file that is redacted: while marks are drawn, while a version is made, and of what was made."""

from collections.abc import Mapping

from flask import render_template, url_for

from portfolio.centres.settings import HELD
from portfolio.documents import engines
from portfolio.evidence.file_queries import PreviewRow, previews_of
from portfolio.evidence.models import Evidence, EvidenceFile
from portfolio.evidence.queries import FileRow
from portfolio.jobs.rules import JobState
from portfolio.policy.checks import can
from portfolio.policy.permissions import Permission
from portfolio.previews.rules import PreviewState
from portfolio.redaction import queries
from portfolio.redaction.actions import NOT_HERE
from portfolio.redaction.found import Accepted, accepted_in
from portfolio.redaction.queries import RedactionSeen
from portfolio.redaction.rules import RedactionState, can_be_redacted, takes_silences
from portfolio.screening.content_queries import content_stand
from portfolio.screening.rules import ScanState
from portfolio.web.previews import shown_as, sound_as
from portfolio.web.redaction.desk import MADE, MAKING, OPEN, USED, Desk, Gone, StageShown
from portfolio.web.redaction.forms import MissedForm
from portfolio.web.redaction.marks import MarksShown, rows_of
from portfolio.web.session import actor, database_session
from portfolio.web.snippets import words_in
from portfolio.web.sorts import icon_of, times, who_or_what

HANDED_IN = "This was handed in, so its files stay as they are. If somebody’s personal data is in it, hide it first."
TRASHED = "This is in the trash. Take it out of there to go on."
NAMES_MOST = 3


def part_of(redaction: RedactionSeen | None, sha256: str, *, again: bool) -> str:
    """What the page is about."""
    if redaction is None:
        return OPEN
    if redaction.state is RedactionState.USED:
        return USED if redaction.result_sha256 == sha256 and not again else OPEN
    return {RedactionState.WAITING: MAKING, RedactionState.MADE: MADE}.get(redaction.state, OPEN)


def desk_of(
    file: EvidenceFile,
    *,
    again: bool = False,
    sent: MarksShown | None = None,
    fault: str = "",
    missed: MissedForm | None = None,
) -> Desk:
    """How it stands with a file. `sent` are marks that were typed and not taken, `fault` why; `missed` is a form that
    was not taken.
    """
    database, evidence, blob = database_session(), file.version.evidence, file.blob
    redaction = queries.redaction_of(database, evidence.uid, blob.sha256)
    row = FileRow(file.id, file.name, blob.size, blob.media_type)
    is_maker = can(actor(), Permission.EVIDENCE_CHANGE, evidence)
    review = url_for("screening.review", evidence_id=evidence.id) if is_maker and evidence.hidden_at is None else ""
    desk = Desk(row, part_of(redaction, blob.sha256, again=again), redaction, review, fault=fault)
    if desk.part == MADE and redaction is not None:
        found = queries.result_preview(database, redaction.id)
        result = FileRow(0, redaction.result_name, redaction.result_size, redaction.result_type)
        desk.result, desk.fate = shown_as(found, result, top=3), fate_words()
    elif desk.part in {OPEN, USED}:
        seen = previews_of(database, [file.id]).get(file.id)
        desk.shown = shown_as(seen, row, top=3)
        if desk.part == OPEN:
            _lay_out(desk, file, seen, sent, missed)
    return desk


def _lay_out(
    desk: Desk, file: EvidenceFile, seen: PreviewRow | None, sent: MarksShown | None, missed: MissedForm | None
) -> None:
    """What is on the page before a version is made."""
    database, evidence, source = database_session(), file.version.evidence, file.blob.sha256
    desk.hindrance = _hindrance(file)
    desk.may_hide = not file.version.is_draft and can(actor(), Permission.EVIDENCE_HIDE, evidence)
    if desk.takes_boxes or desk.takes_silences:
        kept = queries.marks_of(database, evidence.uid, source)
        desk.marks = sent or rows_of(kept.rev, kept.boxes, kept.silences)
    if desk.review and not desk.hindrance:
        desk.missed = missed or MissedForm(formdata=None)
    desk.is_waiting = content_stand(database, evidence.uid, source).state is ScanState.WAITING
    accepted = accepted_in(database, evidence, source)
    at = f"{desk.review}?at=e-{{}}-{file.uid}#e-{{}}-{file.uid}" if desk.review else ""
    desk.goes, desk.places, desk.kept = _gone(accepted, seen, at), accepted.goes, accepted.kept
    desk.stages = _stages(desk) if desk.takes_boxes and not desk.takes_silences else ()
    desk.sound = sound_as(seen) if desk.takes_silences else None


def _hindrance(file: EvidenceFile) -> str:
    """Why no version of it can be made at all."""
    evidence = file.version.evidence
    if evidence.trashed_at is not None:
        return TRASHED
    if not file.version.is_draft and evidence.hidden_at is None:
        return HANDED_IN
    if not can_be_redacted(file.blob.media_type):
        return NOT_HERE
    if takes_silences(file.blob.media_type) and engines.ffmpeg() is None:
        return next(one.sentence for one in engines.abilities() if one.what == "Recordings")
    return ""


def _gone(accepted: Accepted, seen: PreviewRow | None, at: str) -> list[Gone]:
    """Who and what goes, in the order in which the file names them. `at` is where it is decided otherwise, with two
    gaps for who it is; what is confirmed already is taken back there first.
    """
    texts: Mapping[str, str] = words_in(seen) if seen is not None and accepted.findings else {}
    words: dict[str, list[str]] = {}
    for row in accepted.findings:
        words.setdefault(row.entity.uid, []).append(texts.get(row.place, "")[row.start : row.end])
    entities = {row.entity.uid: row.entity for row in accepted.findings}
    undecided = {row.entity.uid for row in accepted.undecided}
    found = []
    for uid, said in words.items():
        entity, names = entities[uid], [one for one in dict.fromkeys(said) if one]
        more = " and more" if len(names) > NAMES_MOST else ""
        found.append(
            Gone(
                icon=icon_of(entity.label, entity.part),
                name=(", ".join(names[:NAMES_MOST]) + more) or "Its words cannot be shown just now",
                what=f"{who_or_what(entity.label, entity.part)}, {times(len(said))}",
                stand_in=accepted.stand_ins[uid],
                url=at.format(uid, uid) if uid in undecided else "",
            )
        )
    return found


def stands_in(file: EvidenceFile, words: str) -> bool:
    """Whether words stand in a file as it is read here, whatever their capitals and the spaces between them."""
    row = previews_of(database_session(), [file.id]).get(file.id)
    wanted = " ".join(words.casefold().split())
    texts = words_in(row).values() if row is not None else ()
    return any(wanted in " ".join(text.casefold().split()) for text in texts)


def _stages(desk: Desk) -> list[StageShown]:
    """The pages that can be seen, each with its number."""
    shown, found = desk.shown, []
    url = url_for("evidence.preview_part", evidence_file_id=desk.file.id, part=0).removesuffix("0")
    for piece in shown.pieces if shown else ():
        kind, _, number = piece.name.rpartition("-")
        page = int(number) if kind == "page" and number.isdecimal() else 1 if piece.name == "picture" else 0
        if page and piece.shots:
            shot, name = piece.shots[0], f"page {page}" if kind == "page" else "the picture"
            found.append(StageShown(page, piece.title, name, f"{url}{shot.part}", shot.width, shot.height))
    return found


def fate_words() -> str:
    """What becomes of the original when its redacted version takes its place."""
    settings = actor().settings
    if settings.originals == HELD:
        return (
            f"The original is then held for you alone for {settings.hold_original_days} days and destroyed after that. "
            "Nobody else can open it."
        )
    return (
        "The original is then destroyed. A fingerprint of it stays on record, so nobody can say it was something else."
    )


def state_of(file: EvidenceFile) -> dict[str, object]:
    """How far it is, for the page's script, which loads the page again when the state is another one."""
    database, evidence, source = database_session(), file.version.evidence, file.blob.sha256
    redaction = queries.redaction_of(database, evidence.uid, source)
    part = part_of(redaction, source, again=False)
    if redaction is not None and part == MAKING:
        job = redaction.job
        return {"state": job.state.value, "done": job.done, "total": job.total, "message": job.message}
    state = part
    if redaction is not None and part == MADE:
        found = queries.result_preview(database, redaction.id)
        is_waiting = found is None or found.state in {None, PreviewState.WAITING}
        state = f"{MADE}-{PreviewState.WAITING.value if is_waiting else PreviewState.READY.value}"
    elif part == OPEN and content_stand(database, evidence.uid, source).state is ScanState.WAITING:
        state = JobState.RUNNING.value
    return {"state": state, "done": None, "total": None, "message": None}


def page(desk: Desk, evidence: Evidence, *, theirs: str = "") -> str:
    """The page itself."""
    is_hidden = evidence.hidden_at is not None
    here = url_for("redaction.show", evidence_file_id=desk.file.id)
    held = queries.held_of(database_session(), evidence.uid, actor().person_id) if desk.part == USED else []
    return render_template(
        "redaction/show.html",
        desk=desk,
        evidence=evidence,
        theirs=theirs,
        held=held,
        here=here,
        back=url_for("evidence.show", evidence_id=evidence.id),
        review=desk.review,
        mend=url_for("evidence.mend", evidence_id=evidence.id) if is_hidden else "",
        hide=url_for("evidence.hide", evidence_id=evidence.id) if desk.may_hide and desk.hindrance == HANDED_IN else "",
        is_owner=can(actor(), Permission.ENROLMENT_ADD_EVIDENCE, evidence.enrolment),
    )
