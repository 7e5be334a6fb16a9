"""The rows of the hand-in page: what is ready to go in, what is asked of it, and what the rest still lacks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portfolio.assessment.self_check import Question
from portfolio.evidence.queries import ItemRow
from portfolio.mapping.queries import DraftClaim
from portfolio.mapping.rules import in_codes
from portfolio.web.pointing import Stand


@dataclass(frozen=True, slots=True)
class Row:
    """An item; `shows` says what it claims and was not handed in with. `lacking` are (name, criterion id) of claims
    that say nothing; `is_further`: the item was handed in before, and only these claims go in. `stand` is what was
    found in it; what nobody has looked through yet is looked through when it goes in.
    """

    item: ItemRow
    shows: str
    lacking: tuple[tuple[str, int], ...]
    is_further: bool
    questions: tuple[Question, ...]
    stand: Stand | None

    @property
    def is_said(self) -> bool:
        """Whether it is mapped, and every criterion says how."""
        return bool(self.shows) and not self.lacking

    @property
    def is_in_the_way(self) -> bool:
        """Whether what was found in it has to be decided first."""
        return self.stand is not None and not self.stand.is_clear

    @property
    def is_ready(self) -> bool:
        """Whether it can go in."""
        return self.is_said and not self.is_in_the_way

    @property
    def is_revision(self) -> bool:
        """Whether it is a new version of what was marked."""
        return not self.is_further and self.item.no > 1 and self.item.state == "marked"


def rows_of(
    items: Sequence[ItemRow],
    claims: Sequence[DraftClaim],
    questions: Sequence[Question],
    titles: Mapping[int, str],
    stands: Mapping[int, Stand],
) -> list[Row]:
    """Somebody's own drafts, and the items of theirs with further claims, in the order of items; not what is hidden.

    `titles` are those of the units, by enrolment unit; `stands` are by item.
    """
    claimed: dict[int, list[DraftClaim]] = {}
    for claim in claims:
        claimed.setdefault(claim.evidence_id, []).append(claim)
    asked: dict[int, list[Question]] = {}
    for question in questions:
        asked.setdefault(question.item_id, []).append(question)
    return [
        Row(
            item=item,
            shows=in_codes(coded, titles),
            lacking=tuple(
                (in_codes([claim.coded], titles, among=coded), claim.criterion_id)
                for claim in mine
                if not claim.is_explained
            ),
            is_further=not item.is_draft,
            questions=tuple(asked.get(item.evidence_id, ())),
            stand=stands.get(item.evidence_id),
        )
        for item in items
        for mine in [claimed.get(item.evidence_id, [])]
        for coded in [[claim.coded for claim in mine]]
        if not item.is_hidden and (item.is_draft or mine)
    ]
