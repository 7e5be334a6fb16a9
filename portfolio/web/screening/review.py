"""Looking through what was found in an item, and deciding each thing. Only whoever made the item comes here.

Each act answers a script with the page's part that changes, and anybody else with the way back to the next thing.
"""

from collections.abc import Callable

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portfolio.errors import Conflict, InvalidState, Rejected
from portfolio.evidence.models import Evidence, EvidenceFile
from portfolio.policy.permissions import Permission
from portfolio.screening import checking, deciding, scanning, sorting
from portfolio.screening.review_queries import Review, TextSeen, mark_of_files, review_of
from portfolio.web.access import load
from portfolio.web.forms import CONFLICT, UNPROCESSABLE, BaseForm
from portfolio.web.screening.blueprint import blueprint
from portfolio.web.screening.forms import ActForm, KeepForm, MarkForm, Sent, label_sent, part_sent
from portfolio.web.screening.page import Desk, Typed, desk_of, page
from portfolio.web.session import actor, commit, database_session, is_for_script
from portfolio.web.terms import told

TRASHED = "This is in the trash. Take it out of there to go on."
GONE = "This was changed in the meantime, so nothing was decided. This is how it stands now."
UNTYPED = "Load the page again and try once more."

Act = Callable[[], tuple[str, str]]
"""Does one thing; answers what to say and the card to go on with, empty for the one that comes next."""


@blueprint.get("/evidence/<int:evidence_id>/personal-data")
@load(Evidence, Permission.EVIDENCE_CHANGE)
def review(evidence: Evidence) -> ResponseReturnValue:
    """Everything that was found, in its place and by whom it is about."""
    _check_kept(evidence)
    desk = desk_of(evidence, at=request.args.get("at", ""), as_others=request.args.get("as") == "others")
    return page(desk)


@blueprint.get("/evidence/<int:evidence_id>/personal-data/state")
@load(Evidence, Permission.EVIDENCE_CHANGE)
def review_state(evidence: Evidence) -> ResponseReturnValue:
    """How far the looking through of its files is, for the page's script."""
    _check_kept(evidence)
    return jsonify(mark=mark_of_files(database_session(), evidence))


@blueprint.post("/evidence/<int:evidence_id>/personal-data/look")
@load(Evidence, Permission.EVIDENCE_CHANGE)
def look(evidence: Evidence) -> ResponseReturnValue:
    """Look through its words once more, where what is looked for has changed."""

    def act() -> tuple[str, str]:
        scanning.refresh(database_session(), [evidence.id])
        return "Looked through again.", ""

    return _acted(evidence, ActForm(), act)


@blueprint.post("/evidence/<int:evidence_id>/personal-data/replace")
@load(Evidence, Permission.EVIDENCE_CHANGE)
def replace(evidence: Evidence) -> ResponseReturnValue:
    """Put a pseudonym in the place of somebody or something; as another one that is the same, if that was chosen."""
    sent = Sent.read()

    def act() -> tuple[str, str]:
        database, entity = database_session(), sent.entity
        if into := request.form.get("into", ""):
            sorting.merge(database, actor(), evidence, entity, into)
            entity = into
        part = part_sent() if not into else None
        done = deciding.replace(database, actor(), evidence, entity, part=part, finding_uids=sent.ticked())
        left = f" {_places(done.left)} could not be replaced." if done.left else ""
        return f"{done.pseudonym} now stands in {_places(done.count)}.{left}", ""

    return _acted(evidence, ActForm(), act)


@blueprint.post("/evidence/<int:evidence_id>/personal-data/keep")
@load(Evidence, Permission.EVIDENCE_CHANGE)
def keep(evidence: Evidence) -> ResponseReturnValue:
    """Leave something as it is, and say why."""
    form, sent = KeepForm(), Sent.read()

    def act() -> tuple[str, str]:
        deciding.keep(
            database_session(),
            actor(),
            evidence,
            finding_uids=sent.ticked(),
            reason=form.why,
            said=form.said.data or "",
        )
        if actor().settings.asks_an_administrator:
            return "Asked. It stays in the way until an administrator answers.", ""
        return "Kept.", ""

    return _acted(evidence, form, act)


@blueprint.post("/evidence/<int:evidence_id>/personal-data/confirm")
@load(Evidence, Permission.EVIDENCE_CHANGE)
def confirm(evidence: Evidence) -> ResponseReturnValue:
    """Say that it is personal data, where it can only be taken out of the file itself."""
    sent = Sent.read()

    def act() -> tuple[str, str]:
        deciding.confirm(database_session(), actor(), evidence, sent.ticked())
        return "Noted. It goes when the redacted version of the file is made.", ""

    return _acted(evidence, ActForm(), act)


@blueprint.post("/evidence/<int:evidence_id>/personal-data/merge")
@load(Evidence, Permission.EVIDENCE_CHANGE)
def merge(evidence: Evidence) -> ResponseReturnValue:
    """Two are one."""
    sent = Sent.read()

    def act() -> tuple[str, str]:
        into = request.form.get("into", "")
        if not into:
            raise Rejected("Choose whom or what it is the same as.", "into")
        sorting.merge(database_session(), actor(), evidence, sent.entity, into)
        return "They are one from now on.", f"e-{into}"

    return _acted(evidence, ActForm(), act)


@blueprint.post("/evidence/<int:evidence_id>/personal-data/split")
@load(Evidence, Permission.EVIDENCE_CHANGE)
def split(evidence: Evidence) -> ResponseReturnValue:
    """What is ticked is somebody or something else."""
    sent = Sent.read()

    def act() -> tuple[str, str]:
        made = sorting.split(database_session(), actor(), evidence, sent.ticked())
        return "What was ticked stands by itself from now on.", f"e-{made}"

    return _acted(evidence, ActForm(), act)


