"""A small centre with one person in it, and jobs that the person asks for."""

from portfolio.accounts import actions as accounts
from portfolio.accounts.rules import Role
from portfolio.audit.events import System
from portfolio.centres.actions import open_centre
from portfolio.db import Database
from portfolio.installation import Installation
from portfolio.jobs import actions
from portfolio.jobs.models import Job

KIND = "test.work"


class Asker:
    """Somebody who asks for work, and looks at what became of it."""

    def __init__(self, installation: Installation) -> None:
        self.database: Database = installation.database
        with self.database.writing() as session:
            centre = open_centre(session, System(), name="Harrow Dale", number="1")
            membership, _link = accounts.invite(
                session, System(), centre, email="ada@example.org", name="Ada Thistlewood", role=Role.ADMINISTRATOR
            )
            self.centre_id, self.person_id = centre.id, membership.person_id
            session.commit()

    def ask(self, kind: str = KIND) -> int:
        """Ask for a job; answers its id."""
        with self.database.writing() as session:
            job = actions.ask(
                session, kind=kind, centre_id=self.centre_id, person_id=self.person_id, subject_id=self.centre_id
            )
            session.commit()
            return job.id

    def job(self, job_id: int) -> Job:
        """A job as it is now."""
        with self.database.reading() as session:
            return session.get_one(Job, job_id)

    def take(self, worker: str) -> int | None:
        """Take the next job as a worker; answers its id."""
        with self.database.writing() as session:
            job = actions.take(session, worker=worker)
            session.commit()
            return job.id if job else None

    def cancel(self, job_id: int) -> None:
        """No longer want a job."""
        with self.database.writing() as session:
            actions.cancel(session, session.get_one(Job, job_id))
            session.commit()
