"""Claims that the notes of a record make, so that whoever writes them maps as they write.

A claim follows the notes for as long as it says what they say; what somebody wrote on the mapping page stays.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from portfolio.accounts.actors import Actor
from portfolio.enrolment.queries import OwnCriterion, criteria_of
from portfolio.errors import Rejected
from portfolio.evidence.actions import draft_of
from portfolio.evidence.models import Evidence
from portfolio.evidence.notes import Note, Pair, notes_of
from portfolio.mapping.actions import Wanted, map_to
from portfolio.mapping.queries import ClaimText, claims_of
from portfolio.mapping.rules import ANNOTATION_MOST, PLACE_MOST

NOTHING = ClaimText("", "")


def claim_from_notes(session: Session, actor: Actor, evidence: Evidence, *, before: Sequence[Note] = ()) -> None:
    """Have the draft's claims follow its notes, which were `before` until now.

    Every criterion that they name is claimed. One that they name no more is let go, unless something else was written
    for it. Raises Rejected for a criterion that is not of the learner's units.
    """
    draft = draft_of(evidence)
    own = criteria_of(session, evidence.enrolment_id)
    now, earlier = _said(own, notes_of(draft.notes)), _said(own, before)
    _check_known(own, notes_of(draft.notes))
    kept = claims_of(session, draft.id)
    wanted = []
    for criterion in own:
        text = _text(kept.get(criterion.id), now.get(criterion.id), earlier.get(criterion.id, NOTHING))
        if text is not None:
            wanted.append(Wanted(criterion.enrolment_unit_id, criterion.id, text.annotation, text.place))
    map_to(session, actor, evidence, wanted=wanted)


def _text(kept: ClaimText | None, now: ClaimText | None, earlier: ClaimText) -> ClaimText | None:
    """What a claim is to say; None for one that is not to be."""
    if kept is None or now is None:
        return now if kept is None or kept == earlier else kept
    return ClaimText(
        now.annotation if kept.annotation in {"", earlier.annotation} else kept.annotation,
        now.place if kept.place in {"", earlier.place} else kept.place,
    )


def _check_known(own: Sequence[OwnCriterion], notes: Sequence[Note]) -> None:
    known = {(criterion.unit_code, criterion.code) for criterion in own}
    for number, note in enumerate(notes, start=1):
        for unit, code in note.criteria:
            if (unit, code) not in known:
                raise Rejected(f"Line {number}: {unit} {code} is no criterion of the {{learner}}’s {{units}}.", "notes")


def _said(own: Sequence[OwnCriterion], notes: Sequence[Note]) -> dict[int, ClaimText]:
    """What the notes say of each criterion that they name, by its id."""
    by_pair: dict[Pair, list[Note]] = {}
    for note in notes:
        for pair in note.criteria:
            by_pair.setdefault(pair, []).append(note)
    return {
        criterion.id: composed(by_pair[criterion.unit_code, criterion.code])
        for criterion in own
        if (criterion.unit_code, criterion.code) in by_pair
    }


def composed(notes: Sequence[Note]) -> ClaimText:
    """The annotation and the place of a claim: what these lines say, and when; as much of both as there is room for."""
    lines = [f"{f'{note.at}: ' if note.at else ''}{f'“{note.ask}” ' if note.ask else ''}{note.said}" for note in notes]
    place = _fitting([note.at for note in notes if note.at], ", ", PLACE_MOST)
    return ClaimText(_fitting([line.strip() for line in lines], "\n", ANNOTATION_MOST), place)


def _fitting(parts: Iterable[str], between: str, most: int) -> str:
    text = between.join(parts)
    if len(text) <= most:
        return text
    whole = text[: most - 1].rpartition(between)[0]
    return f"{(whole or text[: most - 1]).rstrip()}…"
