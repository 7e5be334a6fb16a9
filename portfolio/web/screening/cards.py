"""What is to decide, one card for each person or thing: its mentions in words, and what may be done about them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from portfolio.anonymise.findings import Label
from portfolio.anonymise.pseudonyms import PART_WORDS, Part, alike
from portfolio.screening.review_queries import ContentSeen, EntitySeen, Hit, Review, TextSeen
from portfolio.screening.rules import State
from portfolio.web.screening.sheet import MAIN, card_id, paragraph_at
from portfolio.web.sorts import icon_of, kind_of, times, who_or_what

NAMES, NAMES_IN_LISTS = 3, 2
"""How many of its mentions name a card, and a line in a list."""
OTHERS_MOST = 100
"""How many others a card offers to be made one with, beside the likely ones."""
SURE, LIKELY = 0.95, 0.8
_QUOTED = re.compile(r"'([^']*)'")
ORDER = (State.OPEN, State.CONFIRMED, State.ASKED)
"""In this order they stand on the page: what is to do first."""


@dataclass(frozen=True, slots=True)
class Line:
    """One mention: its words, where they stand, what they were taken for, how surely and why.

    `before` and `after` stand beside them in a file.
    """

    finding: str
    number: int
    words: str
    before: str
    after: str
    where: str
    how: str
    url: str


@dataclass(frozen=True, slots=True)
class Card:
    """One person or thing in the item's own texts or in one file, as far as it stands in one way.

    `choices` are the pseudonyms that it may have, by part; `same` others that it may be. `may_replace`: its words can
    still be rewritten here. `may_split`: it is named in more than one way.
    """

    id: str
    entity: str
    label: Label
    icon: str
    name: str
    what: str
    state: State
    lines: tuple[Line, ...]
    pseudonym: str
    part: Part
    choices: tuple[tuple[str, str], ...]
    same: tuple[tuple[str, str], ...]
    is_named: bool
    is_person: bool
    is_in_file: bool
    may_replace: bool
    may_split: bool


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file of the item: how far the looking through of it is, and what is to decide in it."""

    id: int
    uid: str
    name: str
    url: str
    content: ContentSeen
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Cards:
    """What is to decide in the item's own texts and in its files; and what is only to be known."""

    own: tuple[Card, ...]
    files: tuple[FileShown, ...]
    noted: tuple[Card, ...]

    @property
    def open(self) -> list[Card]:
        """What the person who looks can decide now, in the order of the page."""
        return [card for card in (*self.own, *self.in_files) if card.state is State.OPEN]

    @property
    def in_files(self) -> list[Card]:
        """The cards of all files."""
        return [card for file in self.files for card in file.cards]


def cards_of(review: Review, page_of: Callable[[int], str]) -> Cards:
    """All of the page's cards; `page_of` gives the address where a file is seen, by its id."""
    texts, names = {text.place: text for text in review.texts}, _names(review)
    found: dict[str, list[Hit]] = {}
    for hit in (hit for text in review.texts for hit in text.hits):
        found.setdefault(hit.entity_uid, []).append(hit)
    own, noted = [], []
    for entity in review.entities:
        hits = found.get(entity.uid, [])
        for state in ORDER:
            if of_state := [hit for hit in hits if hit.state is state]:
                may = any(texts[hit.place].may_replace for hit in of_state)
                own.append(_card(entity, state, [_own_line(hit, texts) for hit in of_state], names, may_replace=may))
        if warned := [hit for hit in hits if hit.state is State.WARNS]:
            lines = [_own_line(hit, texts) for hit in warned]
            may = any(texts[hit.place].may_replace for hit in warned)
            noted.append(_card(entity, State.WARNS, lines, names, may_replace=may))
    own.sort(key=lambda card: (ORDER.index(card.state), card.lines[0].number))
    files = tuple(_file(content, review, names, page_of(content.file_id)) for content in review.contents)
    return Cards(tuple(own), files, tuple(noted))


