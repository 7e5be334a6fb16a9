"""The criteria of the marking form as text, put together by hand: many parts that differ little.

What the framework says is escaped once and kept; everything else is escaped where it is put in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from markupsafe import Markup, escape

from portfolio.assessment.item_view import ClaimView
from portfolio.assessment.queue_queries import Neighbour
from portfolio.assessment.rules import Mark
from portfolio.mapping.coverage import State
from portfolio.mapping.rules import Outcome
from portfolio.web.looks import OUTCOMES, QUEUE, STATES, Look, escaped

KEPT = 5_000
ID, GAP = "\x00", "\x01"
"""Stand for the claim's id, and for what differs from item to item, in what is kept."""
CLAIMED = STATES[State.CLAIMED]
NEWS = {"new": "new in this version", "changed": "changed in this version"}
OPTIONS = (
    (Outcome.MET, "seg-met", 1, ""),
    (Outcome.NOT_YET_MET, "seg-more", 2, "-2"),
    (Outcome.INSUFFICIENT, "seg-more", 3, "-3"),
)
"""Each outcome with its class, its key and the end of its id."""
IN_QUEUE = {
    state: (f'<span class="{look.kind}">{look.sign}</span>', look.word.lower()) for state, look in QUEUE.items()
}
ANEW, BAD = ' <span class="fresh">worded anew</span>', " field-bad"
PAST, HERE = ' class="past"', ' aria-current="true"'
NOTHING = Mark(0, None, is_sufficient=False, feedback="")


@dataclass(frozen=True, slots=True)
class Round:
    """What stands round the rows: who `says` what is claimed; faults, what a release will ask for, and what may point
    to somebody, by field; `kept` is what is saved where it may differ, `theirs` what the trainee `who` decided.
    """

    says: Markup
    messages: Mapping[str | None, str]
    asks: Mapping[str, str]
    points: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[int, Mark] = field(default_factory=dict)
    theirs: Mapping[int, Mark] = field(default_factory=dict)
    who: str = ""


def look_of(mark: Mark | None) -> Look:
    """How a claim stands: class, icon and word."""
    return OUTCOMES[mark.outcome] if mark is not None and mark.outcome is not None else CLAIMED


@dataclass(frozen=True, slots=True)
class Tabs:
    """The tabs of the criteria of one unit."""

    unit_id: int
    title: str
    tabs: Markup


def unit_tabs(claims: Sequence[ClaimView], marks: Mapping[int, Mark]) -> list[Tabs]:
    """The tabs of all criteria, unit by unit."""
    units = _units_in(claims)
    is_named = len(units) > 1
    return [Tabs(own[0].enrolment_unit_id, own[0].unit_title, strip(own, marks, is_named=is_named)) for own in units]


def _units_in(claims: Sequence[ClaimView]) -> list[list[ClaimView]]:
    found: dict[int, list[ClaimView]] = {}
    for claim in claims:
        found.setdefault(claim.enrolment_unit_id, []).append(claim)
    return list(found.values())


def strip(claims: Sequence[ClaimView], marks: Mapping[int, Mark], *, is_named: bool = False) -> Markup:
    """The codes in a row, each with how it stands, leading to its criterion; to be heard with the unit if named."""
    parts = []
    for claim in claims:
        unit = f'<span class="visually-hidden">, {escape(claim.unit_title)}</span>' if is_named else ""
        name, icon, word = look_of(marks.get(claim.claim_id))
        said = "not decided" if name == CLAIMED.kind else word.lower()
        parts.append(
            f'<li><a class="{name}" href="#c{claim.claim_id}"><span class="bi bi-{icon}" aria-hidden="true"></span>'
            f'{_code(claim.code)}<span class="visually-hidden">, {said}</span>{unit}</a></li>'
        )
    return Markup("\n".join(parts))  # noqa: S704 - every part is escaped above


@lru_cache(maxsize=KEPT)
def _code(code: str) -> str:
    return str(escape(code))


def rows(claims: Sequence[ClaimView], marks: Mapping[int, Mark], about: Round) -> Markup:
    """One row for each claim: what is claimed, the hints, the decision and the feedback. Of several units each has its
    heading over its own.
    """
    units, found = _units_in(claims), []
    texts = escaped([text for claim in claims for text in (claim.annotation, claim.place)])
    said = dict(zip([claim.claim_id for claim in claims], zip(texts[::2], texts[1::2], strict=True), strict=True))
    for own in units:
        title = own[0].unit_title if len(units) > 1 else ""
        if title:
            found.append(f'<li class="judged-unit"><h3 class="serif">{escape(title)}</h3></li>')
        for claim in own:
            told = _said(claim, about, title, *said[claim.claim_id])
            found.append(_row(claim, marks.get(claim.claim_id, NOTHING), about, title, told))
    return Markup("\n".join(found))  # noqa: S704 - every part is escaped here or below


