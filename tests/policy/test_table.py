"""The table of permissions against what was written by hand: for each permission and object, who may.

Both faces are asked: `can` of the row, and whether `visible` selects it. This is on SQLite; on random worlds both
engines are asked, in tests/policy/test_two_faces.py.
"""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.assessment.models import SubmissionItem
from portfolio.criteria.models import Criterion
from portfolio.enrolment.models import Allocation, Enrolment, EnrolmentUnit
from portfolio.enrolment.rules import Duty
from portfolio.mapping.models import Claim
from portfolio.policy.checks import can, visible
from portfolio.policy.permissions import Permission
from portfolio.policy.table import TABLE
from tests.policy.estate import VIEWS, Estate

ASSESSORS = "assessor trainee countersigner"
EVERYBODY = f"owner {ASSESSORS} iqa eqa administrator"
"""Who has to do with amina: all but ben, the other learner."""

MAY: dict[str, dict[str, str]] = {
    "centre.see_people": {"harrow dale": "administrator", "other side": ""},
    "centre.manage_people": {"harrow dale": "administrator", "other side": ""},
    "centre.change": {"harrow dale": "administrator", "other side": ""},
    "centre.answer_overrides": {"harrow dale": "administrator", "other side": ""},
    "centre.manage_cohorts": {"harrow dale": "administrator", "other side": ""},
    "person.see": {"amina": "administrator", "ada": "administrator", "vera": "administrator", "olga": "", "odette": ""},
    "person.manage": {"amina": "administrator", "marguerite": "administrator", "olga": "", "odette": ""},
    "centre.see_coverage": {"harrow dale": f"{ASSESSORS} iqa eqa administrator", "other side": ""},
    "centre.see_criteria": {"harrow dale": f"{ASSESSORS} iqa eqa administrator", "other side": ""},
    "centre.load_criteria": {"harrow dale": "administrator", "other side": ""},
    "centre.mark": {"harrow dale": ASSESSORS, "other side": ""},
    "centre.see_trail": {"harrow dale": "iqa administrator", "other side": ""},
    "centre.bring_in": {"harrow dale": "administrator", "other side": ""},
    "arriving_draft.change": {
        "checked": "administrator",
        "working": "administrator",
        "refused": "administrator",
        "theirs": "",
    },
    "centre.see_bundles": {"harrow dale": "iqa eqa administrator", "other side": ""},
    "centre.make_visit": {"harrow dale": "iqa administrator", "other side": ""},
    "centre.make_bundle": {"harrow dale": "administrator", "other side": ""},
    "cohort.manage": {"spring": "administrator", "over": "administrator", "theirs": ""},
    "enrolment.see": {
        "amina": EVERYBODY,
        "ben": "learner assessor iqa administrator",
        "cara": "iqa administrator",
        "olga": "",
    },
    "enrolment.add_evidence": {"amina": "owner", "ben": "learner", "cara": "", "olga": ""},
    "enrolment.add_record": {"amina": "assessor trainee", "ben": "assessor", "cara": "", "olga": ""},
    "enrolment.send_files": {"amina": "owner assessor trainee", "ben": "learner assessor", "cara": "", "olga": ""},
    "enrolment.choose_units": {
        "amina": "assessor trainee administrator",
        "ben": "assessor administrator",
        "cara": "administrator",
        "olga": "",
    },
    "enrolment_unit.see": {
        "amina": EVERYBODY,
        "ben": "learner assessor iqa administrator",
        "cara": "iqa administrator",
        "olga": "",
    },
    "enrolment_unit.sign_off": {"amina": "assessor", "ben": "assessor", "cara": "", "olga": ""},
    "enrolment_unit.reopen": {
        "amina": "assessor iqa administrator",
        "ben": "assessor iqa administrator",
        "cara": "iqa administrator",
        "olga": "",
    },
    "enrolment.submit": {"amina": "owner", "ben": "learner", "cara": "", "olga": ""},
    "enrolment.change": {"amina": "administrator", "ben": "administrator", "cara": "administrator", "olga": ""},
    "enrolment.allocate": {"amina": "administrator", "ben": "administrator", "cara": "administrator", "olga": ""},
    "enrolment.put_in_cohort": {"amina": "administrator", "ben": "administrator", "cara": "administrator", "olga": ""},
    "enrolment.make_book": {
        "amina": f"owner {ASSESSORS} iqa administrator",
        "ben": "learner assessor iqa administrator",
        "cara": "iqa administrator",
        "olga": "",
    },
    "enrolment.make_bundle": {
        "amina": f"owner {ASSESSORS} iqa administrator",
        "ben": "learner assessor iqa administrator",
        "cara": "iqa administrator",
        "olga": "",
    },
    "evidence.see": {
        "amina E001": EVERYBODY,
        "amina E002": EVERYBODY,
        "amina E003": "owner",
        "amina E007": "owner",
        "amina E008": EVERYBODY,
        "amina E010": "owner administrator",
        "amina E011": "assessor",
        "amina E014": "owner",
        "amina E015": EVERYBODY,
        "amina E016": "assessor administrator",
        "cara E001": "iqa administrator",
        "cara E002": "",
        "olga E001": "",
    },
    "evidence.sight": {
        "amina E013": f"{ASSESSORS} iqa",
        "amina E001": f"{ASSESSORS} iqa",
        "amina E003": "",
        "amina E010": "",
        "amina E011": "",
        "cara E001": "iqa",
        "olga E001": "",
    },
    "evidence.hide": {
        "amina E001": f"owner {ASSESSORS} iqa administrator",
        "amina E003": "",
        "amina E007": "owner",
        "amina E010": "",
        "amina E011": "",
        "cara E001": "iqa administrator",
        "olga E001": "",
    },
    "evidence.mend": {
        "amina E001": "",
        "amina E010": "owner administrator",
        "amina E016": "assessor administrator",
        "cara E001": "",
        "olga E001": "",
    },
    "evidence.show_again": {
        "amina E001": "",
        "amina E010": "iqa administrator",
        "amina E016": "owner administrator",
        "cara E001": "",
        "olga E001": "",
    },
    "finding_decision.answer": {"amina": "administrator", "olga": ""},
    "import_draft.change": {"ada": "administrator", "vera": "", "odette": ""},
    "notice.see": {"amina": "owner", "marguerite": "assessor", "olga": ""},
    "sign_in_session.end": {"amina": "owner", "marguerite": "assessor"},
    "feedback_stem.change": {"marguerite": "assessor", "tobias": "trainee"},
    "waiting_file.remove": {"amina": "owner", "olga": ""},
    "qualification_version.see": {"amina": f"{ASSESSORS} iqa eqa administrator"},
    "unit_version.see": {"amina": f"{ASSESSORS} iqa eqa administrator"},
    "evidence.change": {
        "amina E001": "owner",
        "amina E003": "owner",
        "amina E010": "owner",
        "amina E011": "assessor",
        "amina E015": "assessor",
        "cara E001": "",
        "cara E002": "",
        "olga E001": "",
    },
    "file.download": {
        "amina E001 v1": EVERYBODY,
        "amina E007 v1": "owner",
        "amina E007 v2": "owner",
        "amina E008 v1": EVERYBODY,
        "amina E008 v2": "owner",
        "amina E009 v1": "owner",
        "amina E010 v1": "owner administrator",
        "cara E001 v1": "iqa administrator",
        "olga E001 v1": "",
    },
    "file.remove": {"amina E001 v1": "owner", "amina E009 v1": "owner", "cara E001 v1": "", "olga E001 v1": ""},
    "file.redact": {
        "amina E001 v1": "owner",
        "amina E009 v1": "owner",
        "amina E010 v1": "owner administrator",
        "amina E008 v2": "owner",
        "cara E001 v1": "",
        "olga E001 v1": "",
    },
    "redaction.hold": {"amina": "owner", "olga": ""},
    "submission.see": {"amina E002": "owner", "amina E015": "assessor", "cara E001": "", "olga E001": ""},
    "submission.withdraw": {"amina E002": "owner", "amina E015": "assessor", "cara E001": "", "olga E001": ""},
    "item.see": {
        "amina E001": ASSESSORS,
        "amina E002": ASSESSORS,
        "amina E006": ASSESSORS,
        "amina E007": "",
        "amina E010": "",
        "cara E001": "",
        "olga E001": "",
    },
    "item.mark": {
        "amina E002": "assessor trainee",
        "amina E007": "",
        "amina E010": "",
        "amina E015": "assessor trainee",
        "cara E001": "",
        "olga E001": "",
    },
    "item.countersign": {"amina E006": "countersigner", "amina E007": "", "cara E001": "", "olga E001": ""},
    "kept_bundle.see": {
        "amina": f"owner {ASSESSORS} iqa administrator",
        "amina unfinished": f"owner {ASSESSORS} iqa administrator",
        "cara": "iqa administrator",
        "olga": "",
        "visit": "iqa eqa administrator",
        "visit of two": "iqa administrator",
        "centre": "administrator",
        "theirs": "",
    },
    "kept_bundle.make": {
        "amina": f"owner {ASSESSORS} iqa administrator",
        "cara": "iqa administrator",
        "olga": "",
        "visit": "iqa administrator",
        "visit of two": "iqa administrator",
        "centre": "administrator",
        "theirs": "",
    },
    "kept_bundle.remove": {
        "amina": "owner administrator",
        "amina unfinished": "assessor administrator",
        "cara": "administrator",
        "olga": "",
        "visit": "iqa administrator",
        "visit of two": "administrator",
        "centre": "administrator",
        "theirs": "",
    },
    "bundle_part.see": {
        "amina": f"owner {ASSESSORS} iqa administrator",
        "visit": f"owner {ASSESSORS} iqa administrator",
        "cara": "iqa administrator",
        "olga": "",
    },
    "book.see": {
        "amina": EVERYBODY,
        "amina unfinished": EVERYBODY,
        "amina held": EVERYBODY,
        "cara": "iqa administrator",
        "olga": "",
    },
}
"""Amina's E003 and E009 are drafts, E007 was withdrawn, E008 is marked and open for a second version, E010 is hidden
because a customer's name was found in it, E011 is a record of marguerite's that is not finished, E013 is held
elsewhere, E014 lies in the trash, E015 is a record that marguerite put on record, E016 another one, which amina hid
because of a name in it. Cara is at Harrow Dale, where nobody
of the views is allocated to her; olga is at Other Side."""


