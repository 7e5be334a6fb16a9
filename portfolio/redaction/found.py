"""What of a content goes when it is redacted: all that was found in it and that nobody keeps, by its pseudonyms."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portfolio.anonymise.findings import Label
from portfolio.anonymise.ordinary import is_ordinary
from portfolio.anonymise.pseudonyms import alike, pseudonym, without_title
from portfolio.centres.settings import settings_of
from portfolio.documents.redaction.plan import MOST_SWAPS, Swap
from portfolio.documents.redaction.spread import spread
from portfolio.errors import InvalidState
from portfolio.evidence.models import Evidence
from portfolio.screening.decided import UNDECIDED, rulings_of, state_of
from portfolio.screening.entities import Entities, Known
from portfolio.screening.models import Finding, Scan
from portfolio.screening.rules import IN_THE_WAY, Outcome, State
from portfolio.screening.texts import texts_of
from portfolio.screening.tokens import token_of

CHANGED = "What was found in this file has changed since. Ask for it again."


@dataclass(frozen=True, slots=True)
class Accepted:
    """What goes out of a content, finding by finding in its order, and how many places of it stay because somebody
    keeps them. `undecided` are those of them that nobody has confirmed yet; `stand_ins` are the pseudonyms of the
    entities that they name, by uid: those that they have, or will have.
    """

    findings: tuple[Finding, ...]
    undecided: tuple[Finding, ...]
    kept: int
    kept_tokens: frozenset[str]
    stand_ins: Mapping[str, str]

    @property
    def goes(self) -> int:
        """In how many places something is replaced."""
        return len(self.findings)

    @property
    def labels(self) -> list[str]:
        """The sorts of what goes."""
        return sorted({row.label.value for row in self.findings})


def accepted_in(session: Session, evidence: Evidence, source: str, entities: Entities | None = None) -> Accepted:
    """All of it in the content of an item with this SHA-256, from what was last found there. Of an item that is hidden
    for personal data, what its maker let stay goes too.
    """
    enrolment = evidence.enrolment
    entities = entities or Entities(session, enrolment)
    rows = session.scalars(
        select(Finding)
        .join(Scan, Scan.id == Finding.scan_id)
        .where(Scan.item_uid == evidence.uid, Scan.source == source)
        .options(joinedload(Finding.entity))
        .order_by(Finding.id)
    ).all()
    ruled, settings = rulings_of(session, [evidence.uid]), settings_of(enrolment.centre.settings)
    states = [
        state_of(row.label, ruled.get((evidence.uid, row.token), UNDECIDED), is_ours=row.is_ours, settings=settings)
        for row in rows
    ]
    going = IN_THE_WAY | {State.KEPT} if evidence.hidden_at is not None else IN_THE_WAY
    findings = [(row, state) for row, state in zip(rows, states, strict=True) if state in going]
    kept = (token for (_item, token), one in ruled.items() if one.outcome is Outcome.KEPT)
    return Accepted(
        findings=tuple(row for row, _state in findings),
        undecided=tuple(row for row, state in findings if state is not State.CONFIRMED),
        kept=sum(state is State.KEPT for state in states if state not in going),
        kept_tokens=frozenset(kept) if State.KEPT not in going else frozenset(),
        stand_ins=_stand_ins(session, evidence, entities, [row for row, _state in findings]),
    )


def _stand_ins(session: Session, evidence: Evidence, entities: Entities, findings: Iterable[Finding]) -> dict[str, str]:
    said = list(texts_of(session, evidence.id).by_place.values()) if findings else []
    last: dict[Label, int] = {}
    found: dict[str, str] = {}
    for row in findings:
        entity = row.entity
        if entity.uid in found:
            continue
        number = entity.number
        if number is None:
            number = last[entity.label] = entities.next_number(entity.label, said, after=last.get(entity.label, 0))
        found[entity.uid] = pseudonym(entity.label, entity.part, number)
    return found


def numbered(session: Session, evidence: Evidence, entities: Entities, accepted: Accepted) -> bool:
    """Give everybody and everything that goes its pseudonym for good; whether persons are known by it who were not."""
    people, said = entities.people, list(texts_of(session, evidence.id).by_place.values())
    for row in accepted.findings:
        known = entities.by_uid(row.entity.uid)
        if known is not None:
            entities.number(known.entity, said)
    session.flush()
    return entities.people != people


def swaps_of(session: Session, evidence: Evidence, accepted: Accepted, texts: Mapping[str, str]) -> tuple[Swap, ...]:
    """What is to go, word for word: what was found in these texts, cut from them, and whatever else these persons and
    things are called, but for what the item keeps. Raises InvalidState when the texts are not those that were looked
    through.
    """
    enrolment = evidence.enrolment
    entities = Entities(session, enrolment)
    swaps: dict[str, Swap] = {}
    named: dict[str, Known] = {}
    for row in accepted.findings:
        words = texts.get(row.place, "")[row.start : row.end]
        if token_of(session, enrolment, row.label, words) != row.token:
            raise InvalidState(CHANGED)
        known = entities.by_uid(row.entity.uid)
        if known is not None:
            named[row.entity.uid] = known
        swaps.setdefault(words, _swap(words, row.entity.label, accepted.stand_ins[row.entity.uid]))
    for uid, known in named.items():
        label = known.entity.label
        for words in _called(known, evidence.uid):
            is_kept = token_of(session, enrolment, label, words) in accepted.kept_tokens
            if not is_kept and entities.meant(label, words, evidence.uid) is known:
                swaps.setdefault(words, _swap(words, label, accepted.stand_ins[uid]))
    whole = spread(swaps.values())
    if len(whole) > MOST_SWAPS:
        raise InvalidState("More was found in this file than can be taken out in one go.")
    return whole


def _called(known: Known, item_uid: str) -> list[str]:
    """Every mention of somebody or something, and of whole names also without a title; what means another one in this
    item is none.
    """
    key = known.key
    here = set(key.here.get(item_uid, ()))
    elsewhere = {words for item, said in key.here.items() if item != item_uid for words in said} - here
    label, said = known.entity.label, [*key.mentions, *key.marked]
    if label is Label.PERSON:
        said += [name for words in said if " " in (name := without_title(words))]
    return [words for words in dict.fromkeys(said) if alike(label, words) not in elsewhere]


def _swap(words: str, label: Label, stand_in: str) -> Swap:
    return Swap(words, stand_in, label.value, is_ordinary(label, words))
