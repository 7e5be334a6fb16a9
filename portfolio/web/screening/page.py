"""The page of an item's personal data: what it says, what is to decide, and where its reader goes on."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import jsonify, render_template, url_for
from flask.typing import ResponseReturnValue

from portfolio.anonymise.findings import LABEL_WORDS
from portfolio.criteria.rules import METHOD_WORDS
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import BY_ASSESSOR
from portfolio.policy.checks import can
from portfolio.policy.permissions import Permission
from portfolio.redaction.queries import states_of
from portfolio.redaction.rules import RedactionState, can_be_redacted
from portfolio.screening.queries import standings_of
from portfolio.screening.review_queries import DecidedSeen, Review, review_of
from portfolio.screening.rules import REASON_MOST, REASON_WORDS, Outcome, ScanState, State
from portfolio.web.pointing import stand_of
from portfolio.web.screening.cards import Card, Cards, cards_of
from portfolio.web.screening.forms import MarkForm
from portfolio.web.screening.sheet import sheets_of
from portfolio.web.session import actor, database_session, is_for_script
from portfolio.web.snippets import with_words
from portfolio.web.sorts import kind_of, one_of
from portfolio.web.terms import worded

DONE, MISSED = "done", "missed"
"""Where one stands when nothing is left; and what marks something that was missed."""
REDACT = "Make a redacted version"
REDACT_WORDS: dict[RedactionState | None, str] = {
    RedactionState.WAITING: "See how far the redacted version is",
    RedactionState.MADE: "Look at the redacted version",
    RedactionState.FAILED: "See why no redacted version was made",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What was sent and not taken: the card that it came from, what is wrong, and what was typed there."""

    card: str = ""
    message: str = ""
    field: str = ""
    reason: str = ""
    said: str = ""


NOTHING_TYPED = Typed()


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """An act in a sentence; `undo` is what takes it back, empty where nothing does."""

    words: str
    why: str
    by: str
    undo: str


@dataclass(slots=True)
class Desk:
    """Everything that lies on the page. `at` is the card that is worked on."""

    evidence: Evidence
    review: Review
    cards: Cards
    at: str
    as_others: bool = False
    typed: Typed = NOTHING_TYPED
    mark: MarkForm = field(default_factory=lambda: MarkForm(formdata=None))

    @property
    def undecided(self) -> int:
        """How many places are still to be decided by the person who looks."""
        return sum(len(card.lines) for card in self.cards.open)

    @property
    def asked(self) -> int:
        """How many wait for an administrator."""
        return sum(len(card.lines) for card in self._in_state(State.ASKED))

    @property
    def confirmed(self) -> int:
        """How many are to be taken out of a file."""
        return sum(len(card.lines) for card in self._in_state(State.CONFIRMED))

    @property
    def waiting(self) -> int:
        """How many files are still being looked through."""
        return sum(1 for file in self.cards.files if file.content.state is ScanState.WAITING)

    @property
    def unread(self) -> int:
        """How many files somebody has yet to look at for themselves."""
        return sum(
            1
            for file in self.cards.files
            if file.content.state is ScanState.UNREADABLE and file.content.checked_at is None
        )

    @property
    def is_clear(self) -> bool:
        """Whether nothing is in the way of the item."""
        return not (self.review.left or self.waiting or self.unread)

    @property
    def mark_of_files(self) -> str:
        """By which a script sees that the looking through of the files has gone on."""
        return ".".join(f"{file.content.state}{len(file.content.hits)}" for file in self.cards.files)

    def _in_state(self, state: State) -> list[Card]:
        return [card for card in (*self.cards.own, *self.cards.in_files) if card.state is state]


def desk_of(evidence: Evidence, *, at: str = "", as_others: bool = False, typed: Typed = NOTHING_TYPED) -> Desk:
    """What is found in an item and how it stands. `at` is the card to work on, or the first that is open."""
    review = with_words(review_of(database_session(), evidence))
    cards = cards_of(review, lambda file_id: url_for("evidence.preview", evidence_file_id=file_id))
    known = [card.id for card in (*cards.own, *cards.in_files, *cards.noted)]
    first = next((card.id for card in cards.open), DONE)
    return Desk(evidence, review, cards, at if at in known else first, as_others, typed)


def decided_lines(decided: Sequence[DecidedSeen]) -> list[DecidedLine]:
    """What was decided, each act in a sentence, the newest first."""
    return [
        DecidedLine(_in_words(one), _why(one), one.by, one.act if one.may_undo else "")
        for one in decided
        if one.outcome is not Outcome.UNDONE
    ]


