"""What the world of the every-route table holds: the cast, more people and objects in every state, and their names."""

import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import Event

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts import actions as accounts
from portfolio.accounts.models import Grant, Membership, Person
from portfolio.accounts.rules import Role
from portfolio.assessment import marking, submitting
from portfolio.assessment.amending import Mending
from portfolio.assessment.models import SubmissionItem
from portfolio.assessment.rules import Mark
from portfolio.audit.events import System
from portfolio.centres.models import Centre
from portfolio.criteria.actions import load_pack
from portfolio.criteria.packs import read_pack
from portfolio.criteria.rules import Method
from portfolio.documents.blocks import Extract
from portfolio.documents.preview import Manifest, Piece, Shot
from portfolio.enrolment import actions as enrolment_actions
from portfolio.enrolment import leaving
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
from portfolio.export.models import WordBook
from portfolio.installation import open_installation
from portfolio.jobs import actions as jobs
from portfolio.mapping import actions as mapping
from portfolio.mapping.rules import Outcome
from portfolio.previews import actions as preview_actions
from portfolio.redaction.models import Redaction
from portfolio.storage.actions import keep
from portfolio.storage.models import Blob
from portfolio.worker import make_runner
from tests.assessment import signing
from tests.assessment.further import claim_further, hand_in_further
from tests.cast import ALL_TICKED, PACK, PASSWORD, add_file, assemble, enrol, hand_in, item, upload, wanted, write
from tests.conftest import settings_over
from tests.policy.bundling import ask_for_bundle, bring_from_elsewhere, hold_out, keep_as_made
from tests.policy.doors import BASE, sign_in
from tests.policy.estate import VIEWS, Estate, opened_on
from tests.policy.kinds import (
    asked,
    cohorts_of_both,
    held_elsewhere,
    hold_back,
    lists,
    logos,
    made_by_hand,
    names_people,
    notices,
    observe,
    put_on_record,
    redacted,
    second_steps,
    stems,
    thrown_away,
    word_templates,
)


@cache
def filled(template: Path) -> Estate:
    """The world as it was filled, closed again: it takes seconds, so that a process does it once."""
    home = template.with_name("estate")
    home.mkdir()
    installation = opened_on(template, home)
    estate = Estate(installation, assemble(installation))
    fill(estate)
    installation.close()
    return estate


def made(template: Path, home: Path) -> Iterator[Estate]:
    """The world over a copy of all that it lies in, closed at the end: what a fixture yields."""
    first = filled(template)
    copy = home / "home"
    shutil.copytree(first.installation.settings.home, copy)
    estate = first.over(open_installation(settings_over(copy)))
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
        for name, row_id in cohorts_of_both(session, estate.cast).items():
            estate.named("cohort_id", name, row_id)
        for name, sha256 in logos(session, estate.cast).items():
            estate.named("sha256", name, sha256)
        word_templates(session, estate.cast)
        for name, row_id in lists(session, estate.cast).items():
            estate.named("import_draft_id", name, row_id)
        for name, row_id in asked(session, estate.cast).items():
            estate.named("finding_decision_id", name, row_id)
        _redact(session, estate)
        names_people(session, estate.cast)
        for name, row_id in notices(session, estate.cast).items():
            estate.named("notice_id", name, row_id)
        session.commit()
    for view, name in VIEWS.items():
        estate.cookies[view], estate.tokens[view] = sign_in(estate.app, name)
    with estate.installation.database.writing() as session:
        vera = session.get_one(Person, estate.cast.people["vera"])
        accounts.disable(session, System(), vera, session.get_one(Centre, estate.cast.homes["vera"]))
        for name, row_id in estate.cast.people.items():
            estate.named("person_id", name, row_id)
        for name, row_id in second_steps(session, estate.cast).items():
            estate.named("sign_in_session_id", name, row_id)
        estate.revs["Harrow Dale"] = session.get_one(Centre, estate.cast.homes["ada"]).rev
        session.commit()
    _books(estate)
    _bundles(estate)
    _bundles_from_elsewhere(estate)
    with estate.installation.database.writing() as session, clock.fixed(clock.now() + timedelta(days=1)):
        jobs.note_seen(session, "worker")
        session.commit()
    with estate.installation.database.writing() as session:
        _show_files(session, estate)
        session.commit()
    with estate.installation.database.reading() as session:
        _name_everything(session, estate)
    sheet = estate.app.test_client().get("/sign-in", base_url=BASE).text.partition('href="/static/')[2]
    digest, path = sheet.partition('"')[0].split("/", 1)
    estate.named("place", "a place", "evidence.write.1")
    estate.named("place", "no place", "Evidence..write")
    estate.named("kind", "people", "people")
    estate.named("kind", "no kind", "emperors")
    estate.named("criteria_format", "a table", "xlsx")
    estate.named("criteria_format", "no table", "docx")
    estate.named("role", "for assessors", "assessor")
    estate.named("role", "for nobody", "emperor")
    estate.named("digest", "stylesheet", digest)
    estate.named("path", "stylesheet", path)


