"""What is packed of a unit's claims is what its rows say, read one by one."""

from collections.abc import Iterable, Sequence
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.assessment import progress
from portfolio.assessment.matrix_queries import AWAITING, CLAIMED, DRAFT, Packed, keys_of, unpacked
from portfolio.assessment.models import Judgement, UnitMatrix, UnitProgress
from portfolio.criteria.models import Criterion
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.evidence.rules import HIDDEN
from portfolio.mapping.models import Claim
from tests.assessment import portfolios
from tests.cast import Cast

Seen = set[tuple[int, int, str, str]]
"""Criterion, item, what is said and where."""


def said_of(session: Session, claim: Claim) -> str:
    """By the newest judgement alone."""
    newest = session.scalars(
        select(Judgement).where(Judgement.claim_id == claim.id).order_by(Judgement.no.desc()).limit(1)
    ).first()
    if newest is None:
        return CLAIMED
    return newest.outcome.value if newest.effective_at is not None else AWAITING


def by_hand(session: Session, unit: EnrolmentUnit) -> tuple[Seen, Seen]:
    """What was handed in, and the drafts beside it."""
    handed_in: Seen = set()
    drafts: Seen = set()
    for claim in session.scalars(select(Claim).where(Claim.enrolment_unit_id == unit.id)):
        version, item = claim.version, claim.version.evidence
        place = "" if item.hidden_at else claim.place
        if claim.submission_id is not None and version is item.current:
            handed_in.add((claim.criterion_id, item.id, said_of(session, claim), place))
        if claim.submission_id is None and item.trashed_at is None and (version.is_draft or version is item.current):
            drafts.add((claim.criterion_id, item.id, DRAFT, place))
    return handed_in, {one for one in drafts if one[:2] not in {there[:2] for there in handed_in}}


def in_words(packed: Packed, criteria: list[int]) -> tuple[Seen, Seen]:
    """The same of what is kept."""

    def seen(rows: Iterable[tuple[int, Sequence[int]]]) -> Seen:
        looks = [(criteria[row], *packed.looks[look]) for row, found in rows for look in found]
        return {(one, packed.items[item].evidence_id, said, place) for one, item, said, place in looks}

    looks = {key: looks for key, (_letter, looks) in zip(keys_of(packed.rows), packed.rows, strict=False)}
    return seen(enumerate(looks[key] for key in packed.criteria)), seen(packed.drafts.items())


@pytest.mark.parametrize("seed", range(6))
def test_it_is_what_the_rows_say(cast: Cast, session: Session, seed: int) -> None:
    random = Random(seed)
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    portfolios.fill(session, random, enrolment, cast.people["marguerite"], items=8)
    for item in session.scalars(select(Evidence).where(Evidence.enrolment_id == enrolment.id)):
        item.hidden_at = random.choice([None, None, clock.now()])
        item.trashed_at = random.choice([None, None, clock.now()])
    session.expire_all()
    progress.put(session, [enrolment.id])
    [unit] = enrolment.units
    packed = unpacked(session.get_one(UnitMatrix, unit.id, populate_existing=True).packed, 17)
    criteria = list(
        session.scalars(
            select(Criterion.id).where(Criterion.unit_version_id == unit.unit_version_id).order_by(Criterion.position)
        )
    )
    handed_in, drafts = by_hand(session, unit)
    assert in_words(packed, criteria) == (handed_in, drafts)
    assert len(packed.rows) == len({(letter, tuple(looks)) for letter, looks in packed.rows})
    where = dict(zip(keys_of(packed.rows), [letter for letter, _looks in packed.rows], strict=False))
    states = session.get_one(UnitProgress, unit.id, populate_existing=True).states
    assert "".join([where[key] for key in packed.criteria]) == states
    assert [item.evidence_id for item in packed.items] == sorted({one[1] for one in handed_in | drafts})
    for kept in packed.items:
        evidence = session.get_one(Evidence, kept.evidence_id)
        assert kept.claimed == len({one[0] for one in handed_in if one[1] == evidence.id})
        assert (kept.ref, kept.method, kept.author_id) == (evidence.ref, evidence.method.value, evidence.author_id)
        assert (kept.title == HIDDEN) == kept.is_hidden == (evidence.hidden_at is not None)
    assert progress.differences(session) == []


def test_the_title_is_that_of_what_counts(cast: Cast, session: Session) -> None:
    """Whatever its author calls the next version meanwhile."""
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    evidence = session.scalars(
        select(Evidence).where(Evidence.enrolment_id == enrolment.id, Evidence.ref == "E001")
    ).one()
    assert evidence.current is not None
    later = EvidenceVersion(evidence_id=evidence.id, no=9, title="Called otherwise", created_at=clock.now())
    session.add(later)
    session.flush()
    [unit] = enrolment.units
    criterion = session.scalars(select(Criterion.id).where(Criterion.code == "4.2")).first()
    session.add(
        Claim(evidence_version_id=later.id, enrolment_unit_id=unit.id, criterion_id=criterion, created_at=clock.now())
    )
    progress.put(session, [enrolment.id])
    packed = unpacked(session.get_one(UnitMatrix, unit.id, populate_existing=True).packed, 17)
    assert [item.title for item in packed.items if item.ref == "E001"] == [evidence.current.title]


def test_where_nothing_is_claimed_nothing_is_kept(cast: Cast, session: Session) -> None:
    ben = session.get_one(Enrolment, cast.enrolments["ben"])
    assert session.scalars(select(UnitMatrix).where(UnitMatrix.enrolment_id == ben.id)).all() == []
    assert unpacked(None, 2) == Packed((), (), (("G", ()),), "AA", {}, is_aside=False)