def row_of(session: Session, estate: Estate, permission: Permission, name: str) -> Any:
    """The object that the table means."""
    model = TABLE[permission].model
    if model.__tablename__ == "centre":
        return session.get_one(model, estate.cast.homes["ada" if name == "harrow dale" else "odette"])
    return session.get_one(model, estate.ids[f"{model.__tablename__}_id"][name])


def may(session: Session, actor: Actor, permission: Permission, row: Any) -> bool:
    """What both faces say; they must say the same."""
    is_visible = row in session.scalars(visible(actor, permission)).all()
    assert can(actor, permission, row) is is_visible
    return is_visible


def test_every_permission_is_in_the_table() -> None:
    assert set(MAY) == {permission.value for permission in Permission}


@pytest.mark.parametrize("permission", Permission)
def test_who_may(estate: Estate, permission: Permission) -> None:
    views = {view: name for view, name in VIEWS.items() if view not in {"anonymous", "disabled"}}
    with estate.installation.database.reading() as session:
        actors = {view: estate.cast.actor(name, session) for view, name in views.items()}
        for name, expected in MAY[permission.value].items():
            row = row_of(session, estate, permission, name)
            found = {view for view, actor in actors.items() if may(session, actor, permission, row)}
            assert found == set(expected.split()), name


@pytest.mark.parametrize("permission", [Permission.ITEM_MARK, Permission.ITEM_COUNTERSIGN])
def test_nobody_judges_their_own_work_even_where_they_were_allocated_to_it(
    estate: Estate, permission: Permission
) -> None:
    """No action makes such a row, so it is made outright; it is rolled back."""
    duty = Duty.ASSESS if permission is Permission.ITEM_MARK else Duty.COUNTERSIGN
    with estate.installation.database.writing() as session:
        item = session.get_one(SubmissionItem, estate.ids["submission_item_id"]["amina E002"])
        marguerite = estate.cast.actor("marguerite", session)
        enrolment_id = estate.cast.enrolments["amina"]
        learner = replace(marguerite, person_id=estate.cast.people["amina"])
        _allocate(session, enrolment_id, learner.person_id, duty)
        assert may(session, learner, Permission.ENROLMENT_SEE, session.get_one(Enrolment, enrolment_id))
        assert not may(session, learner, permission, item)
        _allocate(session, enrolment_id, marguerite.person_id, duty)
        assert may(session, marguerite, permission, item)
        item.version.evidence.author_id = marguerite.person_id
        session.flush()
        assert not may(session, marguerite, permission, item)