def _people(session: Session, estate: Estate) -> None:
    """Noel and vera at Harrow Dale, three more to learn there; half of the cast has a role at Other Side too."""
    harrow = session.get_one(Centre, estate.cast.homes["ada"])
    other = session.get_one(Centre, estate.cast.homes["odette"])
    _join(session, estate, harrow, "noel", Role.ASSESSOR)
    for learner in ("cara", "dora", "edna", "gina"):
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
    _further(session, estate)
    for name in ("amina", "olga"):
        _wait(session, estate, name)
    for name, finish in (("dora", signing.all_met), ("edna", signing.signed)):
        enrolment = enrol(session, centre, people[name], amina.qualification, cast, name)
        enrolment_actions.allocate(session, System(), enrolment, person=people["marguerite"], duty=Duty.ASSESS)
        unit = finish(session, cast, name)
        estate.seen[name] = signing.found(session, unit).seen
    gina = enrol(session, centre, people["gina"], amina.qualification, cast, "gina")
    leaving.finish(session, System(), gina, on=clock.today())
    for name in ("cara", "olga"):
        if name == "cara":
            _hand_in_file(session, estate, name, "E001", "1.1")
        write(session, installation, cast, name, "Only a draft", "Nobody else reads this.")


def _redact(session: Session, estate: Estate) -> None:
    """A file of amina's, and one of a draft of olga's, are redacted, and their originals held; of another one of
    amina's the redacted version waits to be used.
    """
    letter = add_file(session, estate.installation, estate.cast, "olga", "A letter", b"Dear Mrs Quillfeather")
    for name, row_id in redacted(session, estate.cast, {"amina": "E009", "olga": letter.ref}).items():
        estate.named("redaction_id", name, row_id)
    enrolment_id = estate.cast.enrolments["amina"]
    item = session.scalars(select(Evidence).where(Evidence.enrolment_id == enrolment_id, Evidence.ref == "E008")).one()
    made_by_hand(session, estate.cast, "amina", item.latest.files[-1])


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


def _further(session: Session, estate: Estate) -> None:
    """Amina claims more on E018, which waits, and on E019 to E023, which are marked. Since E020 that is handed in, and
    it is what goes by these names; then it is opened, noted, and decided by a trainee."""
    cast = estate.cast
    for ref in ("E018", "E019", "E020", "E021", "E022", "E023"):
        _hand_in_file(session, estate, "amina", ref, "1.1")
        if ref != "E018":
            _mark(session, estate, "marguerite", f"amina {ref}", is_released=True)
        claim_further(session, cast, f"amina {ref}", {"1.3": "It shows on page 2."})
    for name in ("amina E020", "amina E021", "amina E022", "amina E023"):
        submission = hand_in_further(session, cast, name)
        cast.submissions[name], cast.items[name] = submission.id, submission.items[0].id
    marking.open_item(session, cast.actor("marguerite", session), item(session, cast, "amina E021"))
    _mark(session, estate, "marguerite", "amina E022", is_released=False)
    _mark(session, estate, "tobias", "amina E023", is_released=True)


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


def _as_if_laid_out(book: Path, pdf: Path) -> bool:
    """Nothing lays books out here: the PDF of each is a file that no other book has."""
    pdf.write_bytes(b"%PDF-1.7 " + sha256(book.read_bytes()).hexdigest().encode())
    return True


