"""What is sent with each form of the every-route table: as little as makes it plausible. By hand, like the table."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

from pyotp import TOTP
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.second_factor import standing
from portfolio.bundles.arriving import actions as actions_on_bundles
from portfolio.bundles.arriving.models import ArrivingDraft
from portfolio.centres.models import Centre
from portfolio.criteria.exchange.formats import Format, write
from portfolio.criteria.packs import read_pack
from portfolio.documents.wordtemplate.example import example
from portfolio.enrolment.changing import terms_of
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import Evidence, EvidenceFile, EvidenceVersion
from portfolio.imports.actions import sheet_of, work_out
from portfolio.imports.models import ImportDraft
from portfolio.screening.models import Finding, FindingDecision, Scan
from tests.cast import PACK, PASSWORD
from tests.documents.samples import picture
from tests.policy.estate import MISSING, VIEWS, Estate

NEXT_PASSWORD = "copper meadow trumpet 7"

Data = dict[str, Any]
Sent = Callable[[Estate, str, str], Data]
"""The fields, given the world, the view and the name of the object."""


def sign_in(_estate: Estate, _view: str, name: str) -> Data:
    """Right or wrong, in one of five ways."""
    who = {"right at her home": "olga", "nobody": "nobody", "disabled": "drew"}.get(name, "ben")
    return {"email": f"{who}@example.org", "password": "wrong wrong wrong" if name == "wrong" else PASSWORD}


def password(_estate: Estate, _view: str, name: str) -> Data:
    """A new password for oneself."""
    return {"current": PASSWORD if name == "right" else "wrong wrong wrong", "password": NEXT_PASSWORD}


def own_password(_estate: Estate, _view: str, name: str) -> Data:
    """The present password once more."""
    return {"password": PASSWORD if name == "right" else "wrong wrong wrong"}


def six_digits(estate: Estate, _view: str, _name: str) -> Data:
    """What amina's app shows, in which a key was put."""
    with estate.installation.database.reading() as session:
        key = standing(session, estate.cast.people["amina"]).key
    return {"code": TOTP(key).at(clock.now()) if key else "000000"}


def centre(estate: Estate, _view: str, name: str) -> Data:
    """Where to go on."""
    homes = estate.cast.homes
    return {"centre_id": {"harrow dale": homes["ada"], "other side": homes["odette"]}.get(name, MISSING)}


def invitation(_estate: Estate, _view: str, name: str) -> Data:
    """Somebody new, or somebody whom the other centre knows."""
    who = "newcomer" if name == "somebody new" else "olga"
    return {"name": who.capitalize(), "email": f"{who}@example.org", "role": "learner"}


def enrolment(estate: Estate, _view: str, name: str) -> Data:
    """A learner on the one qualification that there is."""
    learner = estate.cast.people["nina" if name == "somebody unenrolled" else "olga"]
    return {"learner": learner, "qualification": estate.qualification_id, "started_on": clock.today().isoformat()}


def audit_file(_estate: Estate, _view: str, name: str) -> Data:
    """The coverage audit as a file of one kind."""
    return {"kind": name.removeprefix("as ")}


def today() -> str:
    """As a form sends it."""
    return clock.today().isoformat()


def in_a_week() -> str:
    """The same of a later day."""
    return (clock.today() + timedelta(days=7)).isoformat()


def handing_over(estate: Estate, _view: str, name: str) -> Data:
    """Amina from marguerite to noel for a week; or to somebody of the other centre, or a learner of theirs."""
    target = estate.cast.people["oscar" if name == "to oscar" else "noel"]
    learner = estate.cast.enrolments["olga" if name == "of olga" else "amina"]
    source = estate.cast.people["marguerite"]
    days = {"since": today(), "last": in_a_week()}
    return {"source": source, "duty": "assess", "target": target, "learners": learner, **days, "step": "do"}


def grants(estate: Estate, _view: str, name: str) -> Data:
    """Ewan may look for a week."""
    return {"person": estate.cast.people["ewan"], "until": in_a_week(), "learners": estate.cast.enrolments[name]}


def terms(estate: Estate, _view: str, name: str) -> Data:
    """Another number, from the page that an administrator has open."""
    with estate.installation.database.reading() as session:
        enrolment = session.get(Enrolment, estate.cast.enrolments.get(name, MISSING))
        seen = terms_of(enrolment) if enrolment else {}
    return {**seen, "seen": json.dumps(seen), "registration_number": "ANOTHER"}


