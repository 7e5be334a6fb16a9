"""An item's own texts as they are looked through: paragraph by paragraph, with every finding in its place.

The words of a paragraph stand on the page exactly as in the text, so that a script can tell where one selected them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from portfolio.screening.review_queries import Hit, Review, TextSeen
from portfolio.screening.rules import IN_THE_WAY, Outcome, State

MAIN = "body"
"""The text whose paragraphs are known by their number alone."""
_HEADING = re.compile(r"#{1,6}[^\S\n]+")
_GAP = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What stands between two empty lines; `number` is 0 where it is the only one of a text but the main one."""

    number: int
    start: int
    is_heading: bool
    drawn: Markup


@dataclass(frozen=True, slots=True)
class Sheet:
    """One text. `place` is how findings name it."""

    place: str
    title: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    hit: Hit | None


def card_id(entity_uid: str, state: State, file_uid: str = "") -> str:
    """By which the card of a person or thing is known on the page: one for each way in which it stands."""
    parts = ("e", entity_uid, file_uid, "" if state is State.OPEN else state.value)
    return "-".join(part for part in parts if part)


def spans_of(text: str) -> list[tuple[int, int]]:
    """Where the paragraphs of a text begin and end, without the empty lines between them."""
    found, at = [], 0
    for gap in _GAP.finditer(text):
        found.append((at, gap.start()))
        at = gap.end()
    found.append((at, len(text)))
    return [(start, end) for start, end in found if text[start:end].strip()]


def numbered(place: str, text: str) -> list[tuple[int, int, int]]:
    """The same with the number that each has on the page."""
    spans = spans_of(text)
    is_alone = place != MAIN and len(spans) == 1
    return [(0 if is_alone else number, start, end) for number, (start, end) in enumerate(spans, start=1)]


def paragraph_at(place: str, text: str, offset: int) -> int:
    """The number of the paragraph that something stands in; 0 where it needs none."""
    found = [number for number, start, _end in numbered(place, text) if start <= offset]
    return found[-1] if found else 0


def sheets_of(review: Review, *, as_others: bool) -> list[Sheet]:
    """Every text of the item as its maker sees it; or as it would read once what is left was replaced."""
    names = {entity.uid: entity.pseudonym for entity in review.entities}
    given = sorted({name for name in _given(review) if name}, key=len, reverse=True)
    tokens = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in given)) if given else None
    return [_sheet(text, _marks(text, tokens), names, as_others=as_others) for text in review.texts]


def _sheet(text: TextSeen, marks: Sequence[_Mark], names: Mapping[str, str], *, as_others: bool) -> Sheet:
    paragraphs = [
        Paragraph(
            number,
            start,
            bool(_heading(text, start, end)),
            _drawn(text, start, end, marks, names, as_others=as_others),
        )
        for number, start, end in numbered(text.place, text.text)
    ]
    return Sheet(text.place, text.title, tuple(paragraphs))


def _given(review: Review) -> Iterator[str]:
    """The pseudonyms that stand somewhere in place of somebody."""
    yield from (entity.pseudonym for entity in review.entities if entity.is_named)
    yield from (one.pseudonym for one in review.decided if one.outcome is Outcome.REPLACED)


def _marks(text: TextSeen, tokens: re.Pattern[str] | None) -> list[_Mark]:
    """What is drawn apart in a text, in order and without overlaps; findings go before pseudonyms."""
    marks = [_Mark(hit.start, hit.end, hit) for hit in text.hits]
    if tokens is not None:
        marks += [_Mark(match.start(), match.end(), None) for match in tokens.finditer(text.text)]
    return list(_apart(sorted(marks, key=lambda mark: (mark.start, mark.hit is None))))


def _apart(marks: Iterable[_Mark]) -> Iterator[_Mark]:
    end = 0
    for mark in marks:
        if mark.start >= end:
            yield mark
            end = mark.end


def _drawn(
    text: TextSeen, start: int, end: int, marks: Sequence[_Mark], names: Mapping[str, str], *, as_others: bool
) -> Markup:
    head = _heading(text, start, end)
    parts, at = ([f'<span class="muted fw-normal">{escape(head)}</span>'] if head else []), start + len(head)
    for mark in marks:
        first, last = max(mark.start, at), min(mark.end, end)
        if first >= last:
            continue
        parts.append(str(escape(text.text[at:first])))
        parts.append(_marked(mark, text.text[first:last], names, is_begun=mark.start < start, as_others=as_others))
        at = last
    parts.append(str(escape(text.text[at:end])))
    return Markup("".join(parts))  # noqa: S704 - every part is escaped


def _heading(text: TextSeen, start: int, end: int) -> str:
    """What makes a heading of a paragraph, for whoever writes in Markdown; empty for any other."""
    found = _HEADING.match(text.text, start, end) if text.place == MAIN else None
    return found.group() if found else ""


def _marked(mark: _Mark, words: str, names: Mapping[str, str], *, is_begun: bool, as_others: bool) -> str:
    """What stands in one place. `is_begun`: the finding began in the paragraph before, where its number stands."""
    said, hit = escape(words), mark.hit
    if hit is None:
        return f'<span class="token">{said}</span>'
    if as_others:
        if hit.state is State.OPEN or hit.state is State.ASKED:
            return (
                "" if is_begun else f'<span class="token token-next">{escape(names.get(hit.entity_uid, words))}</span>'
            )
        return str(said)
    if hit.state not in IN_THE_WAY:
        return f'<span class="{"find-kept" if hit.state is State.KEPT else "find-noted"}">{said}</span>'
    card = card_id(hit.entity_uid, hit.state)
    name = "" if is_begun else f' id="h-{hit.finding_uid}"'
    number = "" if is_begun else f'<span class="find-no" aria-hidden="true">{hit.number}</span>'
    return f'<a class="find" href="#{card}"{name} data-of="{card}">{said}</a>{number}'