def _books(estate: Estate) -> None:
    """A book of amina's, cara's and olga's each; of amina's also one held back for words of marguerite's and for a
    file, and one that nobody has made yet.
    """
    cast, database = estate.cast, estate.installation.database
    books = ("amina", True), ("cara", True), ("olga", True), ("amina held", False), ("amina unfinished", False)
    for name, is_made in books:
        learner = name.partition(" ")[0]
        with database.writing() as session:
            enrolment = session.get_one(Enrolment, cast.enrolments[learner])
            book = ask_for_book(session, cast.actor(learner, session), enrolment)
            estate.named("word_book_id", name, book.id)
            if name == "amina held":
                place, file = hold_back(session, cast, book)
                estate.named("subject", name, place.subject)
                estate.seen[name], estate.seen[f"{name}, file"] = place.hits[0].token, file.uid
            session.commit()
        if is_made:
            runner = make_runner(
                estate.installation, Event(), extractor=lambda _folder: nullcontext(_unread), lay_out=_as_if_laid_out
            )
            assert runner.run_due() == 1


def _bundles(estate: Estate) -> None:
    """A bundle of amina's, cara's and olga's each, and one of amina's that was held back as her book was; one for a
    visit to amina, one to amina and ben, one of each centre; and one of amina's that nobody has made yet.
    """
    cast, database = estate.cast, estate.installation.database
    asked: dict[str, tuple[str, str, tuple[str, ...]]] = {
        "amina": ("amina", "learner", ("amina",)),
        "cara": ("cara", "learner", ("cara",)),
        "olga": ("olga", "learner", ("olga",)),
        "visit": ("iris", "visit", ("amina",)),
        "visit of two": ("ada", "visit", ("amina", "ben")),
        "centre": ("ada", "centre", ()),
        "theirs": ("odette", "centre", ()),
        "amina held": ("amina", "learner", ("amina",)),
        "amina unfinished": ("marguerite", "learner", ("amina",)),
    }
    for name, (by, kind, whose) in asked.items():
        with database.writing() as session:
            bundle = ask_for_bundle(session, cast, by, kind, whose)
            estate.named("kept_bundle_id", name, bundle.id)
            estate.named("bundle_part_id", name, bundle.parts[0].id)
            if name == "amina held":
                hold_out(session, cast, bundle, session.get_one(WordBook, estate.ids["word_book_id"][name]))
            elif name != "amina unfinished":
                keep_as_made(session, cast, by, bundle, name)
            session.commit()


def _bundles_from_elsewhere(estate: Estate) -> None:
    """Three that ada brought, of which nobody has looked into one yet; and one of Other Side's."""
    with estate.installation.database.writing() as session:
        for name in ("checked", "refused", "working", "theirs"):
            draft = bring_from_elsewhere(session, estate.cast, "odette" if name == "theirs" else "ada", name)
            estate.named("arriving_draft_id", name, draft.id)
        session.commit()


def _unread(_path: Path, _media_type: str, _name: str, _sha256: str | None) -> Extract:
    return Extract((), "Nobody reads this.")


def _show_files(session: Session, estate: Estate) -> None:
    """Every file has a preview of one picture, and so has what was redacted."""
    previews = estate.installation.previews
    shot = Shot(0, "image/webp", 1, 1)
    manifest = Manifest((Piece("picture", "Picture", (shot,)),)).as_json()
    shown = exists().where(EvidenceFile.blob_id == Blob.id) | exists().where(Redaction.result_blob_id == Blob.id)
    for blob in session.scalars(select(Blob).where(shown)).all():
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
        if enrolment.allocations:
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
    for grant in session.scalars(select(Grant)):
        name = next(name for name, id_ in cast.enrolments.items() if id_ == grant.enrolment_id)
        estate.named("grant_id", name, grant.id)
    for name, id_ in cast.submissions.items():
        estate.named("submission_id", name, id_)
        estate.named("submission_item_id", name, cast.items[name])
        item = session.get_one(SubmissionItem, cast.items[name])
        found = marking.claims_on(session, item)
        estate.claims[name], estate.criterion_id = [claim.id for claim in found], found[0].criterion_id
        for review in item.reviews:
            first_name = next(who for who, id_ in cast.people.items() if id_ == review.assessor_id)
            estate.revs[f"{first_name} on {name}"] = review.rev
    for name in ("ben", "tobias", "ada", "odette"):
        home = Membership.centre_id == cast.homes[name]
        membership = session.scalars(select(Membership).where(Membership.person_id == cast.people[name], home)).one()
        estate.named("membership_id", name, membership.id)
