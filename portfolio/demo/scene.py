"""What stands so far while the demo is built: people, cohorts, enrolments and items, by what the stories call them."""

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.accounts import queries as accounts
from portfolio.accounts.actors import Actor
from portfolio.accounts.models import Person
from portfolio.assessment.models import SubmissionItem
from portfolio.centres.models import Centre
from portfolio.criteria.models import Criterion
from portfolio.criteria.rules import Method
from portfolio.demo import papers
from portfolio.demo.dates import Dates
from portfolio.enrolment.models import Cohort, Enrolment
from portfolio.errors import NotFound
from portfolio.evidence import actions
from portfolio.evidence.actions import Details
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import Carrier
from portfolio.installation import Installation
from portfolio.storage.arriving import Upload


@dataclass(frozen=True, slots=True)
class Scene:
    """The centre being built, in one writing session. Actors are read afresh, as they are at the moment held."""

    installation: Installation
    session: Session
    dates: Dates
    centre: Centre
    people: dict[str, Person] = field(default_factory=dict)
    cohorts: dict[str, Cohort] = field(default_factory=dict)
    enrolments: dict[str, Enrolment] = field(default_factory=dict)
    evidence: dict[tuple[str, str], Evidence] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """A person of the demo with the roles of this moment."""
        found = accounts.actor(self.session, person_id=self.people[name].id, centre_id=self.centre.id)
        if found is None:
            raise NotFound(f"{name} has no role yet.")
        return found

    def add(
        self,
        learner: str,
        ref: str,
        *,
        by: str,
        method: Method,
        carrier: Carrier,
        details: Details,
        files: tuple[str, ...] = (),
    ) -> Evidence:
        """An item of the learner's. The reference that it gets has to be the one that the story calls it by."""
        item = actions.add(
            self.session,
            self.actor(by),
            self.enrolments[learner],
            self.installation.store,
            method=method,
            carrier=carrier,
            details=details,
            uploads=self.uploads(files),
        )
        if item.ref != ref:
            raise ValueError(f"the story of {learner} calls {item.ref} {ref}")
        self.evidence[learner, ref] = item
        return item

    def item(self, learner: str, ref: str) -> SubmissionItem:
        """The newest handing in of an item."""
        version = self.evidence[learner, ref].current
        if version is None:
            raise NotFound(f"{ref} has not been handed in.")
        return self.session.scalars(
            select(SubmissionItem).where(SubmissionItem.evidence_version_id == version.id)
        ).one()

    def criteria(self, learner: str) -> dict[str, tuple[int, int]]:
        """(enrolment unit id, criterion id) by the criterion's code; the first of the learner's units that has it."""
        found: dict[str, tuple[int, int]] = {}
        for unit in self.enrolments[learner].units:
            for row in self.session.scalars(select(Criterion).where(Criterion.unit_version_id == unit.unit_version_id)):
                found.setdefault(row.code, (unit.id, row.id))
        return found

    def uploads(self, names: tuple[str, ...]) -> list[Upload]:
        """Files of the demo, arrived."""
        return [papers.upload(self.installation.store, self.dates, name) for name in names]
