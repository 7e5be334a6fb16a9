"""The marking page: an item with its evidence and criteria, what the person asking may do with it, and what they noted.

A script asks for the same address as JSON and gets the part of the page that changes from item to item; or, to go on
with a form that it has, whose page this is now and the token alone, so that what waits to be said on a page still does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import escape

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.assessment import marking_queries, presence_queries, queue_queries, released_queries
from portfolio.assessment.item_view import ItemView, ReviewView
from portfolio.assessment.models import SubmissionItem
from portfolio.assessment.presence_queries import Here
from portfolio.assessment.queue_queries import Beside
from portfolio.assessment.rules import ItemState, faults_in
from portfolio.assessment.stems import stems_of
from portfolio.criteria.rules import METHOD_WORDS
from portfolio.errors import Rejected
from portfolio.evidence.breach_queries import amendments_of
from portfolio.mapping.rules import Coded, in_codes
from portfolio.policy.checks import visible_joined
from portfolio.policy.permissions import Permission
from portfolio.web.access import load
from portfolio.web.assessment import rows
from portfolio.web.assessment.blueprint import blueprint
from portfolio.web.assessment.forms import EMPTY, ONCE, Sheet
from portfolio.web.assessment.lists import QUEUE_URL
from portfolio.web.assessment.pointing import feedback_notes
from portfolio.web.cookies import form_token
from portfolio.web.frames import framed
from portfolio.web.previews import shown
from portfolio.web.session import actor, database_session, is_for_script
from portfolio.web.terms import term, told, worded

TO_JUDGE = {
    ItemState.WAITING: Permission.ITEM_MARK,
    ItemState.COUNTERSIGN: Permission.ITEM_COUNTERSIGN,
    ItemState.RELEASED: Permission.ITEM_MARK,
}


class Turn(StrEnum):
    """What the person asking may do with an item now."""

    START = "start"
    MARK = "mark"
    COUNTERSIGN = "countersign"
    READ = "read"


RENEW = "renew"
"""In the address of a script that wants a token and no page."""
VERBS = {Turn.START: "Mark ", Turn.MARK: "Mark ", Turn.COUNTERSIGN: "Countersign ", Turn.READ: ""}


@dataclass(frozen=True, slots=True)
class Desk:
    """An item as the person asking finds it: what they may do, and the queue that it stands in."""

    view: ItemView
    turn: Turn
    beside: Beside

    @property
    def title(self) -> str:
        """The words at the head of the page."""
        return f"{VERBS[self.turn]}{self.view.ref}, {self.view.learner}"


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing was saved: `faults` at fields, or a `sentence` when things stand otherwise by now."""

    status: int
    faults: Sequence[Rejected] = ()
    sentence: str = ""


@blueprint.get("/marking/<int:submission_item_id>")
@load(SubmissionItem, Permission.ITEM_SEE)
def mark(item: SubmissionItem) -> ResponseReturnValue:
    """One item: the queue, the evidence, and the criteria with what I have noted."""
    if RENEW in request.args and is_for_script():
        return jsonify(person=actor().uid, csrf_token=form_token())
    desk = desk_at(item)
    noted = _noted(desk, actor())
    sheet = EMPTY if noted is None else Sheet(noted.varc, noted.feedback, noted.marks)
    return page(desk, sheet)


def desk_at(item: SubmissionItem) -> Desk:
    """Whoever may judge an item has it in their queue, so that the queue says whose turn it is."""
    view = marking_queries.item_view(database_session(), item.id)
    if view.state is ItemState.COUNTERSIGN and _is_anothers(view, actor()):
        beside = queue_beside(item.id, ItemState.COUNTERSIGN)
        if beside.position:
            return Desk(view, Turn.COUNTERSIGN, beside)
    beside = queue_beside(item.id, ItemState.WAITING)
    if not beside.position:
        return Desk(view, Turn.READ, beside)
    return Desk(view, Turn.MARK if view.is_opened else Turn.START, beside)


def _is_anothers(view: ItemView, asker: Actor) -> bool:
    """Whether somebody else decided what awaits a countersignature, and the asker is qualified to give it."""
    return asker.is_qualified and view.handed_over is not None and view.handed_over.assessor_id != asker.person_id


def queue_beside(item_id: int, state: ItemState) -> Beside:
    """The stretch of the asker's queue that an item stands in: what they may judge, or may countersign."""
    session, asker = database_session(), actor()
    return queue_queries.beside(session, asker, visible_joined(asker, TO_JUDGE[state]), item_id, state=state)


def _noted(desk: Desk, asker: Actor) -> ReviewView | None:
    """My own review; to begin with, when I countersign, the trainee's."""
    own = desk.view.review_by(asker.person_id)
    return own or (desk.view.handed_over if desk.turn is Turn.COUNTERSIGN else None)


