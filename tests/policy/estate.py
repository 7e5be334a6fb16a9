"""The world of the every-route table: the cast, more objects in every state, and a signed-in cookie for each view.

Beside amina's portfolio there is cara's in the same centre, to which nobody of the cast is allocated, and olga's at the
other centre, where the assessor, the quality assurers and the administrator have the same roles and rights again: they
are signed in at Harrow Dale, so they must not see it. Whatever a request changes is put back before the next one.
"""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from threading import Event
from typing import Any

from flask import Flask
from sqlalchemy import exists, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portfolio import clock
from portfolio.accounts import actions as accounts
from portfolio.accounts.models import Membership, Person
from portfolio.accounts.rules import Role
from portfolio.assessment import marking, submitting
from portfolio.assessment.amending import Mending
from portfolio.assessment.models import SubmissionItem
from portfolio.assessment.rules import Mark
from portfolio.audit.events import System
from portfolio.centres.models import Centre
from portfolio.config import Settings
from portfolio.criteria.actions import load_pack
from portfolio.criteria.packs import read_pack
from portfolio.criteria.rules import Method
from portfolio.documents.blocks import Extract
from portfolio.documents.preview import Manifest, Piece, Shot
from portfolio.enrolment import actions as enrolment_actions
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import Duty
from portfolio.evidence import actions as evidence_actions
from portfolio.evidence import amending
from portfolio.evidence.actions import Details
from portfolio.evidence.amending import Kept
from portfolio.evidence.models import Evidence, EvidenceFile, WaitingFile
from portfolio.evidence.rules import Carrier
from portfolio.export.actions import ask_for_book
from portfolio.export.amending import mend
from portfolio.installation import Installation, open_installation
from portfolio.mapping import actions as mapping
from portfolio.mapping.rules import Outcome
from portfolio.previews import actions as preview_actions
from portfolio.storage.actions import keep
from portfolio.storage.models import Blob
from portfolio.web.app import create_app
from portfolio.worker import make_runner
from tests.assessment import signing
from tests.cast import ALL_TICKED, PACK, PASSWORD, Cast, add_file, assemble, enrol, hand_in, upload, wanted, write
from tests.policy.doors import BASE, sign_in
from tests.policy.kinds import held_elsewhere, notices, observe, put_on_record, stems, thrown_away

VIEWS = {
    "anonymous": "",
    "owner": "amina",
    "learner": "ben",
    "assessor": "marguerite",
    "trainee": "tobias",
    "countersigner": "dafydd",
    "iqa": "iris",
    "eqa": "ewan",
    "administrator": "ada",
    "disabled": "vera",
}
"""Who is asking: the columns of the table. Vera was an administrator and an assessor until her account was disabled."""

MISSING = 999_999


