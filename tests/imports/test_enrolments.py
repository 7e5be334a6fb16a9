"""Lists of enrolments: each row as the single action would do it, and what is wrong by its column."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock, proof
from portfolio.assessment.models import Progress
from portfolio.audit.events import System
from portfolio.audit.models import AuditEvent, AuditText
from portfolio.centres.models import Centre
from portfolio.criteria.models import QualificationVersion
from portfolio.enrolment import actions
from portfolio.enrolment.cohorts import close_cohort, open_cohort
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import Duty
from portfolio.imports.rules import Fate, ImportKind
from tests.cast import Cast
from tests.imports.lists import done, fates, faults, planned

ENROLMENTS = ImportKind.ENROLMENTS
HEAD = "Email,Qualification,Start,Planned end,Registration number,Cohort,Assessor\n"


def newcomers(session: Session, cast: Cast, *names: str) -> None:
    """Learners who are not enrolled yet."""
    rows = "".join(f"{name.title()},{name}@example.org,\n" for name in names)
    done(session, cast, ImportKind.PEOPLE, f"Name,Email,Role\n{rows}")


def newest(session: Session) -> Enrolment:
    """The enrolment that was made last."""
    return session.scalars(select(Enrolment).order_by(Enrolment.id.desc()).limit(1)).one()


def told(session: Session, enrolment: Enrolment) -> list[tuple[str, object]]:
    """The trail of an enrolment."""
    rows = session.execute(
        select(AuditEvent.verb, AuditText.text)
        .join(AuditText, AuditText.event_id == AuditEvent.id)
        .where(AuditEvent.stream_id == enrolment.stream_id)
        .order_by(AuditEvent.seq)
    )
    return [(row.verb, row.text) for row in rows]


def test_a_list_enrols_as_the_action_does(session: Session, cast: Cast) -> None:
    """Units, stream, figures and allocation are the same as of one who is enrolled singly."""
    newcomers(session, cast, "nia", "obi")
    centre = session.get_one(Centre, cast.homes["ada"])
    cohort = open_cohort(session, System(), centre, name="Autumn")
    marguerite = cast.people["marguerite"]
    session.commit()
    row = "nia@example.org,icq-l3-cco,01/09/2026,31/08/2027,R-1,AUTUMN,MARGUERITE@example.org\n"
    plan = done(session, cast, ENROLMENTS, HEAD + row)
    assert fates(plan) == [Fate.NEW]
    listed = newest(session)
    learner = session.scalars(select(Enrolment.learner_id).where(Enrolment.id == listed.id)).one()
    assert learner not in cast.people.values()
    single = actions.enrol(
        session,
        cast.actor("ada", session),
        centre,
        learner=session.get_one(type(listed.learner), learner + 1),
        qualification=session.get_one(QualificationVersion, listed.qualification_version_id),
        started_on=date(2026, 9, 1),
        due_on=date(2027, 8, 31),
        registration_number="R-1",
        cohort=cohort,
        assessor=session.get_one(type(listed.learner), marguerite),
    )
    session.commit()
    for name in ("started_on", "due_on", "registration_number", "cohort_id", "state", "next_ref"):
        assert getattr(listed, name) == getattr(single, name), name
    assert [(u.unit_code, u.unit_version_id, u.group_code, u.position) for u in listed.units] == [
        (u.unit_code, u.unit_version_id, u.group_code, u.position) for u in single.units
    ]
    assert [(a.person_id, a.duty, a.since, a.until) for a in listed.allocations] == [
        (marguerite, Duty.ASSESS, clock.today(), None)
    ]
    assert told(session, listed) == told(session, single)
    assert {row.enrolment_id for row in session.scalars(select(Progress))} >= {listed.id, single.id}
    assert proof.verify(cast.installation.database, cast.installation.store).faults == ()


def test_who_is_on_it_already_changes_or_stays(session: Session, cast: Cast) -> None:
    centre = session.get_one(Centre, cast.homes["ada"])
    open_cohort(session, System(), centre, name="Autumn")
    session.commit()
    ben = session.get_one(Enrolment, cast.enrolments["ben"])
    starts = f"{ben.started_on:%d/%m/%Y}"
    same = f"ben@example.org,ICQ-L3-CCO,{starts},,,,marguerite@example.org\n"
    assert fates(planned(session, cast, ENROLMENTS, HEAD + same)) == [Fate.SAME]
    row = f"ben@example.org,ICQ-L3-CCO,{starts},31/12/2027,R-2,Autumn,dafydd@example.org\n"
    plan = done(session, cast, ENROLMENTS, HEAD + row)
    assert fates(plan) == [Fate.CHANGE]
    assert "Moves to Autumn; Gets Dafydd Prys-Jenkins as {assessor}" in plan.lines[0].said
    assert "Has the number R-2, no longer REG-BEN" in plan.lines[0].said
    session.expire_all()
    assert (ben.due_on, ben.registration_number) == (date(2027, 12, 31), "R-2")
    assert ben.cohort is not None
    assert fates(planned(session, cast, ENROLMENTS, HEAD + row)) == [Fate.SAME]


def test_what_is_wrong_with_an_enrolment_is_named(session: Session, cast: Cast) -> None:
    newcomers(session, cast, "nia")
    centre = session.get_one(Centre, cast.homes["ada"])
    close_cohort(session, System(), open_cohort(session, System(), centre, name="Gone"))
    rows = (
        "olga@example.org,ICQ-L3-CCO,01/09/2026,,,,\n"
        "marguerite@example.org,ICQ-L3-CCO,01/09/2026,,,,\n"
        "nia@example.org,Cookery,01/09/2026,,,,\n"
        "nia@example.org,,,,,,\n"
        "nia@example.org,ICQ-L3-CCO,02/09/2026,01/09/2026,,,\n"
        f"nia@example.org,ICQ-L3-CCO,01/09/2026,,{'9' * 41},,\n"
        "nia@example.org,ICQ-L3-CCO,01/09/2026,,,Gone,oscar@example.org\n"
        "nia@example.org,ICQ-L3-CCO,01/09/2026,,,Nowhere,nia@example.org\n"
    )
    nobody = "Email: Nobody with this address is a learner here. Invite or import them first."
    found = [faults(line) for line in planned(session, cast, ENROLMENTS, HEAD + rows).lines]
    assert found[0] == found[1] == [nobody]
    assert found[2] == ["Qualification: “Cookery” is no qualification of this centre. Look under Criteria."]
    assert found[3] == [
        "Qualification: There is no qualification. Fill it in.",
        "Start: There is no start date. Fill it in.",
    ]
    assert found[4] == ["Planned end: The planned end comes before the start."]
    again = "Email: Line 6 enrols this learner on it already. Take one of the two out."
    assert found[5] == [again, "Registration number: Keep the registration number to 40 characters."]
    assert found[6] == [
        "Assessor: Nobody with this address is an assessor here. Invite or import them first.",
        again,
        "Cohort: This cohort is closed. Choose another.",
    ]
    assert found[7] == [
        "Cohort: There is no cohort “Nowhere”. Open or import it first.",
        "Assessor: Nobody with this address is an assessor here. Invite or import them first.",
        again,
    ]
