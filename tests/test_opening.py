"""Opening a centre on a real installation."""

from sqlalchemy import select

from portfolio import opening, proof
from portfolio.accounts import actions as accounts
from portfolio.accounts import queries as people
from portfolio.accounts.rules import Role
from portfolio.audit.models import AuditEvent
from portfolio.criteria.models import QualificationUnit, QualificationVersion, UnitVersion
from portfolio.installation import Installation


def open_one(installation: Installation, number: str) -> str:
    """A centre with its administrator's link."""
    with installation.database.writing() as session:
        link = opening.open_centre_with_packs(
            session,
            name=f"Centre {number}",
            number=number,
            administrator=(f"head{number}@example.org", "Ada Thistlewood"),
            packs=[opening.SHIPPED],
        )
        session.commit()
    return link


def test_the_first_administrator_chooses_a_password_by_the_link(installation: Installation) -> None:
    link = open_one(installation, "10001")
    with installation.database.writing() as session:
        person = accounts.use_link(session, installation.passwords, link, password="plum river lantern 42")
        session.commit()
    with installation.database.reading() as session:
        actor = people.actor(session, person_id=person.id, centre_id=1)
        assert actor is not None
        assert actor.roles == {Role.ADMINISTRATOR}


def test_packs_are_loaded_once_for_the_whole_site(installation: Installation) -> None:
    open_one(installation, "10001")
    open_one(installation, "10002")
    with installation.database.reading() as session:
        versions = session.scalars(select(QualificationVersion)).all()
        assert [version.centre_id for version in versions] == [None] * len(list(opening.SHIPPED.glob("*.yaml")))
        verbs = session.scalars(select(AuditEvent.verb).order_by(AuditEvent.id)).all()
        lone = session.scalars(
            select(UnitVersion.code).where(UnitVersion.id.not_in(select(QualificationUnit.unit_version_id)))
        )
        assert list(lone) == ["M/601/1511"]
    assert verbs.count("criteria.load") == len(versions)
    assert verbs.count("criteria.load_unit") == 1
    assert proof.verify(installation.database, installation.store).faults == ()
