"""Bringing a list in the browser: the file, its columns, what it would do, and then all of it or nothing."""

import csv
from dataclasses import replace
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from sqlalchemy import func, select

from portfolio import clock
from portfolio.accounts import actions as accounts
from portfolio.accounts.models import Membership, Person
from portfolio.accounts.rules import Role
from portfolio.audit.events import System
from portfolio.audit.models import AuditEvent, AuditText
from portfolio.centres.models import Centre
from portfolio.config import Mail
from portfolio.enrolment.models import Allocation, Cohort, Enrolment
from portfolio.housekeeping import sweep_drafts
from portfolio.imports.models import ImportDraft
from portfolio.imports.rules import KEPT_FOR, ImportKind
from portfolio.installation import Installation
from portfolio.notices.models import Notice
from portfolio.notices.rules import NoticeKind, Posting
from tests.cast import Cast
from tests.client import Page, StrictClient

TWO = (
    "Surname,First name,E-mail,Role\nNewcomer,Nia,nia@example.org,Learner\nOkoro,Obi,obi@example.org,trainee assessor\n"
)


@pytest.fixture
def ada(client: StrictClient, cast: Cast) -> StrictClient:
    """The administrator of Harrow Dale."""
    assert cast.people
    return client.sign_in("ada")


def send(client: StrictClient, kind: str, text: str | bytes, *, status: int = 303, name: str = "list.csv") -> Page:
    """Send a list; answers the page of its columns, or the same page with what is wrong."""
    content = text.encode() if isinstance(text, str) else text
    answer = client.post(f"/imports/new/{kind}", {"file": (BytesIO(content), name)}, status=status)
    return client.get(answer.location) if status == 303 else answer


def path_of(page: Page) -> str:
    """Where a page is."""
    return page.response.request.path


def look(client: StrictClient, kind: str, text: str | bytes) -> Page:
    """Send a list whose columns are told by their headings; answers what it would do."""
    page = send(client, kind, text)
    [form] = [form for form in page.forms() if "email" in form["fields"] or "starts_on" in form["fields"]]
    return client.get(client.post(path_of(page), form["fields"]).location)


def press_import(client: StrictClient, page: Page, **fields: str) -> Page:
    """Press the button that imports what the page shows; answers where it leads."""
    [form] = [form for form in page.forms() if form["action"].endswith("/import")]
    return client.get(client.post(form["action"], {**form["fields"], **fields}).location)


def count(cast: Cast, model: type[Any]) -> int:
    """How many rows there are."""
    with cast.installation.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_people_are_shown_first_and_then_invited(ada: StrictClient, cast: Cast) -> None:
    """Nothing but the list itself is stored before; one event tells of the list, and one of each person."""
    people, events = count(cast, Person), count(cast, AuditEvent)
    page = look(ada, "people", TWO)
    assert "Comes as a learner." in page.words
    assert "Comes as a trainee assessor." in page.words
    assert (count(cast, Person), count(cast, AuditEvent), count(cast, ImportDraft)) == (people, events, 1)
    done = press_import(ada, page)
    assert "The list is imported: 2 new." in done.words
    assert "No invitation was sent yet." in done.words
    assert (count(cast, Person), count(cast, AuditEvent), count(cast, ImportDraft)) == (people + 2, events + 3, 0)
    with cast.installation.database.reading() as session:
        obi = session.scalars(select(Membership).join(Person).where(Person.email == "obi@example.org")).one()
        assert (obi.role, obi.qualified, obi.centre_id) == (Role.ASSESSOR, False, cast.homes["ada"])
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
        told = session.scalars(select(AuditText.text).where(AuditText.event_id == event.id)).one()
    assert event.verb == "import.store"
    assert (told["count"], told["made"], len(told["digest"])) == (2, 2, 64)
    listed = ada.get("/people?q=nia@").words
    assert "Nia Newcomer" in listed
    assert "Invited" in listed
    again = look(ada, "people", TWO)
    assert "Everything in this list is there already." in again.words
    assert not [form for form in again.forms() if form["action"].endswith("/import")]


def test_a_whole_centre_comes_by_four_lists(ada: StrictClient, cast: Cast) -> None:
    press_import(ada, look(ada, "people", TWO))
    press_import(ada, look(ada, "cohorts", "Cohort;Start date\nAutumn 2026;01/09/2026\n"))
    enrolments = (
        "Learner email\tQualification\tStart\tCohort\tAssessor\tRegistration no\n"
        "nia@example.org\tICQ-L3-CCO\t1 September 2026\tautumn 2026\tmarguerite@example.org\tR-1\n"
    )
    page = look(ada, "enrolments", enrolments)
    assert "on 1 September 2026, in Autumn 2026, with Marguerite Okonkwo-Lindqvist as assessor." in page.words
    press_import(ada, page)
    allocations = (
        "Learner,Staff e-mail address,Duty,First day,Last day\n"
        "nia@example.org,iris@example.org,IQA,2026-10-01,\n"
        "nia@example.org,obi@example.org,,2026-10-01,31/12/2026\n"
    )
    press_import(ada, look(ada, "allocations", allocations))
    with cast.installation.database.reading() as session:
        enrolment = session.scalars(select(Enrolment).order_by(Enrolment.id.desc()).limit(1)).one()
        assert enrolment.cohort_id == session.scalars(select(Cohort.id).where(Cohort.name == "Autumn 2026")).one()
        assert (enrolment.learner.name, enrolment.registration_number) == ("Nia Newcomer", "R-1")
        assert [unit.unit_code for unit in enrolment.units] == ["HRCC"]
        duties = session.scalars(select(Allocation).where(Allocation.enrolment_id == enrolment.id)).all()
        assert [(row.person.name, row.duty.value, str(row.until)) for row in duties] == [
            ("Marguerite Okonkwo-Lindqvist", "assess", "None"),
            ("Iris Featherstonehaugh", "quality_assure", "None"),
            ("Obi Okoro", "assess", "2027-01-01"),
        ]
    assert "Nia Newcomer" in ada.get("/enrolments?q=newcomer").words