def allocation(estate: Estate, _view: str, _name: str) -> Data:
    """Noel is to countersign."""
    return {"allocate-duty": "countersign", "allocate-person": estate.cast.people["noel"], "allocate-since": today()}


def grant(estate: Estate, _view: str, _name: str) -> Data:
    """Ewan may look for a week."""
    until = clock.today() + timedelta(days=7)
    return {"grant-person": estate.cast.people["ewan"], "grant-until": until.isoformat()}


def files(_estate: Estate, _view: str, _name: str) -> Data:
    """A new item made of one file."""
    return {"title": "A letter", "method": "PE", "files": (BytesIO(b"Dear customer"), "letter.txt")}


def one_file(_estate: Estate, _view: str, _name: str) -> Data:
    """One file, sent ahead of its item; a form is taken as well as the bare body."""
    return {"files": (BytesIO(b"Dear customer"), "letter.txt")}


def account(_estate: Estate, _view: str, _name: str) -> Data:
    """A new account written here."""
    return {"title": "An account", "method": "RA", "body": "I listened first."}


def elsewhere(_estate: Estate, _view: str, _name: str) -> Data:
    """Something that stays where it is."""
    return {
        "title": "A complaint file",
        "method": "PE",
        "location": "Third drawer",
        "custodian": "Team leader",
        "reason": "It may not leave the site.",
    }


def record(_estate: Estate, _view: str, _name: str) -> Data:
    """What an assessor saw."""
    return {"title": "Watched at the desk", "method": "O", "body": "She listened first."}


def sighting(_estate: Estate, _view: str, _name: str) -> Data:
    """Seen today."""
    return {"seen_on": clock.today().isoformat()}


def edit(estate: Estate, _view: str, name: str) -> Data:
    """A new title for a draft, from the page that its owner has open."""
    return {"title": "Another title", "body": "I listened.", "context": "", "rev": estate.revs.get(name, 1)}


def hiding(_estate: Estate, _view: str, _name: str) -> Data:
    """Where the personal data is."""
    return {"words": "A name on page 1"}


def mending(estate: Estate, _view: str, name: str) -> Data:
    """Every field of the page, with a name taken out of the title; the one file stays."""
    file_id = estate.ids["evidence_file_id"].get(f"{name} v1", MISSING)
    data: Data = {"title": "A letter", "reason": "A name.", "rev": estate.revs.get(name, 1)}
    for claim_id in estate.claims.get(name, []):
        data |= {f"annotation_{claim_id}": "", f"place_{claim_id}": "page 1"}
    return data | {f"fate_{file_id}": "keep", f"name_{file_id}": "letter.txt"}


def false_alarm(_estate: Estate, _view: str, _name: str) -> Data:
    """Why there is nothing to take out."""
    return {"why": "It is a brand."}


def claims(estate: Estate, _view: str, _name: str) -> Data:
    """One criterion, with how it is met."""
    return {"criterion": estate.criterion_id, f"annotation-{estate.criterion_id}": "It is on page 1."}


def handing_in(estate: Estate, _view: str, name: str) -> Data:
    """The draft that is ready, where there is one, with every declaration."""
    items = {"items": estate.ids["evidence_id"]["amina E003"]} if name == "amina" else {}
    return {**items, "own_work": "y", "ai_use": "y", "confidential": "y"}


def review(estate: Estate, view: str, name: str) -> Data:
    """Everything ticked and every claim met, from the page that the assessor has open."""
    data: Data = dict.fromkeys(("valid", "authentic", "reliable", "current"), "y")
    data |= {"feedback": "Well argued.", "rev": estate.revs.get(f"{VIEWS[view]} on {name}", 0)}
    for claim_id in estate.claims.get(name, []):
        data |= {f"outcome-{claim_id}": "met", f"sufficient-{claim_id}": "y", f"feedback-{claim_id}": "Clear."}
    return data


def together(estate: Estate, _view: str, _name: str) -> Data:
    """What may be released by whoever noted it, and what is nobody's here."""
    return {"item": [estate.ids["submission_item_id"][name] for name in ("amina E005", "cara E001", "olga E001")]}


def may_stay(estate: Estate, _view: str, name: str) -> Data:
    """What was found may stay, and why."""
    return {"words": estate.seen.get(name, ""), "reason": "agreed"}


def checked(estate: Estate, _view: str, name: str) -> Data:
    """The file that somebody has looked through themselves."""
    return {"file": estate.seen.get(f"{name}, file", "")}