@blueprint.post("/evidence/<int:evidence_id>/personal-data/relabel")
@load(Evidence, Permission.EVIDENCE_CHANGE)
def relabel(evidence: Evidence) -> ResponseReturnValue:
    """What was found is of another sort."""
    sent = Sent.read()

    def act() -> tuple[str, str]:
        deciding.relabel(database_session(), actor(), evidence, sent.ticked(), label_sent())
        return "It is taken for something else from now on.", sent.card

    return _acted(evidence, ActForm(), act)


@blueprint.post("/evidence/<int:evidence_id>/personal-data/mark")
@load(Evidence, Permission.EVIDENCE_CHANGE)
def mark(evidence: Evidence) -> ResponseReturnValue:
    """Mark what was missed: the words that were selected, or that were typed as they stand."""
    form = MarkForm()

    def act() -> tuple[str, str]:
        place, start, end = _where(review_of(database_session(), evidence), form.words.data or "")
        made = sorting.mark(database_session(), actor(), evidence, place=place, start=start, end=end, label=form.sort)
        return "Marked. It is found wherever you write it from now on.", f"e-{made}"

    return _acted(evidence, form, act)


@blueprint.post("/evidence/<int:evidence_id>/personal-data/check")
@load(Evidence, Permission.EVIDENCE_CHANGE)
def check(evidence: Evidence) -> ResponseReturnValue:
    """Say that one has looked through a file oneself, where nothing in it could be read."""

    def act() -> tuple[str, str]:
        file = _file(evidence, request.form.get("file", ""))
        checking.check_content(database_session(), actor(), file)
        return "Noted, with your name and today’s date.", ""

    return _acted(evidence, ActForm(), act)


@blueprint.post("/evidence/<int:evidence_id>/personal-data/undo")
@load(Evidence, Permission.EVIDENCE_CHANGE)
def undo(evidence: Evidence) -> ResponseReturnValue:
    """Take a decision back."""

    def act() -> tuple[str, str]:
        done = deciding.undo(database_session(), actor(), evidence, request.form.get("act", ""))
        lost = f" {_places(done.lost)} could not be put back: the words around have changed." if done.lost else ""
        return f"Taken back in {_places(done.count)}.{lost}", ""

    return _acted(evidence, ActForm(), act)


def _acted(evidence: Evidence, form: BaseForm, act: Act) -> ResponseReturnValue:
    """Do one thing and go on; what is refused comes back with all that was typed."""
    _check_kept(evidence)
    sent = Sent.read()
    if not form.validate_on_submit():
        name, message = next(iter(_faults(form)), ("", UNTYPED))
        return _refused(evidence, form, message, name, UNPROCESSABLE)
    try:
        said, at = act()
    except Rejected as refused:
        return _refused(evidence, form, told(refused), refused.field or "", UNPROCESSABLE)
    except (Conflict, InvalidState) as late:
        return _refused(evidence, form, told(late), "", CONFLICT)
    commit()
    desk = desk_of(evidence, at=at or sent.then)
    if is_for_script():
        return page(desk, said=f"{said} {_left(desk)}")
    flash(said, "met")
    return redirect(f"{url_for('screening.review', evidence_id=evidence.id, at=desk.at)}#{desk.at}", 303)


def _refused(evidence: Evidence, form: BaseForm, message: str, name: str, status: int) -> ResponseReturnValue:
    database_session().rollback()
    sent = Sent.read()
    typed = Typed(
        card=sent.card,
        message=message,
        field=name,
        reason=request.form.get("reason", ""),
        said=request.form.get("said", ""),
    )
    desk = desk_of(evidence, at=sent.card, typed=typed)
    if isinstance(form, MarkForm):
        desk.mark = form
    return page(desk, status, said=message)


def _faults(form: BaseForm) -> list[tuple[str, str]]:
    return [(field.name, str(field.errors[0])) for field in form if field.errors]


def _check_kept(evidence: Evidence) -> None:
    if evidence.trashed_at is not None:
        raise InvalidState(TRASHED)


def _where(review: Review, words: str) -> tuple[str, int, int]:
    """The place that was selected, when these words stand there; else the first where they do."""
    texts = {text.place: text for text in review.texts}
    text, start = texts.get(request.form.get("place", "")), request.form.get("start", -1, type=int)
    end = request.form.get("end", -1, type=int)
    if text is not None and 0 <= start < end and _folded(text.text[start:end]) == _folded(words):
        return text.place, start, end
    for one in review.texts:
        if found := _found(one, words):
            return one.place, *found
    raise Rejected("These words are in none of the texts. Type them as they stand there.", "words")


def _found(text: TextSeen, words: str) -> tuple[int, int] | None:
    """Where words first stand in a text, whatever their capitals."""
    start = text.text.casefold().find(words.casefold())
    if start >= 0 and text.text[start : start + len(words)].casefold() == words.casefold():
        return start, start + len(words)
    return None


def _folded(words: str) -> str:
    return " ".join(words.casefold().split())


def _file(evidence: Evidence, uid: str) -> EvidenceFile:
    for version in evidence.versions:
        for file in version.files:
            if file.uid == uid:
                return file
    raise Conflict(GONE)


def _places(count: int) -> str:
    return "one place" if count == 1 else f"{count} places"


def _left(desk: Desk) -> str:
    if desk.undecided:
        return f"{desk.undecided} to decide."
    return "Nothing is left to decide."