def _row(claim: ClaimView, mark: Mark, about: Round, unit: str, said: str) -> str:
    """What the framework and the decision say is kept ready, with a gap for everything else. `unit` is its title where
    the item is claimed for criteria of several, `said` what is claimed.
    """
    id_ = str(claim.claim_id)
    decided, decided_id = _fault(f"outcome-{id_}", about)
    written, written_id = _fault(f"feedback-{id_}", about)
    points, points_id = _points(f"feedback-{id_}", about)
    hints = _hints(claim.marking_points, claim.mistakes, is_folded=claim.earlier is not None)
    shape = _shape(unit, claim.code, claim.text, hints, mark.outcome, mark.is_sufficient)
    fill = (
        ANEW if claim.is_reworded else "",
        said,
        _earlier(claim) if claim.earlier else "",
        _others(claim, mark, about) if about.theirs or about.kept else "",
        BAD if decided else "",
        decided_id,
        decided,
        _ask(f"outcome-{id_}", about),
        BAD if written else "",
        written,
        "3" if mark.feedback else "2",
        points_id + (f'{written_id}" aria-invalid="true' if written else ""),
        escape(mark.feedback) if mark.feedback else "",
        points,
        _ask(f"feedback-{id_}", about),
        "",
    )
    parts = shape.replace(ID, id_).split(GAP)
    return "".join([text for pair in zip(parts, fill, strict=True) for text in pair])


@lru_cache(maxsize=KEPT)
def _shape(unit: str, code: str, text: str, hints: str, outcome: Outcome | None, sufficient: bool) -> str:
    name, icon, word = OUTCOMES[outcome] if outcome else CLAIMED
    code_ = escape(code)
    named = f'{code_}<span class="visually-hidden">, {escape(unit)}</span>' if unit else str(code_)
    whole = f' data-name="{escape(unit)} {code_}"' if unit else ""
    return (
        f'<li class="cur" id="c{ID}" data-claim="{ID}"{whole}>\n<h3 class="row-line"><span class="ref">{code_}</span>'
        f'<a href="#c{ID}">{escape(text)}</a>{GAP} <span class="state {name}" data-state>'
        f'<span class="bi bi-{icon}" aria-hidden="true"></span><span>{word}</span></span></h3>\n'
        f'<div class="crit-body">\n{GAP}{GAP}{hints}{GAP}{_decision(named, outcome, sufficient)}'
        f'<div class="block{GAP}"><label class="legend-s" for="feedback-{ID}">Feedback on {named}</label>\n{GAP}'
        f'<textarea class="form-control form-s" id="feedback-{ID}" name="feedback-{ID}" rows="{GAP}" '
        f'aria-describedby="feedback-{ID}-ask{GAP}">\n{GAP}</textarea>{GAP}\n'
        f'<p class="ask" id="feedback-{ID}-ask" data-ask="feedback-{ID}"{GAP}</p></div>\n</div>\n</li>'
    )


@lru_cache(maxsize=KEPT)
def _hints(points: tuple[str, ...], mistakes: tuple[str, ...], *, is_folded: bool) -> str:
    """Folded where it was decided before, so that the decision stays in sight."""
    parts = []
    if points:
        ticks = [
            f'<li class="check"><input class="form-check-input" type="checkbox" id="p{ID}-{number}" data-unkept>'
            f'<label for="p{ID}-{number}">{escape(point)}</label></li>'
            for number, point in enumerate(points, 1)
        ]
        parts.append(
            f'<h4 class="legend-s">Marking points, hints only</h4><ul class="points tight">{"".join(ticks)}</ul>'
        )
    if mistakes:
        lines = [f"<li>{escape(mistake)}</li>" for mistake in mistakes]
        parts.append(f'<h4 class="legend-s">Common mistakes</h4><ul class="hints">{"".join(lines)}</ul>')
    drawn = "".join(f'<div class="block">{part}</div>\n' for part in parts)
    if not is_folded or not parts:
        return drawn
    return f'<details class="block small"><summary>Marking points and common mistakes</summary>\n{drawn}</details>\n'