def visited(estate: Estate, _view: str, name: str) -> Data:
    """Whose portfolio is wanted for a visit."""
    return {"learners": estate.cast.enrolments.get(name.removeprefix("of "), "")}


def signing_off(estate: Estate, _view: str, name: str) -> Data:
    """What the page has shown of the unit."""
    return {"seen": estate.seen.get(name, "")}


def centre_settings(estate: Estate, _view: str, name: str) -> Data:
    """The centre under another name, without one, or from a page that was made before it changed."""
    rev = "1" if name == "late" else str(estate.revs["Harrow Dale"])
    numbers = {"keep_decisions_years": "3", "keep_work_weeks": "12", "expected_days": "365", "hold_original_days": "30"}
    return {"rev": rev, "name": "" if name == "wrong" else "Harrow Dale", "number": "40217", **numbers}


def own_words(estate: Estate, _view: str, name: str) -> Data:
    """Another word for learners, one half of it, or one from an old page."""
    many = {} if name == "wrong" else {"learner_many": "apprentices"}
    rev = "1" if name == "late" else str(estate.revs["Harrow Dale"])
    return {"rev": rev, "learner_one": "apprentice", **many}


def known_words(_estate: Estate, _view: str, name: str) -> Data:
    """One name to find, a line that cannot be, or a page that was made before the lists changed."""
    return {"rev": "7" if name == "late" else "0", "people": "x" if name == "wrong" else "Mrs Quillfeather"}


def found_in(session: Session, estate: Estate, name: str) -> list[Finding]:
    """All that is found in an item, what its own words say first."""
    item = estate.ids["evidence_id"].get(name, MISSING)
    uid = select(Evidence.uid).where(Evidence.id == item).scalar_subquery()
    rows = select(Finding).join(Scan).where(Finding.item_uid == uid)
    return list(session.scalars(rows.order_by(Scan.source, Finding.id)))


def decided(estate: Estate, _view: str, name: str) -> Data:
    """The first thing that was found in an item, as its card would send it; and what was decided about it."""
    with estate.installation.database.reading() as session:
        found = found_in(session, estate, name)
        card = {"finding": found[0].uid, "entity": found[0].entity.uid} if found else {}
        acts = select(FindingDecision.act).where(FindingDecision.item_uid == (found[0].item_uid if found else ""))
        act = session.scalars(acts).first() or ""
    return {**card, "act": act, "reason": "public", "label": "USERNAME", "words": "rang"}


def in_a_file(estate: Estate, _view: str, name: str) -> Data:
    """The last thing that was found in an item: in its file, where it has one."""
    with estate.installation.database.reading() as session:
        return {"finding": [one.uid for one in found_in(session, estate, name)[-1:]]}


def two_people(estate: Estate, _view: str, name: str) -> Data:
    """Two of those whom an item names, to be one."""
    with estate.installation.database.reading() as session:
        uids = list(dict.fromkeys(one.entity.uid for one in found_in(session, estate, name)))
    return {"entity": uids[0], "into": uids[1]} if len(uids) > 1 else {}


def recording(estate: Estate, _view: str, name: str) -> Data:
    """A file that nobody could read."""
    with estate.installation.database.reading() as session:
        files = (
            select(EvidenceFile.uid)
            .join(EvidenceVersion)
            .where(
                EvidenceVersion.evidence_id == estate.ids["evidence_id"].get(name, MISSING),
                EvidenceFile.name == "call.mp3",
            )
        )
        return {"file": session.scalars(files).first() or ""}


def logo(_estate: Estate, _view: str, name: str) -> Data:
    """A picture, something else, or nothing."""
    if name == "nothing":
        return {}
    return {"logo": (BytesIO(picture() if name == "a picture" else b"<svg/>"), "logo.png")}


def word_template(_estate: Estate, _view: str, name: str) -> Data:
    """A template, something else, or nothing."""
    if name == "nothing":
        return {}
    return {"template": (BytesIO(example() if name == "a template" else b"plain words"), "ours.docx")}


def cohort(_estate: Estate, _view: str, name: str) -> Data:
    """Another name, or the one that another cohort has."""
    return {"name": "Over" if name == "a name that is taken" else "Autumn", "rev": "1"}


def into_cohort(estate: Estate, _view: str, _name: str) -> Data:
    """The one in which ben is already."""
    return {"cohort": estate.ids["cohort_id"]["spring"]}


def pack(_estate: Estate, _view: str, name: str) -> Data:
    """The qualification that is there, as a file; or no file."""
    return {"files": (BytesIO(PACK.read_bytes()), PACK.name)} if name == "a pack" else {}