def page(desk: Desk, sheet: Sheet, refused: Refused | None = None) -> ResponseReturnValue:
    """The page with what the form holds. After a conflict the next save is over what is saved now."""
    asker, own = actor(), desk.view.review_by(actor().person_id)
    faults, sentence = (refused.faults, refused.sentence) if refused else ((), "")
    about = _about(desk, asker) | {
        "desk": desk,
        "own": own,
        "saved_when": when(own.saved_at) if own else "",
        "sheet": sheet,
        "rev": sheet.rev if faults else own.rev if own else 0,
        "faults": [(fault.field, told(fault)) for fault in faults],
        "messages": {fault.field: told(fault) for fault in faults},
        "asks": {} if faults else asks_of(sheet, _names(desk.view)),
        "sentence": sentence,
    }
    if desk.turn in {Turn.MARK, Turn.COUNTERSIGN}:
        about["points"] = feedback_notes(database_session(), desk.view.enrolment_id, sheet)
        about["tabs"] = rows.unit_tabs(desk.view.claims, sheet.marks)
        about["rows"] = rows.rows(desk.view.claims, sheet.marks, _round(desk, own, about))
    is_part = is_for_script()
    part = render_template("assessment/_item.html", is_part=is_part, **about)
    if is_part:
        return jsonify(title=desk.title, html=part, person=asker.uid, csrf_token=form_token())
    around = {"title": (escape(desk.title).encode(),), "part": (part.encode(),)}
    return framed("assessment/mark.html", around), refused.status if refused else 200


def _names(view: ItemView) -> dict[int, str]:
    """What the criteria are called, by claim: their codes, with the unit where they are of several."""
    titles = {claim.enrolment_unit_id: claim.unit_title for claim in view.claims}
    if len(titles) == 1:
        return {claim.claim_id: claim.code for claim in view.claims}
    coded = {claim.claim_id: Coded(claim.enrolment_unit_id, claim.code) for claim in view.claims}
    among = [Coded(unit_id, "") for unit_id in titles]
    return {id_: in_codes([one], titles, among=among) for id_, one in coded.items()}


def _round(desk: Desk, own: ReviewView | None, about: Mapping[str, Any]) -> rows.Round:
    view = desk.view
    trainee = view.handed_over if desk.turn is Turn.COUNTERSIGN and own else None
    return rows.Round(
        says=escape(view.author if view.is_record else worded("The {learner}")),
        messages=about["messages"],
        asks=about["asks"],
        points=about["points"],
        kept=own.marks if own and about["sentence"] else {},
        theirs=trainee.marks if trainee else {},
        who=trainee.assessor if trainee else "",
    )


def _about(desk: Desk, asker: Actor) -> dict[str, Any]:
    """What the page says of the item and of the people round it."""
    session, view = database_session(), desk.view
    is_judging = desk.turn in {Turn.MARK, Turn.COUNTERSIGN}
    awaits = view.state is ItemState.COUNTERSIGN or (asker.is_trainee and is_judging)
    return {
        "view": view,
        "turn": desk.turn.value,
        "beside": desk.beside,
        "queue": rows.queue(desk.beside.rows, QUEUE_URL, view.item_id),
        "others": [] if view.released else _others(desk, asker),
        "files": shown([(file.file_id, file) for file in view.files], top=5) if desk.turn is not Turn.START else [],
        "new_files": {file.file_id: "new in this version" for file in view.files if view.previous_no and file.is_new},
        "amendments": amendments_of(session, view.enrolment_id, version_id=view.version_id) if view.amended else [],
        "countersigners": released_queries.countersigners(session, [view.enrolment_id]).get(view.enrolment_id, ())
        if awaits
        else (),
        "stems": stems_of(session, asker.person_id) if is_judging else [],
        "base": QUEUE_URL,
        "ONCE": ONCE,
        "METHODS": METHOD_WORDS,
    }


def _others(desk: Desk, asker: Actor) -> list[str]:
    """Who else is at work on the item; who is there, only to those in whose queue it stands."""
    have_saved = desk.view.saved_by_others(asker.person_id)
    return others_at(desk.view.item_id, have_saved) if desk.beside.position else _others_in_words(have_saved, ())


def others_at(item_id: int, have_saved: Sequence[str]) -> list[str]:
    """Who else is at work on an item, in words; `have_saved` are those with a review of their own."""
    found = presence_queries.here(database_session(), [item_id], but=actor().person_id)
    return _others_in_words(have_saved, found.get(item_id, []))


def _others_in_words(have_saved: Sequence[str], at_it: Sequence[Here]) -> list[str]:
    return [f"{name} has saved a review of this item" for name in have_saved] + [one.words for one in at_it]


def asks_of(sheet: Sheet, codes: dict[int, str]) -> dict[str, str]:
    """What a release will ask for of what is decided so far, by field. The first of a field's counts."""
    asked: dict[str, str] = {}
    for fault in faults_in(sheet.varc, list(sheet.marks.values()), codes):
        asked.setdefault(fault.field or "", told(fault))
    return asked


def when(at: datetime) -> str:
    """The time of day, or the day when that is over."""
    there = at.astimezone(clock.UK)
    return f"{there:%H:%M}" if there.date() == clock.today() else f"{there.day} {there:%B}"


def released_words(asker: Actor, item: SubmissionItem) -> str:
    """What a release has done, and that it stands."""
    ref, learner = item.version.evidence.ref, item.submission.enrolment.learner.name
    if asker.is_trainee:
        return f"{ref} of {learner} awaits countersignature now. The {term('learner')} sees your decisions after it."
    return f"{ref} is released. {learner} sees your feedback now. It stands: only a newer decision can follow it."


def onwards(beside: Beside) -> str:
    """The address of the next item that waits; of the queue when none does."""
    following = beside.next_id or beside.previous_id
    if following is None:
        return url_for("assessment.queue")
    return url_for("assessment.mark", submission_item_id=following)


def gone_on(said: str, address: str) -> ResponseReturnValue:
    """What was done is said on the page that comes next; a script fetches that itself."""
    flash(said, "met")
    return jsonify(next=address) if is_for_script() else redirect(address, 303)