def test_one_bad_row_keeps_all_of_them_out(ada: StrictClient, cast: Cast) -> None:
    """Each is named with its line, its column and what to do, and can be taken home as CSV that nothing runs in."""
    people = count(cast, Person)
    rows = (
        "Name,Email,Role\nNia,nia@example.org,Learner\n=cmd()|x,obi,Emperor\nBen,ben@example.org,learner\n"
        '"Two\nLines",,\n'
    )
    page = look(ada, "people", rows)
    assert "2 rows cannot be taken, so nothing can be imported." in page.words
    assert "Email: “obi” is no whole e-mail address, such as name@example.org." in page.words
    assert "Role: “Emperor” is no role." in page.words
    assert "Email: There is no address. Fill it in." in page.words
    [href] = [link for link in page.links() if link.endswith("/bad-rows")]
    answer = ada.open(href)
    assert answer.response.headers["Content-Disposition"].startswith('attachment; filename="people-to-mend.csv"')
    taken = list(csv.reader(StringIO(answer.response.data.decode("utf-8-sig"))))
    assert taken[0] == ["Line", "What to do", "Name", "Email", "Role"]
    assert [row[0] for row in taken[1:]] == ["3", "5"]
    assert taken[1][2:] == ["'=cmd()|x", "obi", "Emperor"]
    draft = path_of(page)
    assert ada.post(f"{draft}/import", {"seen": ""}).location == draft
    everything = ada.get(f"{draft}?rows=all").words
    assert "Is here as Ben Oyelaran; the name stays." in everything
    assert count(cast, Person) == people


def test_the_columns_are_said_where_the_headings_do_not(ada: StrictClient) -> None:
    """The first rows stand beside them; what is lacking or said twice is named at its field."""
    page = send(ada, "people", "Who,Where,Where\nNia Newcomer,nia@example.org,\n")
    assert "Some columns have the same heading: Where." in page.words
    assert "nia@example.org" in page.words
    [form] = [form for form in page.forms() if "role" in form["fields"]]
    assert form["fields"]["email"] == ""
    refused = ada.post(path_of(page), form["fields"], status=422)
    assert "Choose the column that holds this: E-mail address." in refused.words
    assert "Choose a column for the whole name" in refused.words
    assert ada.get(path_of(page).removesuffix("/columns"), status=303).location == path_of(page)
    twice = ada.post(path_of(page), {**form["fields"], "name": "1", "email": "1"}, status=422)
    assert "is chosen for “Whole name” already" in twice.words
    shown = ada.get(ada.post(path_of(page), {**form["fields"], "name": "0", "email": "1"}).location)
    assert "Nia Newcomer, nia@example.org" in shown.words


def test_what_was_shown_is_what_is_imported(ada: StrictClient, cast: Cast) -> None:
    """When things changed since, the list is shown again as it stands now, and nothing is stored."""
    page = look(ada, "people", TWO)
    with cast.installation.database.writing() as session:
        centre = session.get_one(Centre, cast.homes["ada"])
        accounts.invite(session, System(), centre, email="nia@example.org", name="Nia Newcomer", role=Role.LEARNER)
        session.commit()
    again = press_import(ada, page)
    assert "Things changed since you looked, so nothing was imported." in again.words
    assert "Is here as learner already." in again.words
    assert count(cast, ImportDraft) == 1
    assert "1 new, 1 there already" in press_import(ada, again).words


def test_a_list_is_its_makers_own(ada: StrictClient, cast: Cast) -> None:
    """Another administrator of the same centre does not find it, and no list that is gone is found."""
    page = look(ada, "people", TWO)
    with cast.installation.database.writing() as session:
        centre = session.get_one(Centre, cast.homes["ada"])
        accounts.invite(session, System(), centre, email="odette@example.org", name="x", role=Role.ADMINISTRATOR)
        session.commit()
    odette = ada.another().sign_in("odette")
    odette.post("/account/centre", {"centre_id": str(cast.homes["ada"])})
    assert "list.csv" not in odette.get("/imports").words
    odette.get(path_of(page), status=404)
    odette.post(f"{path_of(page)}/import", {"seen": ""}, status=404)
    assert "list.csv" in ada.get("/imports").words
    ada.post(f"{path_of(page)}/discard", {})
    ada.get(path_of(page), status=404)
    ada.post(f"{path_of(page)}/discard", {}, status=404)