def other_pack(_estate: Estate, _view: str, name: str) -> Data:
    """The qualification that is there, in a format of others; or no file."""
    content = write(read_pack(PACK), Format.CSV, changed=clock.now())
    return {"file": (BytesIO(content), "criteria.csv")} if name == "a pack" else {}


def some_list(_estate: Estate, _view: str, _name: str) -> Data:
    """Somebody new, as CSV."""
    return {"file": (BytesIO(b"Name,Email\nNia Newcomer,nia@example.org\n"), "people.csv")}


def looked_at(estate: Estate, _view: str, name: str) -> Data:
    """What the page has shown of a list."""
    if name not in estate.ids["import_draft_id"]:
        return {"seen": ""}
    with estate.installation.database.reading() as session:
        draft = session.get_one(ImportDraft, estate.ids["import_draft_id"][name])
        centre = session.get_one(Centre, draft.centre_id)
        return {"seen": work_out(session, centre, draft.kind, sheet_of(draft), draft.matching).digest}


def some_bundle(_estate: Estate, _view: str, name: str) -> Data:
    """What begins as a bundle does; or no file."""
    return {"file": (BytesIO(b"PK\x03\x04 from elsewhere"), "bundle.zip")} if name == "a bundle" else {}


def said_of_people(estate: Estate, _view: str, name: str) -> Data:
    """Nobody of a bundle from elsewhere is said to be anybody, as the page showed it."""
    return {"seen": as_it_arrives(estate, name, actions_on_bundles.matches_of)}


def compared(estate: Estate, _view: str, name: str) -> Data:
    """What the page showed of a bundle from elsewhere, whose fingerprint was compared."""
    return {"seen": as_it_arrives(estate, name, lambda draft: draft.found.get("digest", "")), "compared": "y"}


def as_it_arrives(estate: Estate, name: str, told: Callable[[ArrivingDraft], str]) -> str:
    """Something of a bundle on its way in; nothing where there is none."""
    with estate.installation.database.reading() as session:
        draft = session.get(ArrivingDraft, estate.ids["arriving_draft_id"].get(name, 0))
        return told(draft) if draft is not None else ""


def typed(_estate: Estate, _view: str, _name: str) -> Data:
    """A form that is not saved yet, as a script sends it."""
    return {"rev": 0, "content": {"title": "A call"}}


def nothing(_estate: Estate, _view: str, _name: str) -> Data:
    """Only a button."""
    return {}