def test_a_trainee_never_countersigns_even_where_they_were_allocated_to_it(estate: Estate) -> None:
    with estate.installation.database.writing() as session:
        item = session.get_one(SubmissionItem, estate.ids["submission_item_id"]["amina E006"])
        tobias = estate.cast.actor("tobias", session)
        _allocate(session, estate.cast.enrolments["amina"], tobias.person_id, Duty.COUNTERSIGN)
        assert not may(session, tobias, Permission.ITEM_COUNTERSIGN, item)
        assert may(session, replace(tobias, is_qualified=True), Permission.ITEM_COUNTERSIGN, item)


def test_who_has_one_unit_marks_and_signs_that_unit_alone(estate: Estate) -> None:
    """And sees the whole portfolio. What is claimed for another unit too is for somebody who has both."""
    with estate.installation.database.writing() as session:
        enrolment = session.get_one(Enrolment, estate.cast.enrolments["amina"])
        item = session.get_one(SubmissionItem, estate.ids["submission_item_id"]["amina E002"])
        own = enrolment.units[0]
        other = EnrolmentUnit(enrolment_id=enrolment.id, unit_version_id=own.unit_version_id, unit_code="ANOTHER")
        session.add(other)
        session.flush()
        noel = estate.cast.actor("noel", session)
        _allocate(session, enrolment.id, noel.person_id, Duty.ASSESS, unit_id=other.id)
        assert may(session, noel, Permission.ENROLMENT_SEE, enrolment)
        assert may(session, noel, Permission.ITEM_SEE, item)
        assert may(session, noel, Permission.ENROLMENT_UNIT_SIGN_OFF, other)
        for permission, row in (
            (Permission.ITEM_MARK, item),
            (Permission.ENROLMENT_UNIT_SIGN_OFF, own),
            (Permission.ENROLMENT_UNIT_REOPEN, own),
            (Permission.ENROLMENT_CHOOSE_UNITS, enrolment),
        ):
            assert not may(session, noel, permission, row), permission
        dafydd = estate.cast.actor("dafydd", session)
        for actor in (dafydd, noel):
            _allocate(session, enrolment.id, actor.person_id, Duty.ASSESS, unit_id=own.id)
            assert may(session, actor, Permission.ITEM_MARK, item)
        claimed = {claim.criterion_id for claim in item.claims}
        criterion_id = session.scalars(select(Criterion.id).where(Criterion.id.not_in(claimed))).first()
        both = Claim(
            evidence_version_id=item.evidence_version_id, criterion_id=criterion_id, enrolment_unit_id=other.id,
            submission_id=item.submission_id, created_at=clock.now(),
        )  # fmt: skip
        session.add(both)
        session.flush()
        session.expire(item, ["claims"])
        assert not may(session, dafydd, Permission.ITEM_MARK, item)
        assert may(session, noel, Permission.ITEM_MARK, item)


