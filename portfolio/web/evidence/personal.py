"""What of an item's own words may point to a real person, for whoever writes them. It warns, and holds nothing back."""

from collections.abc import Sequence
from dataclasses import dataclass

from portfolio.anonymise.findings import LABEL_WORDS, Known
from portfolio.anonymise.together import Placed, look_through
from portfolio.assessment.learner_queries import ClaimSeen
from portfolio.evidence.models import EvidenceVersion
from portfolio.evidence.notes import notes_of


@dataclass(frozen=True, slots=True)
class Pointing:
    """One person or thing: the words that name it, what they are, where they stand, and why they were noticed."""

    words: tuple[str, ...]
    kind: str
    places: tuple[str, ...]
    reason: str


def pointing_in(version: EvidenceVersion, files: Sequence[str], claims: Sequence[ClaimSeen]) -> list[Pointing]:
    """Who and what is named in the words of a version, the names of its `files`, and what its `claims` say.

    The learner and whoever made the item are not: their names are in the portfolio as it is.
    """
    evidence = version.evidence
    ours = (evidence.author.name, evidence.enrolment.learner.name)
    return _gathered(look_through(_texts(version, files, claims), Known(leave_alone=ours)))


def _texts(version: EvidenceVersion, files: Sequence[str], claims: Sequence[ClaimSeen]) -> dict[str, str]:
    """All that was written, by where it stands."""
    notes = "\n".join(f"{note.ask}\n{note.said}" for note in notes_of(version.notes))
    texts = {
        "title": version.title,
        "context": version.context,
        "part in it": version.role,
        "text": version.body,
        "lines": notes,
        "where it is kept": "\n".join(version.custody.values()),
        "names of files": "\n".join(files),
    }
    return texts | {f"how it meets {claim.code}": claim.annotation for claim in claims}


def _gathered(placed: Sequence[Placed]) -> list[Pointing]:
    by_entity: dict[str, list[Placed]] = {}
    for one in placed:
        by_entity.setdefault(one.finding.entity, []).append(one)
    return [
        Pointing(
            words=tuple(dict.fromkeys(one.words for one in found)),
            kind=_in_a_sentence(LABEL_WORDS[found[0].finding.label]),
            places=tuple(dict.fromkeys(one.place for one in found)),
            reason=found[0].finding.reason,
        )
        for found in by_entity.values()
    ]


def _in_a_sentence(words: str) -> str:
    """With a small first letter, unless its first word is an abbreviation."""
    return words if words[:2].isupper() else words[0].lower() + words[1:]