def _file(content: ContentSeen, review: Review, names: Mapping[Label, Mapping[str, str]], url: str) -> FileShown:
    entities = {entity.uid: entity for entity in review.entities}
    waiting = sorted((hit for hit in content.hits if hit.state in ORDER), key=lambda hit: (hit.entity_uid, hit.state))
    cards = []
    for (uid, state), hits in groupby(waiting, key=lambda hit: (hit.entity_uid, hit.state)):
        if uid in entities:
            lines = [_line(hit, "", f"{url}#file-{content.file_id}-{hit.place}") for hit in hits]
            cards.append(_card(entities[uid], state, lines, names, file=content.uid))
    cards.sort(key=lambda card: (ORDER.index(card.state), card.lines[0].number))
    return FileShown(content.file_id, content.uid, content.name, url, content, tuple(cards))


def _card(
    entity: EntitySeen,
    state: State,
    lines: Sequence[Line],
    names: Mapping[Label, Mapping[str, str]],
    *,
    file: str = "",
    may_replace: bool = False,
) -> Card:
    is_person = entity.label is Label.PERSON
    words = tuple(dict.fromkeys(line.words for line in lines))
    return Card(
        id=card_id(entity.uid, state, file),
        entity=entity.uid,
        label=entity.label,
        icon=icon_of(entity.label, entity.part),
        name=", ".join(words[:NAMES]) + (" and more" if len(words) > NAMES else ""),
        what=f"{who_or_what(entity.label, entity.part)}, {times(len(lines))}",
        state=state,
        lines=tuple(lines),
        pseudonym=entity.pseudonym,
        part=entity.part,
        choices=choices_of(entity) if is_person and not entity.is_named else (),
        same=_same(entity, names.get(entity.label, {})),
        is_named=entity.is_named,
        is_person=is_person,
        is_in_file=bool(file),
        may_replace=may_replace,
        may_split=not file and len({alike(entity.label, one) for one in words}) > 1,
    )


def choices_of(entity: EntitySeen) -> tuple[tuple[str, str], ...]:
    """Each part that somebody may have, with the pseudonym that comes of it: its letter is the same."""
    letter = entity.pseudonym.rpartition(" ")[2]
    return tuple((part.value, f"{word} {letter}") for part, word in PART_WORDS.items())


def _same(entity: EntitySeen, names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Whom or what else it may be: the likely ones first, then who has a pseudonym, then the others of the page."""
    likely = {
        uid: f"{names.get(uid) or ', '.join(words[:NAMES_IN_LISTS])}, likely" for uid, words in entity.likely_same
    }
    others = ((uid, called) for uid, called in names.items() if uid != entity.uid and uid not in likely)
    return (*likely.items(), *islice(others, OTHERS_MOST))


def _names(review: Review) -> dict[Label, dict[str, str]]:
    """What everybody and everything of the page is called in a list, by what it is: those with a pseudonym first."""
    found: dict[Label, dict[str, str]] = {}
    for one in review.named:
        names = ", ".join(one.words[:NAMES_IN_LISTS])
        found.setdefault(one.label, {})[one.uid] = f"{one.pseudonym} ({names})" if names else one.pseudonym
    for other in review.entities:
        found.setdefault(other.label, {}).setdefault(other.uid, ", ".join(other.words[:NAMES_IN_LISTS]))
    return found


def _own_line(hit: Hit, texts: Mapping[str, TextSeen]) -> Line:
    text = texts[hit.place]
    number = paragraph_at(hit.place, text.text, hit.start)
    title = "" if hit.place == MAIN else text.title[:1].lower() + text.title[1:]
    where = " ".join(filter(None, (title, f"¶{number}" if number else "")))
    return _line(hit, where, f"#h-{hit.finding_uid}")


def _line(hit: Hit, where: str, url: str) -> Line:
    reason = _QUOTED.sub(r"‘\1’", hit.reason)
    how = f"{kind_of(hit.label)}, {how_sure(hit.confidence)}: {reason}"
    return Line(hit.finding_uid, hit.number, hit.words, hit.before, hit.after, where, how, url)


def how_sure(confidence: float) -> str:
    """In a word. The product is never certain."""
    if confidence >= SURE:
        return "almost certain"
    return "likely" if confidence >= LIKELY else "perhaps"