@dataclass
class Estate:
    """The installation, the ids of its objects by the argument that takes them, and a way in for each view."""

    installation: Installation
    cast: Cast
    ids: dict[str, dict[str, Any]] = field(default_factory=dict)
    app: Flask = field(init=False)
    cookies: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    claims: dict[str, list[int]] = field(default_factory=dict)
    revs: dict[str, int] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    criterion_id: int = 0
    qualification_id: int = 0
    _kept: sqlite3.Connection = field(init=False)
    _live: sqlite3.Connection = field(init=False)
    _seen: int = 0

    def __post_init__(self) -> None:
        self.app = create_app(self.installation)

    def named(self, argument: str, name: str, row_id: int | str) -> None:
        """Give an object a name in the table."""
        self.ids.setdefault(argument, {})[name] = row_id

    def path(self, rule: str, name: str) -> str:
        """The address of a rule for an object; `a/b` gives the first argument and the second one."""
        arguments = re.findall(r"<(?:\w+:)?(\w+)>", rule)
        names = name.split("/") if "/" in name else [name] * len(arguments)
        for argument, each in zip(arguments, names, strict=True):
            found = MISSING if each == "missing" else self.ids[argument][each]
            rule = re.sub(rf"<(\w+:)?{argument}>", str(found), rule)
        return rule

    def send(
        self, view: str, method: str, path: str, data: dict[str, Any] | None = None, **options: Any
    ) -> TestResponse:
        """One request of somebody; a form goes with the right forgery token unless `with_token` is False."""
        headers = {"Cookie": self.cookies[view], **options.pop("headers", {})}
        token = {"csrf_token": self.tokens[view]} if options.pop("with_token", True) else {}
        if method == "POST":
            options["data"] = {**token, **(data or {})}
        elif method == "PUT":
            options["json"] = data
            headers["X-CSRFToken"] = token.get("csrf_token", "")
        browser = self.app.test_client(use_cookies=False)
        return browser.open(path, method=method, base_url=BASE, headers=headers, buffered=True, **options)

    def keep(self) -> None:
        """From now on this is the state to which everything is put back."""
        path = self.installation.settings.home / "database.sqlite3"
        self._live = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._live.execute("PRAGMA synchronous=OFF")
        self._kept = sqlite3.connect(":memory:", check_same_thread=False)
        self._live.backup(self._kept)
        self._seen = self._version()

    @property
    def live(self) -> sqlite3.Connection:
        """The database as it is now, to look at."""
        return self._live

    def was_written(self) -> bool:
        """Whether anything was committed since the state was put back."""
        return self._version() != self._seen

    def put_back(self) -> None:
        """Back to the kept state, if anything was written."""
        if self.was_written():
            self._kept.backup(self._live)
            self._seen = self._version()

    def _version(self) -> int:
        return int(self._live.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Give everything back."""
        for connection in (self._live, self._kept):
            connection.close()
        self.installation.close()


def opened_on(template: Path, home: Path) -> Installation:
    """An installation over a copy of a migrated SQLite database; hashing made cheap."""
    shutil.copy(template, home / "database.sqlite3")
    return open_installation(replace(Settings.from_environment(home, {}), argon2_memory_kib=8, argon2_passes=1))


def made(template: Path, home: Path) -> Iterator[Estate]:
    """The world on a copy of a migrated SQLite database, closed at the end: what a fixture yields."""
    installation = opened_on(template, home)
    estate = Estate(installation, assemble(installation))
    fill(estate)
    yield estate
    estate.close()


def fill(estate: Estate) -> None:
    """Fill the installation, sign everybody in, disable vera."""
    with estate.installation.database.writing() as session:
        _people(session, estate)
        _portfolios(session, estate)
        _others_criteria(session, estate)
        for name, row_id in stems(session, estate.cast).items():
            estate.named("feedback_stem_id", name, row_id)
        for name, row_id in notices(session, estate.cast).items():
            estate.named("notice_id", name, row_id)
        session.commit()
    for view, name in VIEWS.items():
        estate.cookies[view], estate.tokens[view] = sign_in(estate.app, name)
    with estate.installation.database.writing() as session:
        vera = session.get_one(Person, estate.cast.people["vera"])
        accounts.disable(session, System(), vera, session.get_one(Centre, estate.cast.homes["vera"]))
        session.commit()
    _books(estate)
    with estate.installation.database.writing() as session:
        _show_files(session, estate)
        session.commit()
    with estate.installation.database.reading() as session:
        _name_everything(session, estate)
    sheet = estate.app.test_client().get("/sign-in", base_url=BASE).text.partition('href="/static/')[2]
    digest, path = sheet.partition('"')[0].split("/", 1)
    estate.named("place", "a place", "evidence.write.1")
    estate.named("place", "no place", "Evidence..write")
    estate.named("digest", "stylesheet", digest)
    estate.named("path", "stylesheet", path)
    estate.keep()


def _people(session: Session, estate: Estate) -> None:
    """Noel and vera at Harrow Dale, three more to learn there; half of the cast has a role at Other Side too."""
    harrow = session.get_one(Centre, estate.cast.homes["ada"])
    other = session.get_one(Centre, estate.cast.homes["odette"])
    _join(session, estate, harrow, "noel", Role.ASSESSOR)
    for learner in ("cara", "dora", "edna"):
        _join(session, estate, harrow, learner, Role.LEARNER)
    _join(session, estate, harrow, "vera", Role.ASSESSOR)
    _join(session, estate, harrow, "vera", Role.ADMINISTRATOR)
    estate.named("token", "invitation", _join(session, estate, harrow, "nina", Role.LEARNER))
    estate.named("token", "role", _join(session, estate, other, "olga", Role.IQA))
    estate.named("token", "reset", accounts.new_link(session, System(), email="ben@example.org"))
    estate.named("token", "used", _join(session, estate, harrow, "una", Role.LEARNER))
    accounts.use_link(session, estate.installation.passwords, estate.ids["token"]["used"], password=PASSWORD)
    late = accounts.new_link(session, System(), email="ben@example.org")
    estate.named("token", "late", late)
    accounts.token_of(session, late).expires_at = clock.now()
    for name, role in (
        ("marguerite", Role.ASSESSOR),
        ("iris", Role.IQA),
        ("ewan", Role.EQA),
        ("ada", Role.ADMINISTRATOR),
    ):
        _join(session, estate, other, name, role)


def _join(session: Session, estate: Estate, centre: Centre, name: str, role: Role) -> str:
    """Somebody has a role, and a password unless it is their link that the table needs; answers the link's text."""
    membership, link = accounts.invite(
        session, System(), centre, email=f"{name}@example.org", name=name.capitalize(), role=role
    )
    if name not in estate.cast.people:
        person = session.get_one(Person, membership.person_id)
        if name not in {"nina", "una"}:
            accounts.set_password(session, System(), estate.installation.passwords, person, PASSWORD, centre)
        estate.cast.people[name], estate.cast.homes[name] = person.id, centre.id
    return link


def _portfolios(session: Session, estate: Estate) -> None:
    """Amina's in every state; cara's under an assessor whom nobody asks as; olga's with a draft; dora's unit is met
    throughout, and edna's is signed off."""
    cast, installation = estate.cast, estate.installation
    people = {name: session.get_one(Person, id_) for name, id_ in cast.people.items()}
    amina = session.get_one(Enrolment, cast.enrolments["amina"])
    olga = session.get_one(Enrolment, cast.enrolments["olga"])
    centre = session.get_one(Centre, cast.homes["ada"])
    cara = enrol(session, centre, people["cara"], amina.qualification, cast, "cara")
    enrolment_actions.allocate(session, System(), cara, person=people["noel"], duty=Duty.ASSESS)
    enrolment_actions.allocate(session, System(), amina, person=people["vera"], duty=Duty.ASSESS)
    enrolment_actions.allocate(session, System(), olga, person=people["marguerite"], duty=Duty.ASSESS)
    until = clock.today() + timedelta(days=14)
    enrolment_actions.grant(session, System(), olga, person=people["ewan"], until=until)
    _hand_in_file(session, estate, "amina", "E005", "1.3")
    _mark(session, estate, "marguerite", "amina E005", is_released=False)
    _hand_in_file(session, estate, "amina", "E006", "1.4")
    _mark(session, estate, "tobias", "amina E006", is_released=True)
    withdrawn = _hand_in_file(session, estate, "amina", "E007", "2.2")
    submitting.withdraw(session, cast.actor("amina", session), withdrawn.submission)
    revised = _hand_in_file(session, estate, "amina", "E008", "3.2")
    _mark(session, estate, "marguerite", "amina E008", is_released=True)
    mapping.revise(session, cast.actor("amina", session), revised.version.evidence)
    evidence_actions.add(
        session,
        cast.actor("amina", session),
        amina,
        installation.store,
        method=Method.PRODUCT,
        carrier=Carrier.FILES,
        details=Details("Two files", date(2026, 11, 4)),
        uploads=[upload(installation, name.encode(), f"{name}.txt") for name in ("first", "second")],
    )
    _hidden(session, estate)
    observe(session, cast, "Watched at her desk", "E011")
    _mended(session, estate)
    held_elsewhere(session, cast, "E013")
    thrown_away(session, cast, "E014")
    put_on_record(session, cast, "E015")
    record = put_on_record(session, cast, "E016")
    amending.hide(session, cast.actor("amina", session), record, words="A name in the first sentence")
    opened = _hand_in_file(session, estate, "amina", "E017", "1.2")
    marking.open_item(session, cast.actor("marguerite", session), opened)
    for name in ("amina", "olga"):
        _wait(session, estate, name)
    for name, finish in (("dora", signing.all_met), ("edna", signing.signed)):
        enrolment = enrol(session, centre, people[name], amina.qualification, cast, name)
        enrolment_actions.allocate(session, System(), enrolment, person=people["marguerite"], duty=Duty.ASSESS)
        unit = finish(session, cast, name)
        estate.seen[name] = signing.found(session, unit).seen
    for name in ("cara", "olga"):
        if name == "cara":
            _hand_in_file(session, estate, name, "E001", "1.1")
        write(session, installation, cast, name, "Only a draft", "Nobody else reads this.")


def _others_criteria(session: Session, estate: Estate) -> None:
    """Other Side has a qualification of its own, with a unit of its own."""
    centre = session.get_one(Centre, estate.cast.homes["odette"])
    version = load_pack(session, estate.cast.actor("odette", session), read_pack(PACK), centre=centre)
    estate.named("qualification_version_id", "other side", version.id)
    estate.named("unit_version_id", "other side", version.units[0].unit_version_id)


def _hidden(session: Session, estate: Estate) -> None:
    """Amina's E010 was handed in, and somebody found a customer's name in it."""
    item = _hand_in_file(session, estate, "amina", "E010", "3.3")
    amending.hide(session, estate.cast.actor("iris", session), item.version.evidence, words="A name on page 1")


def _mended(session: Session, estate: Estate) -> None:
    """Amina's E012 had a customer's name in its title, which was taken out."""
    item = _hand_in_file(session, estate, "amina", "E012", "4.1")
    evidence, amina = item.version.evidence, estate.cast.actor("amina", session)
    amending.hide(session, amina, evidence, words="A name in the title")
    mending = Mending(
        details=Details("A letter"),
        claims={claim.id: (claim.annotation, claim.place) for claim in marking.claims_on(session, item)},
        files={file.id: Kept(file.name) for file in item.version.files},
        reason="A name was in the title.",
    )
    mend(session, amina, evidence, estate.installation.store, mending, rev=item.version.rev)


def _wait(session: Session, estate: Estate, name: str) -> None:
    """Somebody has sent a file and made no item of it yet."""
    sent = upload(estate.installation, f"{name} waits".encode(), "waits.txt")
    actor = estate.cast.actor(name, session)
    blob = keep(
        session,
        estate.installation.store,
        sent.arrived,
        centre_id=actor.centre_id,
        centre_uid=actor.centre_uid,
        media_type=sent.media_type,
    )
    waiting = WaitingFile(
        enrolment_id=estate.cast.enrolments[name],
        person_id=actor.person_id,
        blob_id=blob.id,
        name=sent.name,
        arrived_at=clock.now(),
    )
    session.add(waiting)
    session.flush()
    estate.named("waiting_file_id", name, waiting.id)


def _hand_in_file(session: Session, estate: Estate, name: str, ref: str, code: str) -> SubmissionItem:
    evidence = add_file(session, estate.installation, estate.cast, name, f"Letter {ref}", f"{name} {ref}".encode())
    assert evidence.ref == ref
    enrolment = session.get_one(Enrolment, estate.cast.enrolments[name])
    claims = wanted(session, enrolment, {code: "It shows on page 1."})
    mapping.map_to(session, estate.cast.actor(name, session), evidence, wanted=claims)
    return hand_in(session, estate.cast, name, evidence, ref).items[0]


def _mark(session: Session, estate: Estate, assessor: str, name: str, *, is_released: bool) -> None:
    item = session.get_one(SubmissionItem, estate.cast.items[name])
    actor = estate.cast.actor(assessor, session)
    marking.open_item(session, actor, item)
    marks = [Mark(claim.id, Outcome.MET, True, "Clear.") for claim in marking.claims_on(session, item)]
    marking.save_review(session, actor, item, varc=ALL_TICKED, marks=marks, feedback="Well argued.")
    if is_released:
        marking.release(session, actor, item)


def _books(estate: Estate) -> None:
    """A book of amina's, cara's and olga's each, and one of amina's that nobody has made yet."""
    cast, database = estate.cast, estate.installation.database
    for name, is_made in (("amina", True), ("cara", True), ("olga", True), ("amina unfinished", False)):
        learner = name.partition(" ")[0]
        with database.writing() as session:
            enrolment = session.get_one(Enrolment, cast.enrolments[learner])
            book = ask_for_book(session, cast.actor(learner, session), enrolment)
            estate.named("word_book_id", name, book.id)
            session.commit()
        if is_made:
            runner = make_runner(estate.installation, Event(), extractor=lambda: nullcontext(_unread))
            assert runner.run_due() == 1


def _unread(_path: Path, _media_type: str, _name: str, _sha256: str | None) -> Extract:
    return Extract((), "Nobody reads this.")


def _show_files(session: Session, estate: Estate) -> None:
    """Every file has a preview of one picture."""
    previews = estate.installation.previews
    shot = Shot(0, "image/webp", 1, 1)
    manifest = Manifest((Piece("picture", "Picture", (shot,)),)).as_json()
    for blob in session.scalars(select(Blob).where(exists().where(EvidenceFile.blob_id == Blob.id))).all():
        preview = preview_actions.ask_for(session, blob)
        if preview is not None:
            with previews.making() as folder:
                (folder / "0").write_bytes(b"RIFF1234WEBP")
                preview_actions.keep(session, previews, preview.id, manifest=manifest, folder=folder)


def _name_everything(session: Session, estate: Estate) -> None:
    """The names by which the table calls the objects: `amina E005` wherever an item, a submission or a claim is meant,
    `amina E005 v1` for the first file of a version."""
    cast = estate.cast
    for name, id_ in cast.enrolments.items():
        enrolment = session.get_one(Enrolment, id_)
        estate.named("enrolment_id", name, id_)
        estate.named("enrolment_unit_id", name, enrolment.units[0].id)
        estate.named("allocation_id", name, enrolment.allocations[0].id)
        estate.qualification_id = enrolment.qualification_version_id
        estate.named("qualification_version_id", name, enrolment.qualification_version_id)
        estate.named("unit_version_id", name, enrolment.units[0].unit_version_id)
        for evidence in session.scalars(select(Evidence).where(Evidence.enrolment_id == id_)):
            estate.named("evidence_id", f"{name} {evidence.ref}", evidence.id)
            estate.revs[f"{name} {evidence.ref}"] = evidence.latest.rev
        for file in session.scalars(select(EvidenceFile)):
            version = file.version
            if version.evidence.enrolment_id == id_:
                estate.named("evidence_file_id", f"{name} {version.evidence.ref} v{version.no}", file.id)
    estate.named("part", "a picture", 0)
    estate.named("part", "no picture", 1)
    for name, id_ in cast.submissions.items():
        estate.named("submission_id", name, id_)
        estate.named("submission_item_id", name, cast.items[name])
        item = session.get_one(SubmissionItem, cast.items[name])
        found = marking.claims_on(session, item)
        estate.claims[name], estate.criterion_id = [claim.id for claim in found], found[0].criterion_id
        for review in item.reviews:
            first_name = next(who for who, id_ in cast.people.items() if id_ == review.assessor_id)
            estate.revs[f"{first_name} on {name}"] = review.rev
    for name in ("ben", "ada", "odette"):
        home = Membership.centre_id == cast.homes[name]
        membership = session.scalars(select(Membership).where(Membership.person_id == cast.people[name], home)).one()
        estate.named("membership_id", name, membership.id)
