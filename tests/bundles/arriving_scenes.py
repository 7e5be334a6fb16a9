"""A second installation, with a key and a centre of its own, to which portfolios come."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import compress
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.accounts.rules import Role
from portfolio.assessment.choosing import move_unit
from portfolio.assessment.models import SubmissionItem
from portfolio.audit.events import System
from portfolio.bundles.arriving.applying import bring_in
from portfolio.bundles.arriving.contents import copied
from portfolio.bundles.arriving.incoming import Incoming, Record
from portfolio.bundles.arriving.looking import look_through
from portfolio.bundles.arriving.opening import open_bundle
from portfolio.bundles.arriving.planning import plan_of
from portfolio.bundles.arriving.plans import Plan
from portfolio.bundles.arriving.references import NAMES
from portfolio.bundles.making import Maker
from portfolio.centres.actions import open_centre
from portfolio.centres.models import Centre
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.evidence import amending
from portfolio.evidence.models import Evidence, EvidenceFile, EvidenceVersion
from portfolio.evidence.sighting import sight
from portfolio.export.rules import WHOLE, Choice
from portfolio.installation import Installation
from portfolio.mapping.rules import Outcome
from portfolio.proof import verify
from portfolio.screening.checking import check_content
from portfolio.screening.models import Scan
from portfolio.screening.rules import ScanState
from portfolio.storage.models import Blob
from tests.assessment import signing
from tests.assessment.further import further_item
from tests.assessment.packs import changed_pack, load_changed
from tests.cast import Cast, add_person, assemble
from tests.evidence import records
from tests.evidence.breaches import mended
from tests.export.canaries import World
from tests.export.scenes import note, release
from tests.screened import by_worker, decide

HARBOUR, NUMBER = "Harbour Training", "50999"
STAFF = {
    "ada": (Role.ADMINISTRATOR, True), "marguerite": (Role.ASSESSOR, True), "tobias": (Role.ASSESSOR, False),
    "dafydd": (Role.ASSESSOR, True), "iris": (Role.IQA, True),
}  # fmt: skip


@dataclass
class Harbour:
    """The second installation: its centre, and who is there."""

    installation: Installation
    cast: Cast
    centre_id: int
    brought: list[int] = field(default_factory=list)

    def actor(self, name: str, session: Session | None = None) -> Actor:
        """Somebody as they are there now."""
        return self.cast.actor(name, session)

    def plan(self, incoming: Incoming, matches: dict[str, str]) -> Plan:
        """What a bundle would bring; `matches` as `plan_of` takes them."""
        with self.installation.database.reading() as session:
            centre = session.get_one(Centre, self.centre_id)
            return plan_of(session, incoming, centre=centre, matches=matches)

    def bring_in(self, incoming: Incoming, plan: Plan, by: str = "ada", *, is_looked_through: bool = True) -> list[int]:
        """Bring it in, and have it looked through; answers the ids of the enrolments."""
        installation = self.installation
        with self.session() as session:
            centre_uid = session.get_one(Centre, self.centre_id).uid
        with copied(installation.store, incoming, centre_uid=centre_uid) as files, self.session() as session:
            centre = session.get_one(Centre, self.centre_id)
            actor = self.actor(by, session) if by else System()
            made = bring_in(session, installation.store, actor, incoming, plan, centre=centre, files=files)
            session.commit()
            brought = [one.id for one in made]
        if is_looked_through:
            look_through(installation.database.writing, brought)
        self.brought += brought
        return brought

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A writing session."""
        with self.installation.database.writing() as session:
            yield session

    def know(self) -> None:
        """What came is named as the cast's own is: `amina E001`."""
        with self.installation.database.reading() as session:
            names = {id_: name for name, id_ in self.cast.people.items()}
            for enrolment in session.scalars(select(Enrolment).where(Enrolment.id.in_(self.brought))):
                self.cast.enrolments[names[enrolment.learner_id]] = enrolment.id
            items = select(Evidence, Enrolment.learner_id).join(Enrolment, Enrolment.id == Evidence.enrolment_id)
            for evidence, learner_id in session.execute(items):
                self.cast.evidence[f"{names[learner_id]} {evidence.ref}"] = evidence.id
            parts = (
                select(SubmissionItem.id, Evidence.ref, Enrolment.learner_id)
                .join(EvidenceVersion, EvidenceVersion.id == SubmissionItem.evidence_version_id)
                .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
                .join(Enrolment, Enrolment.id == Evidence.enrolment_id)
                .order_by(SubmissionItem.id)
            )
            for id_, ref, learner_id in session.execute(parts):
                self.cast.items[f"{names[learner_id]} {ref}"] = id_

    def settle(self) -> None:
        """Whoever made them says of what is found in the items that came, and cannot be read, that it is nobody."""
        by_worker(self.installation)
        with self.session() as session:
            actors = {id_: self.actor(name, session) for name, id_ in self.cast.people.items()}
            for evidence in session.scalars(select(Evidence).where(Evidence.enrolment_id.in_(self.brought))):
                decide(session, actors[evidence.author_id], evidence)
            unread = select(EvidenceFile, Evidence.author_id, Scan).where(
                EvidenceFile.version_id == EvidenceVersion.id,
                EvidenceVersion.evidence_id == Evidence.id,
                EvidenceFile.blob_id == Blob.id,
                Scan.item_uid == Evidence.uid,
                Scan.source == Blob.sha256,
                Scan.state == ScanState.UNREADABLE,
            )
            for file, author_id, scan in session.execute(unread).all():
                if scan.checked_at is None:
                    check_content(session, actors[author_id], file)
            session.commit()

    def faults(self) -> list[str]:
        """What the whole proof finds."""
        return [str(fault) for fault in verify(self.installation.database, self.installation.store).faults]