SENT: dict[str, Sent] = {
    "/sign-in": sign_in,
    "/sign-out": nothing,
    "/forgotten-password": lambda _estate, _view, _name: {"email": "ben@example.org"},
    "/link/<token>": lambda _estate, _view, _name: {"password": NEXT_PASSWORD},
    "/account": password,
    "/account/centre": centre,
    "/sign-in/code": lambda _estate, _view, _name: {"code": "123456"},
    "/sign-in/recovery": lambda _estate, _view, _name: {"code": "abcd-efgh-jkmn"},
    "/account/second-step/begin": own_password,
    "/account/second-step/confirm": six_digits,
    "/account/second-step/codes": own_password,
    "/account/second-step/give-up": own_password,
    "/account/sessions/<int:sign_in_session_id>/end": nothing,
    "/account/sessions/end-others": nothing,
    "/account/name": lambda _estate, _view, _name: {"name": "Somebody Else"},
    "/account/notices": lambda _estate, _view, _name: {"screen": ["feedback", "submitted", "invited"]},
    "/account/stems": lambda _estate, _view, _name: {"words": "I could see that you"},
    "/account/stems/<int:feedback_stem_id>": lambda _estate, _view, _name: {"words": "I could see that you"},
    "/account/stems/<int:feedback_stem_id>/drop": nothing,
    "/notices/put-away": nothing,
    "/notices/<int:notice_id>/open": nothing,
    "/notices/<int:notice_id>/put-away": nothing,
    "/drafts/<place>": typed,
    "/text-preview": lambda _estate, _view, _name: {"text": "*soft*"},
    "/centre/settings": centre_settings,
    "/centre/words": own_words,
    "/centre/personal-data": known_words,
    "/centre/personal-data/asked/<int:finding_decision_id>": lambda _estate, _view, _name: {"answer": "allow"},
    "/enrolments/<int:enrolment_id>/personal-data": known_words,
    "/enrolments/<int:enrolment_id>/personal-data/forget": lambda _estate, _view, _name: {"sure": "y"},
    "/centre/logo": logo,
    "/centre/remove-logo": nothing,
    "/centre/word-template": word_template,
    "/centre/word-template/remove": nothing,
    "/cohorts/new": cohort,
    "/cohorts/<int:cohort_id>/edit": cohort,
    "/cohorts/<int:cohort_id>/close": nothing,
    "/enrolments/<int:enrolment_id>/cohort": into_cohort,
    "/people/invite": invitation,
    "/people/<int:person_id>/reset-second-step": nothing,
    "/people/<int:person_id>/rename": lambda _estate, _view, _name: {"name": "Somebody Else"},
    "/people/<int:person_id>/roles": lambda _estate, _view, _name: {"give-role": "iqa", "give-since": today()},
    "/people/<int:person_id>/roles/<int:membership_id>/end": lambda _estate, _view, _name: {"end-on": today()},
    "/people/<int:person_id>/roles/<int:membership_id>/standing": lambda _estate, _view, _name: {
        "standing-on": today()
    },
    "/people/<int:person_id>/invite-again": nothing,
    "/people/<int:person_id>/disable": nothing,
    "/people/<int:person_id>/enable": nothing,
    "/enrolments/hand-over": handing_over,
    "/enrolments/grants": grants,
    "/enrolments/<int:enrolment_id>/terms": terms,
    "/enrolments/<int:enrolment_id>/leave": lambda _estate, _view, _name: {"how": "completed", "on": today()},
    "/enrolments/<int:enrolment_id>/return": nothing,
    "/enrolments/<int:enrolment_id>/allocations/<int:allocation_id>": lambda _estate, _view, _name: {
        "since": today(),
        "last": in_a_week(),
    },
    "/enrolments/<int:enrolment_id>/grants/<int:grant_id>": lambda _estate, _view, _name: {"until": in_a_week()},
    "/enrolments/<int:enrolment_id>/grants/<int:grant_id>/withdraw": nothing,
    "/criteria/load": pack,
    "/criteria/load/convert": other_pack,
    "/criteria/load/now": lambda _estate, _view, _name: {"rev": "1"},
    "/criteria/load/discard": nothing,
    "/criteria/load/take-out": lambda _estate, _view, _name: {"name": "pack.yaml"},
    "/centre/trail/check": nothing,
    "/enrolments/<int:enrolment_id>/trail/check": nothing,
    "/imports/new/<kind>": some_list,
    "/imports/send-invitations": nothing,
    "/imports/<int:import_draft_id>/columns": lambda _estate, _view, _name: {"name": "1", "email": "0"},
    "/imports/<int:import_draft_id>/import": looked_at,
    "/imports/<int:import_draft_id>/discard": nothing,
    "/arriving": some_bundle,
    "/arriving/<int:arriving_draft_id>/people": said_of_people,
    "/arriving/<int:arriving_draft_id>/bring-in": compared,
    "/arriving/<int:arriving_draft_id>/cancel": nothing,
    "/arriving/<int:arriving_draft_id>/discard": nothing,
    "/enrolments/new": enrolment,
    "/enrolments/<int:enrolment_id>/allocate": allocation,
    "/enrolments/<int:enrolment_id>/allocations/<int:allocation_id>/end": nothing,
    "/enrolments/<int:enrolment_id>/grant": grant,
    "/enrolments/<int:enrolment_id>/units/choose": nothing,
    "/enrolments/<int:enrolment_id>/units/<int:enrolment_unit_id>/move": nothing,
    "/units/<int:enrolment_unit_id>/sign-off": signing_off,
    "/units/<int:enrolment_unit_id>/reopen": lambda _estate, _view, _name: {"reason": "2.1 was read too kindly."},
    "/enrolments/<int:enrolment_id>/evidence/add-files": files,
    "/enrolments/<int:enrolment_id>/files": one_file,
    "/waiting-files/<int:waiting_file_id>/remove": nothing,
    "/enrolments/<int:enrolment_id>/evidence/write": account,
    "/enrolments/<int:enrolment_id>/hand-in": handing_in,
    "/coverage/export": audit_file,
    "/enrolments/<int:enrolment_id>/book": nothing,
    "/enrolments/<int:enrolment_id>/book/cancel": nothing,
    "/enrolments/<int:enrolment_id>/bundle": nothing,
    "/bundles/<int:kept_bundle_id>/cancel": nothing,
    "/bundles/<int:kept_bundle_id>/remove": nothing,
    "/bundle-parts/<int:bundle_part_id>/held/<subject>": may_stay,
    "/bundle-parts/<int:bundle_part_id>/held/<subject>/checked": checked,
    "/centre/bundles": nothing,
    "/centre/bundles/visit/items": visited,
    "/books/<int:word_book_id>/held/<subject>": may_stay,
    "/books/<int:word_book_id>/held/<subject>/checked": checked,
    "/enrolments/<int:enrolment_id>/evidence/elsewhere": elsewhere,
    "/enrolments/<int:enrolment_id>/records/new": record,
    "/evidence/<int:evidence_id>/put-on-record": lambda _estate, _view, _name: {"witnessed": "y", "confidential": "y"},
    "/evidence/<int:evidence_id>/sighting": sighting,
    "/evidence/<int:evidence_id>/restore": nothing,
    "/evidence/<int:evidence_id>/delete": nothing,
    "/evidence/<int:evidence_id>/edit": edit,
    "/evidence/<int:evidence_id>/revise": nothing,
    "/evidence/<int:evidence_id>/discard": nothing,
    "/evidence/<int:evidence_id>/hide": hiding,
    "/evidence/<int:evidence_id>/mend": mending,
    "/evidence/<int:evidence_id>/show-again": false_alarm,
    "/evidence/<int:evidence_id>/map": claims,
    "/evidence/<int:evidence_id>/personal-data/look": nothing,
    "/evidence/<int:evidence_id>/personal-data/replace": decided,
    "/evidence/<int:evidence_id>/personal-data/keep": decided,
    "/evidence/<int:evidence_id>/personal-data/confirm": in_a_file,
    "/evidence/<int:evidence_id>/personal-data/merge": two_people,
    "/evidence/<int:evidence_id>/personal-data/split": decided,
    "/evidence/<int:evidence_id>/personal-data/relabel": decided,
    "/evidence/<int:evidence_id>/personal-data/mark": decided,
    "/evidence/<int:evidence_id>/personal-data/check": recording,
    "/evidence/<int:evidence_id>/personal-data/undo": decided,
    "/enrolments/<int:enrolment_id>/look-through": nothing,
    "/evidence/<int:evidence_id>/look-through": nothing,
    "/files/<int:evidence_file_id>/preview": nothing,
    "/files/<int:evidence_file_id>/redact/marks": nothing,
    "/files/<int:evidence_file_id>/redact/missed": lambda _estate, _view, _name: {
        "words": "Nobody of that name",
        "label": "PERSON",
    },
    "/files/<int:evidence_file_id>/redact/make": nothing,
    "/files/<int:evidence_file_id>/redact/use": nothing,
    "/files/<int:evidence_file_id>/redact/drop": nothing,
    "/redactions/<int:redaction_id>/let-go": nothing,
    "/files/<int:evidence_file_id>/remove": nothing,
    "/submissions/<int:submission_id>/withdraw": nothing,
    "/marking/<int:submission_item_id>": review,
    "/marking/release-together": together,
    "/marking/<int:submission_item_id>/here": nothing,
    "/marking/<int:submission_item_id>/open": nothing,
    "/marking/<int:submission_item_id>/release": nothing,
    "/marking/<int:submission_item_id>/countersign": nothing,
}
"""What goes with each form, by the route's rule."""

WRITES_NOTHING = frozenset(
    {
        "POST /sign-in/code",  # whoever is signed in already is sent on
        "POST /sign-in/recovery",
        "POST /account/sessions/end-others",  # somebody is signed in nowhere else
        "POST /notices/put-away",  # nothing is new to somebody who was told nothing
        "POST /text-preview",  # what is typed comes back as it will look
        "POST /enrolments/<int:enrolment_id>/look-through",  # what is typed is looked at and not kept
        "POST /evidence/<int:evidence_id>/look-through",
        "POST /evidence/<int:evidence_id>/personal-data/look",  # its words were looked through as they are
        "POST /forgotten-password",  # without mail there is nothing to do
        "POST /marking/<int:submission_item_id>/open",  # what is open already stays open
        "POST /enrolments/<int:enrolment_id>/bundle",  # the same is being made already
        "POST /marking/release-together",  # what nobody noted anything on is named and left
        "POST /criteria/load/discard",  # nothing was sent that could be thrown away
        "POST /files/<int:evidence_file_id>/preview",  # what is shown already is the answer
        "POST /enrolments/<int:enrolment_id>/book",  # the book that is being made already is the answer
    }
)
"""The forms that may be done without anything being written."""