def _in_words(one: DecidedSeen) -> str:
    names = " and ".join(f"“{words}”" for words in one.words[:2]) or kind_of(one.label)
    if one.outcome is Outcome.REPLACED:
        return f"{one.pseudonym} stands in place of {one_of(one.label)}" + _often(one.count)
    if one.outcome is Outcome.KEPT:
        return f"{names} kept"
    if one.outcome is Outcome.CONFIRMED:
        return f"{names} is to go from its file"
    if one.outcome is Outcome.ASKED:
        return f"{names} may stay if an administrator agrees"
    if one.outcome is Outcome.REFUSED:
        return f"{names} may not stay, an administrator says"
    return f"{names} is taken for {one_of(one.label)}"


def _often(count: int) -> str:
    return "" if count == 1 else f", {count} times"


def _why(one: DecidedSeen) -> str:
    return one.said or (worded(REASON_WORDS[one.reason]) if one.reason else "")


def page(desk: Desk, status: int = 200, *, said: str = "") -> ResponseReturnValue:
    """The page; or, for a script, the part of it that changes, what to say, and where the focus goes."""
    title, context = f"Check personal data in {desk.evidence.ref}", _context(desk)
    if is_for_script():
        part = render_template("screening/_review.html", **context)
        return jsonify(title=title, html=part, said=said, at=desk.at), status
    return render_template("screening/review.html", title=title, **context), status


def _context(desk: Desk) -> dict[str, object]:
    evidence, review = desk.evidence, desk.review
    ids = [card.id for card in desk.cards.open]
    return {
        "desk": desk,
        "evidence": evidence,
        "review": review,
        "cards": desk.cards,
        "first": ids[0] if ids else DONE,
        "then": dict(zip(ids, [*ids[1:], ""], strict=True)) if ids else {},
        "sheets": sheets_of(review, as_others=desk.as_others),
        "decided": decided_lines(review.decided),
        "typed": desk.typed,
        "wrong_at": _wrong_at(desk),
        "stand": stand_words(desk),
        "done_words": done_words(desk),
        "steps_stand": stand_of(standings_of(database_session(), [evidence.id]).get(evidence.id), evidence.id),
        "reasons": {reason.value: worded(words) for reason, words in REASON_WORDS.items()},
        "reason_most": REASON_MOST,
        "labels": {label.value: words for label, words in LABEL_WORDS.items()},
        "method": METHOD_WORDS[evidence.method],
        "is_record": evidence.method in BY_ASSESSOR,
        "may_hide": not review.is_draft and can(actor(), Permission.EVIDENCE_HIDE, evidence),
        "asks_first": actor().settings.asks_an_administrator,
        "redactions": _redactions(desk) if review.is_draft else {},
        "here": url_for("screening.review", evidence_id=evidence.id),
        "back": url_for("evidence.show", evidence_id=evidence.id),
    }


def _redactions(desk: Desk) -> dict[int, str]:
    """What one may do to have a redacted version of each file, by the file's id."""
    files = [file for file in desk.cards.files if can_be_redacted(file.content.media_type)]
    states = states_of(database_session(), desk.evidence.uid) if files else {}
    return {file.id: REDACT_WORDS.get(states.get(file.content.sha256), REDACT) for file in files}


def _wrong_at(desk: Desk) -> str | None:
    """The id of what was not taken, when it is still on the page."""
    if desk.typed.card == MISSED:
        return "words"
    return desk.typed.card if desk.typed.card and desk.typed.card == desk.at else None


def stand_words(desk: Desk) -> str:
    """What stands under the heading: how many things were found, and what that means."""
    review = desk.review
    if not review.total:
        return "Nothing that points to a real person was found. Things can be missed, so read it once yourself."
    things = "one thing" if review.total == 1 else f"{review.total} things"
    found = f"We found {things} that may point to a real person."
    if desk.undecided and review.is_draft:
        each = "Decide it" if review.total == 1 else "Decide each one"
        return f"{found} {each}; only you can see this item until you have."
    if desk.undecided:
        return f"{found} The item was handed in, so others can see it."
    return found


def done_words(desk: Desk) -> str:
    """What is said when nothing is left for the person who looks."""
    if desk.is_clear:
        decided = f"You decided all {desk.review.total}." if desk.review.total > 1 else "Nothing is left to decide."
        return f"{decided} Others see it as it stands now." if desk.review.is_draft else decided
    left = [
        _counted(desk.waiting, "{} is still being looked through", "{} are still being looked through", "file"),
        _counted(
            desk.unread, "{} is left for you to look at yourself", "{} are left for you to look at yourself", "file"
        ),
        _counted(desk.confirmed, "{} is to be taken out of a file", "{} are to be taken out of a file", "thing"),
        _counted(desk.asked, "{} waits for an administrator", "{} wait for an administrator", "thing"),
    ]
    return f"Nothing is left to decide now. {'; '.join(filter(None, left)).capitalize()}."


def _counted(count: int, one: str, several: str, what: str) -> str:
    if not count:
        return ""
    return one.format(f"one {what}") if count == 1 else several.format(f"{count} {what}s")