def _decision(code: str, outcome: Outcome | None, is_sufficient: bool) -> str:
    options = "".join(
        f'<div class="seg-opt {kind}"><input type="radio" id="outcome-{ID}{end}" name="outcome-{ID}" '
        f'value="{value.value}"{" checked" if value is outcome else ""}>'
        f'<label for="outcome-{ID}{end}" data-key="{key}">'
        f"{OUTCOMES[value].sign}{OUTCOMES[value].word}</label></div>\n"
        for value, kind, key, end in OPTIONS
    )
    return (
        f'<fieldset class="block{GAP}" aria-describedby="outcome-{ID}-ask{GAP}">\n'
        f'<legend class="legend-s">Decision on {code}</legend>\n{GAP}'
        f'<div class="check tight sufficient"><input class="form-check-input" type="checkbox" id="sufficient-{ID}" '
        f'name="sufficient-{ID}" value="y"{" checked" if is_sufficient else ""}>'
        f'<label for="sufficient-{ID}">Sufficient<span class="visually-hidden"> for {code}</span></label></div>\n'
        f'<div class="seg seg-tight">\n{options}</div>\n'
        f'<p class="ask" id="outcome-{ID}-ask" data-ask="outcome-{ID}"{GAP}</p>\n</fieldset>\n'
    )


def _said(claim: ClaimView, about: Round, unit: str, annotation: str, place: str) -> str:
    """What is claimed; its words and its place come escaped."""
    name = f' data-place-name="{escape(unit)} {_code(claim.code)}"' if unit else ""
    where = (
        f', <a href="#doc-h" data-place="{place}" data-place-code="{_code(claim.code)}"{name}>{place}</a>'
        if place
        else ""
    )
    news = f' <span class="fresh">{NEWS[claim.news]}</span>' if claim.news else ""
    return (
        f'<div class="block"><h4 class="legend-s">{about.says} says{where}{news}</h4>'
        f'<p class="said verbatim">{annotation}</p></div>\n'
    )


def _earlier(claim: ClaimView) -> str:
    """What was decided on it when an earlier version was marked."""
    before = claim.earlier
    if before is None:
        return ""
    on, read = ("", "")
    if before.is_reworded:
        on, read = ", on an earlier wording", f'<span class="d-block">It read: {escape(before.text)}</span>'
    return (
        f'<p class="block small muted">Version {claim.earlier_no}{on}: {OUTCOMES[before.outcome].drawn()} '
        f"{escape(before.feedback)}{read}</p>\n"
    )


def _others(claim: ClaimView, mark: Mark, about: Round) -> str:
    """What a trainee decided, and what is saved where that is something else than the form holds."""
    parts = []
    theirs, kept = about.theirs.get(claim.claim_id), about.kept.get(claim.claim_id)
    if theirs is not None and theirs.outcome is not None:
        said = f"{escape(about.who)}: {OUTCOMES[theirs.outcome].drawn()} {escape(theirs.feedback)}"
        parts.append(f'<p class="block small muted">{said}</p>\n')
    if kept is not None and kept != mark:
        word = OUTCOMES[kept.outcome].word if kept.outcome else "not decided"
        ticked = "sufficient" if kept.is_sufficient else "not ticked sufficient"
        said = f' <span class="said verbatim">{escape(kept.feedback)}</span>' if kept.feedback else ""
        parts.append(f'<p class="block kept"><strong>Saved:</strong> {word}, {ticked}.{said}</p>\n')
    return "".join(parts)


def _fault(name: str, about: Round) -> tuple[str, str]:
    """The message of a fault at a field, and the id by which the field names it."""
    message = about.messages.get(name)
    if message is None:
        return "", ""
    icon = '<span class="bi bi-exclamation-circle-fill" aria-hidden="true"></span>'
    return f'<p class="msg-bad" id="{name}-error">{icon}<span>{escape(message)}</span></p>\n', f" {name}-error"


def _points(name: str, about: Round) -> tuple[str, str]:
    """The note of what in a field may point to somebody, and the id by which the field names it; as
    `components/points.html` draws it.
    """
    words = about.points.get(name)
    if words is None:
        return "", ""
    icon = '<span class="bi bi-shield-exclamation" aria-hidden="true"></span>'
    note = f"{icon}<span><span data-points-words>{escape(words)}</span></span>"
    return f'<p class="points-note" id="{name}-points" data-points="{name}">{note}</p>', f" {name}-points"


def _ask(name: str, about: Round) -> str:
    words = about.asks.get(name)
    return f">{escape(words)}" if words else " hidden>"


def queue(rows: Sequence[Neighbour], base: str, item_id: int) -> Markup:
    """The queue beside the item at hand, each row leading to its item."""
    parts, is_past = [], any(row.item_id == item_id for row in rows)
    for row in rows:
        is_here = row.item_id == item_id
        is_past = is_past and not is_here
        icon, words = IN_QUEUE[row.state]
        parts.append(
            f'<li{PAST if is_past else ""}><a href="{base}/{row.item_id}"{HERE if is_here else ""}>{icon}'
            f'<span>{escape(row.learner)}</span><span class="sub"><span class="num">{escape(row.ref)}</span> '
            f'{escape(row.title)}<span class="visually-hidden">, {words}</span></span></a></li>'
        )
    return Markup("\n".join(parts))  # noqa: S704 - every part is escaped above
