"""Coverage as the queries read it is the pure function over every row of the database, read one by one."""

from collections import defaultdict
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.assessment.models import Judgement
from portfolio.assessment.queries import coverage_of, live_claims, standings, tallies
from portfolio.criteria.models import Criterion
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import EvidenceVersion
from portfolio.mapping.coverage import Claimed, Judged, Standing, State, standing_of, tally_of
from portfolio.mapping.models import Claim
from tests.assessment import portfolios
from tests.cast import Cast

UNIT = "HRCC"


def by_hand(session: Session, enrolment_id: int) -> dict[tuple[int, int], Standing]:
    """Every claim of an enrolment, row by row, without a single join."""
    versions = {v.id: v for v in session.scalars(select(EvidenceVersion))}
    current: dict[int, int] = {}
    for version in versions.values():
        if version.is_handed_in:
            current[version.evidence_id] = max(current.get(version.evidence_id, 0), version.no)
    cells: dict[tuple[int, int], list[Claimed]] = defaultdict(list)
    for claim in session.scalars(select(Claim)):
        version = versions[claim.evidence_version_id]
        if version.evidence.enrolment_id != enrolment_id:
            continue
        is_current = version.is_handed_in and version.no == current[version.evidence_id]
        judged = [
            Judged(j.no, j.outcome, j.effective_at is not None)
            for j in session.scalars(select(Judgement).where(Judgement.claim_id == claim.id))
        ]
        cells[claim.enrolment_unit_id, claim.criterion_id].append(
            Claimed(version.evidence_id, is_current and claim.submission_id is not None, tuple(judged))
        )
    found = {cell: standing_of(claims) for cell, claims in cells.items()}
    return {cell: standing for cell, standing in found.items() if standing.state is not State.GAP}


@pytest.mark.parametrize("seed", range(10))
def test_standings_are_the_pure_function_over_the_rows(cast: Cast, session: Session, seed: int) -> None:
    random, everybody = Random(seed), {}
    for name in ("amina", "ben"):
        enrolment = session.get_one(Enrolment, cast.enrolments[name])
        portfolios.fill(session, random, enrolment, cast.people["marguerite"])
        everybody[enrolment.id] = by_hand(session, enrolment.id)
        assert standings(live_claims(session, [enrolment.id])) == everybody[enrolment.id]
        assert standings(live_claims(session, [enrolment.id], unit_code=UNIT)) == everybody[enrolment.id]
    check_reports(session, everybody)


def check_reports(session: Session, everybody: dict[int, dict[tuple[int, int], Standing]]) -> None:
    """The sums of an enrolment and its units say the same."""
    criteria = len(session.scalars(select(Criterion.id).where(Criterion.unit_version_id == 1)).all())
    expected = {
        id_: tally_of([*found.values(), *[Standing(State.GAP)] * (criteria - len(found))])
        for id_, found in everybody.items()
    }
    assert tallies(session, list(everybody)) == expected
    for id_, found in everybody.items():
        (unit,) = coverage_of(session, id_)
        assert unit.tally == expected[id_]
        assert {c.criterion.id: c.standing for c in unit.criteria if c.claims} == {
            criterion: standing for (_unit, criterion), standing in found.items()
        }