def harbour_of(installation: Installation, *learners: str, number: str = NUMBER) -> Harbour:
    """A centre with staff and these learners, and nothing else."""
    cast = Cast(installation)
    with installation.database.writing() as session:
        centre = open_centre(session, System(), name=HARBOUR, number=number)
        for name, (role, qualified) in STAFF.items():
            add_person(session, installation, cast, centre, name, role, qualified=qualified)
        for name in learners:
            add_person(session, installation, cast, centre, name, Role.LEARNER)
        session.commit()
        return Harbour(installation, cast, centre.id)


def packed(installation: Installation, ids: list[int], target: Path, choice: Choice = WHOLE) -> Path:
    """A bundle of these enrolments, made as the product makes it."""
    by_worker(installation)
    maker = Maker(installation.database, installation.store, installation.signer, installation.previews.read)
    made = maker.make(ids, target, doer=System(), choice=choice, tell=lambda *_told: None)
    assert made.held == (), [one.places for one in made.held]
    return target


def opened(bundle: Path, folder: Path) -> Incoming:
    """The same, opened."""
    with bundle.open("rb") as source:
        return open_bundle(source, folder)


def everybody(incoming: Incoming, cast: Cast, *but: str) -> dict[str, str]:
    """Everybody in a bundle whose first name is one of the cast's, as that one; `but` these."""
    found = {}
    for portfolio in incoming.portfolios:
        for one in portfolio.people:
            name = one.name.split()[0].lower()
            if name in cast.people and name not in but:
                found[one.uid] = cast.email(name)
    return found


def travelling(world: World) -> Cast:
    """The portfolios that set out with files of every kind, in every state that an item or a file can be in."""
    _lived_in(world.cast, "ben E002")
    return world.cast


def lighter(installation: Installation) -> Cast:
    """The same with few files: what was handed in, decided, amended and signed, and nothing redacted."""
    cast = assemble(installation)
    mended(cast)
    _lived_in(cast, "ben E001")
    return cast


def _lived_in(cast: Cast, signed_for: str) -> None:
    """Amina's items are recorded, seen, claimed for more, judged by a trainee, and moved to newer criteria; ben's unit
    is signed off, amended, opened again and signed off again.
    """
    installation = cast.installation
    note(installation, cast, "amina E002", "tobias", Outcome.MET, "Well put")
    release(installation, cast, "amina E002", "tobias")
    with installation.database.writing() as session:
        seen = records.held_elsewhere(session, cast)
        sight(session, cast.actor("marguerite", session), seen, seen_on=clock.today(), note="All of it is there.")
        amending.hide(session, cast.actor("iris", session), seen, words="There")
        amending.show_again(session, cast.actor("iris", session), seen, reason="Nothing of anybody is in it.")
        record = records.watched(session, cast)
        handed_in = records.put_on_record(session, cast, record).items[0]
        signing.decided(session, cast, handed_in, Outcome.INSUFFICIENT)
        further = further_item(session, cast)
        signing.decided(session, cast, further)
        further_item(session, cast, said={"4.3": "So does this."})
        session.commit()
    with installation.database.writing() as session:
        amina = session.get_one(Enrolment, cast.enrolments["amina"])
        newer = load_changed(session, cast.actor("ada", session), amina, changed_pack(reworded=("1.1", "4.4")))
        move_unit(session, cast.actor("ada", session), amina.units[0], to=newer)
        session.commit()
    unit_id = signing.make_signed(cast)
    signing.amend_after(cast, signed_for)
    with installation.database.writing() as session:
        unit = session.get_one(EnrolmentUnit, unit_id)
        signing.reopened(session, cast, unit)
        signing.sign(session, cast, unit)
        session.commit()


def plainly(told: Record) -> dict[str, Any]:
    """What records say without what is numbered, made of numbers, or of the installation: rows are named by their
    identifiers, people by their names and criteria by their words.
    """
    names = {"people": "name", "criteria": "text", "unit_versions": "content_sha"}
    called = {
        table: {row["id"]: row[names.get(table, "uid")] for row in rows if "id" in row}
        for table, rows in told.items()
        if isinstance(rows, list)
    }
    found: dict[str, Any] = {}
    for table, rows in told.items():
        if not isinstance(rows, list) or table in {"people", "unit_versions", "arrivals"}:
            continue
        refers = NAMES.get(table, {})
        found[table] = [
            {
                name: called[refers[name]].get(value) if name in refers else value
                for name, value in row.items()
                if name not in UNLIKE and (table, name) not in UNLIKE
            }
            for row in rows
        ]
    named = {row["criterion"] for row in told["claims"]}
    pinned = {row["unit_version"] for row in told["units"]}
    is_told = [row["id"] in named or row["unit_version"] in pinned for row in told["criteria"]]
    found["criteria"] = list(compress(found["criteria"], is_told))  # others are those of drafts, which stay behind
    found["criteria"].sort(key=lambda row: (row["unit_version"], row["code"]))
    found["enrolment"] = {name: told["enrolment"][name] for name in ALIKE}
    found["qualification"] = {**told["qualification"], "uid": ""}
    return found


UNLIKE = {
    "id", "digest", "digest_after", "claims_after", "signed", "elsewhere", "enrolment", "path",
    ("criteria", "uid"), ("allocations", "until"), ("submission_items", "state"), ("items", "state"),
}  # fmt: skip
"""What is other where a portfolio arrived: what numbers are in, and what the arrival ends."""
ALIKE = ("uid", "registration_number", "started_on", "due_on", "ended_on", "state", "next_ref")