def test_who_countersigns_one_unit_countersigns_that_unit_alone(estate: Estate) -> None:
    with estate.installation.database.writing() as session:
        enrolment = session.get_one(Enrolment, estate.cast.enrolments["amina"])
        item = session.get_one(SubmissionItem, estate.ids["submission_item_id"]["amina E006"])
        own = enrolment.units[0]
        other = EnrolmentUnit(enrolment_id=enrolment.id, unit_version_id=own.unit_version_id, unit_code="ANOTHER")
        session.add(other)
        session.flush()
        noel = estate.cast.actor("noel", session)
        _allocate(session, enrolment.id, noel.person_id, Duty.COUNTERSIGN, unit_id=other.id)
        assert not may(session, noel, Permission.ITEM_COUNTERSIGN, item)
        _allocate(session, enrolment.id, noel.person_id, Duty.COUNTERSIGN, unit_id=own.id)
        assert may(session, noel, Permission.ITEM_COUNTERSIGN, item)


def _allocate(session: Session, enrolment_id: int, person_id: int, duty: Duty, *, unit_id: int | None = None) -> None:
    session.add(
        Allocation(
            enrolment_id=enrolment_id, enrolment_unit_id=unit_id, person_id=person_id, duty=duty, since=clock.today()
        )
    )
    session.flush()
    session.expire(session.get_one(Enrolment, enrolment_id), ["allocations"])
