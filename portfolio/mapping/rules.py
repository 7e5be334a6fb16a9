"""Where a claim comes from, what it must say, how many one item can carry, and how their criteria are named. Pure."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

ANNOTATION_MOST = 2_000
PLACE_MOST = 120

CLAIMS_BELIEVED = 12
"""How many criteria most assessors believe of one item. A rich item shows a good part of a unit and a little of others;
beyond a dozen it is mostly claimed for whatever is left, and each claim is read with less trust. Said, never enforced.
"""


class Origin(StrEnum):
    """Who claims: the learner, or an assessor, for a record that they made themselves."""

    LEARNER = "learner"
    ASSESSOR = "assessor"


class Outcome(StrEnum):
    """What an assessor decides on one claim. There are no grades."""

    MET = "met"
    NOT_YET_MET = "not_yet_met"
    INSUFFICIENT = "insufficient"


OUTCOME_WORDS = {Outcome.MET: "Met", Outcome.NOT_YET_MET: "Not yet met", Outcome.INSUFFICIENT: "Insufficient"}


class Coded(NamedTuple):
    """A criterion by its unit in an enrolment and its code, which other units of the enrolment may have as well."""

    unit_id: int
    code: str


def in_codes(criteria: Iterable[Coded], titles: Mapping[int, str], *, among: Iterable[Coded] = ()) -> str:
    """Criteria in words: 1.1, 1.2; and with the unit before its own once they are of several units, as in Resolve
    customers' problems 1.1, 1.2; Monitor problems 2.1.

    `among` is everything that the same item shows: where that is of several units, one alone is named as well. `titles`
    are by enrolment unit.
    """
    codes: dict[int, list[str]] = {}
    for unit_id, code in criteria:
        codes.setdefault(unit_id, []).append(code)
    if len(codes.keys() | {one.unit_id for one in among}) > 1:
        return "; ".join([f"{titles[unit_id]} {', '.join(own)}" for unit_id, own in codes.items()])
    return ", ".join([code for own in codes.values() for code in own])
