"""Notices in words, and where each leads: as much as their reader may see now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from portfolio.assessment.noticed import Item, Noticed
from portfolio.assessment.rules import in_words
from portfolio.notices.rules import KIND_WORDS, NoticeKind, Posting
from portfolio.web.terms import term, worded

GONE = "What this was about is not there for you any more."
NAMED_MOST = 6
"""How many items are named one by one."""


@dataclass(frozen=True, slots=True)
class Line:
    """One notice. `label` is what its button says and `url` where it leads, both empty where nothing is left to see."""

    id: int
    words: str
    detail: str
    label: str
    url: str
    told_at: datetime
    is_read: bool
    is_mail_lost: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a notice whose reader may see what it is about."""

    words: str
    label: str
    url: str
    detail: str = ""


def line(seen: Noticed) -> Line:
    """A notice as it is shown."""
    notice = seen.notice
    said = (SAYING[notice.kind](seen) if seen.is_seen else None) or Said(worded(KIND_WORDS[notice.kind]), "", "", GONE)
    return Line(
        id=notice.id,
        words=said.words,
        detail=said.detail,
        label=said.label,
        url=said.url,
        told_at=notice.told_at,
        is_read=notice.is_read,
        is_mail_lost=notice.posting is Posting.FAILED,
    )


def _refs(items: tuple[Item, ...]) -> str:
    named = [item.ref for item in items]
    return in_words(named if len(named) <= NAMED_MOST else [*named[:NAMED_MOST], f"{len(named) - NAMED_MOST} more"])


def _title(items: tuple[Item, ...]) -> str:
    return items[0].title if len(items) == 1 else ""


def _to_mark(items: tuple[Item, ...]) -> str:
    if len(items) == 1:
        return url_for("assessment.mark", submission_item_id=items[0].id)
    return url_for("assessment.queue")


def _submitted(seen: Noticed) -> Said:
    words = f"{seen.learner}: {_refs(seen.items)} came in to be marked"
    return Said(words, "Go to marking", _to_mark(seen.items), _title(seen.items))


def _countersign(seen: Noticed) -> Said:
    who, what = term("a trainee assessor"), _refs(seen.items)
    words = f"{seen.learner}: what {who} decided on {what} came in for your countersignature"
    return Said(words, "Go to countersigning", _to_mark(seen.items), _title(seen.items))


def _countersigned(seen: Noticed) -> Said:
    words = f"{seen.learner}: what you decided on {_refs(seen.items)} was countersigned"
    return Said(words, "See what was decided", _to_mark(seen.items), _title(seen.items))


def _feedback(seen: Noticed) -> Said:
    words = f"You have feedback on {_refs(seen.items)}"
    if len(seen.items) == 1:
        url = url_for("evidence.show", evidence_id=seen.items[0].id)
    else:
        url = url_for("home.portfolio", enrolment=seen.notice.about[1])
    return Said(words, "Read the feedback", url, _title(seen.items))


def _asked(seen: Noticed) -> Said:
    refs = in_words(seen.notice.facts.get("refs", [])[:NAMED_MOST])
    words = f"{seen.learner}: you are asked whether something may stay in {refs}"
    return Said(words, "Look at what is asked", url_for("screening.asked"))


def _answered(seen: Noticed) -> Said | None:
    if not seen.items:
        return None
    words = f"You have an answer about what may stay in {_refs(seen.items)}"
    return Said(words, "See the answer", url_for("screening.review", evidence_id=seen.items[0].id), _title(seen.items))


def _of_unit(words: str) -> Callable[[Noticed], Said | None]:
    def said(seen: Noticed) -> Said | None:
        if seen.unit is None:
            return None
        url = url_for("units.show", enrolment_id=seen.unit.enrolment_id, enrolment_unit_id=seen.unit.id)
        return Said(words.format(seen.unit.title), worded("See the {unit}"), url)

    return said


def _invited(seen: Noticed) -> Said | None:
    role = seen.role
    if role is None:
        return None
    detail = "Change to that centre on the page of your account, if you are not there already."
    return Said(f"You have a new role: {role.word} at {role.centre_name}", "Go there", url_for("accounts.show"), detail)


CHANGED = {
    "reset": "your second step was taken off, so that you can sign in without it",
    "given_up": "your second step was given up",
    "recovery": "a recovery code was used to sign in as you",
}


def _second_factor(seen: Noticed) -> Said:
    words = "; ".join(CHANGED[what] for what in seen.notice.facts.get("what", ())) or KIND_WORDS[seen.notice.kind]
    detail = "Was it not you, and did you not ask for it? Change your password and tell your centre."
    url = url_for("accounts.show", _anchor="second-step")
    return Said(words[:1].upper() + words[1:], "Go to your account", url, detail)


SAYING: Mapping[NoticeKind, Callable[[Noticed], Said | None]] = {
    NoticeKind.SUBMITTED: _submitted,
    NoticeKind.COUNTERSIGN: _countersign,
    NoticeKind.COUNTERSIGNED: _countersigned,
    NoticeKind.FEEDBACK: _feedback,
    NoticeKind.SIGNED_OFF: _of_unit("{} is signed off"),
    NoticeKind.REOPENED: _of_unit("{} was opened again"),
    NoticeKind.CRITERIA: _of_unit("{} was moved to newer criteria"),
    NoticeKind.STAY_ASKED: _asked,
    NoticeKind.STAY_ANSWERED: _answered,
    NoticeKind.INVITED: _invited,
    NoticeKind.SECOND_FACTOR: _second_factor,
}