def test_a_new_list_takes_the_place_of_the_one_before(ada: StrictClient, cast: Cast) -> None:
    """Of its kind; and what nobody imports goes after a week."""
    send(ada, "people", TWO)
    send(ada, "people", TWO)
    send(ada, "cohorts", "Cohort\nAutumn\n")
    assert count(cast, ImportDraft) == 2
    with clock.fixed(clock.now() + KEPT_FOR + timedelta(minutes=1)):
        sweep_drafts(cast.installation.database)
    assert count(cast, ImportDraft) == 0


def test_a_date_that_can_be_read_in_two_ways_is_said(ada: StrictClient) -> None:
    page = look(ada, "cohorts", "Cohort,Start date\nAutumn,03/04/2026\nWinter,25/12/2026\n")
    assert "1 row has a date that can be read in two ways." in page.words
    assert "Read as 3 April 2026: “03/04/2026”, the day first." in page.words


def test_known_and_unknown_elsewhere_look_the_same(ada: StrictClient) -> None:
    """Nothing on the way tells that olga has an account at another centre, before or after."""
    words = []
    for name, email in (("Olga Whitcombe", "olga@example.org"), ("Nia Newcomer", "nia@example.org")):
        page = look(ada, "people", f"Name,Email\n{name},{email}\n")
        done = press_import(ada, page)
        listed = ada.get(f"/people?q={email}")
        words.append([each.words.replace(name, "NAME").replace(email, "EMAIL") for each in (page, done, listed)])
    assert words[0][0] == words[1][0]
    assert words[0][2] == words[1][2]
    page = look(ada, "enrolments", "Email,Qualification,Start\noscar@example.org,ICQ-L3-CCO,01/09/2026\n")
    assert "Nobody with this address is a learner here." in page.words
    assert "Oscar" not in page.words


def test_the_template_has_our_headings_and_nothing_else(ada: StrictClient) -> None:
    answer = ada.open("/imports/template/people")
    assert answer.response.data.decode("utf-8-sig") == "First name,Surname,E-mail address,Role\r\n"
    assert "There is nothing below the headings." in send(ada, "people", answer.response.data, status=422).words
    for kind in ImportKind:
        page = ada.get(f"/imports/new/{kind}")
        assert f"/imports/template/{kind}" in page.links()


def test_long_lists_have_pages_and_filters(ada: StrictClient) -> None:
    rows = "".join(f"Person {n:03},p{n}@example.org,\n" for n in range(60))
    page = look(ada, "people", f"Name,Email,Role\n{rows}Ben Oyelaran,ben@example.org,Learner\n")
    assert "Person 049" in page.words
    assert "Person 050" not in page.words
    assert f"{path_of(page)}?rows=all&page=2" in page.links()
    assert "Person 059" in ada.get(f"{path_of(page)}?rows=new&page=2").words
    same = ada.get(f"{path_of(page)}?rows=same").words
    assert "Ben Oyelaran" in same
    assert "Person 001" not in same
    for odd in ("rows=nonsense", "page=-1", "page=99999"):
        ada.get(f"{path_of(page)}?{odd}")


def test_invitations_go_at_once_or_when_it_is_said(installation: Installation, cast: Cast) -> None:
    """They are due in the transaction of the import, or of the button; nothing is sent by the request itself."""
    mail = Mail("127.0.0.1", 9, "", "", "portfolio@centre.example")
    ada = StrictClient(replace(installation, settings=replace(installation.settings, mail=mail))).sign_in("ada")
    now = press_import(ada, look(ada, "people", TWO), invitations="now")
    assert "Invitations are on their way." in now.words
    assert postings(cast) == [Posting.DUE, Posting.DUE]
    page = look(ada, "people", "Name,Email\nPia,pia@example.org\n")
    assert "Send them later" in page.words
    press_import(ada, page, invitations="later")
    assert postings(cast) == [Posting.DUE, Posting.DUE, Posting.NONE]
    waiting = ada.get("/imports").words
    assert "Invitations that wait" in waiting
    assert "1 person" in waiting
    ada.post("/imports/send-invitations", {})
    assert "1 invitation is on its way." in ada.get("/imports").words
    assert postings(cast) == [Posting.DUE] * 3
    ada.post("/imports/send-invitations", {}, status=400)


def postings(cast: Cast) -> list[Posting]:
    """How it stands with the letters that invite somebody to Harrow Dale."""
    with cast.installation.database.reading() as session:
        letters = select(Notice.posting).where(
            Notice.kind == NoticeKind.INVITED, Notice.centre_id == cast.homes["ada"], Notice.is_on_screen.is_(False)
        )
        return list(session.scalars(letters.order_by(Notice.id)))


def test_learners_cannot_bring_lists(client: StrictClient, cast: Cast) -> None:
    """To them there is no such page."""
    assert cast.people
    ben = client.sign_in("ben")
    for path in ("/imports", "/imports/new/people", "/imports/template/people", "/imports/1"):
        ben.get(path, status=404)
