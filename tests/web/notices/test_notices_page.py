"""The page of notices: what somebody was told in this centre, as much of it as they may see, opened and put away."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, event

from portfolio import clock
from portfolio.accounts import actions as accounts
from portfolio.accounts.models import Membership
from portfolio.accounts.rules import Role
from portfolio.assessment import marking
from portfolio.assessment.telling import tell_of_unit
from portfolio.audit.events import System
from portfolio.centres.actions import change_terms
from portfolio.centres.models import Centre
from portfolio.enrolment.actions import end_allocation
from portfolio.enrolment.models import Allocation, Enrolment
from portfolio.evidence import amending
from portfolio.evidence.models import Evidence
from portfolio.mapping.rules import Outcome
from portfolio.notices.models import Notice
from portfolio.notices.rules import NoticeKind, Posting
from portfolio.web.notices.lines import SAYING
from portfolio.web.notices.views import ROWS
from tests.assessment.desk import handed_in_by, judged, opened
from tests.cast import Cast, item
from tests.client import Page, StrictClient
from tests.notices.told import forget_all, notices, said, tell_of

MOST_STATEMENTS = 15
GONE = "What this was about is not there for you any more."


def ids(cast: Cast, name: str) -> list[int]:
    """The notices of somebody, in order."""
    with cast.installation.database.reading() as session:
        return [notice.id for notice in notices(session, cast, name)]


def unread(cast: Cast, name: str) -> int:
    """How many somebody has not put away."""
    with cast.installation.database.reading() as session:
        return len(said(session, cast, name))


def buttons(page: Page) -> list[str]:
    """What the buttons in the list say, without the words for those who do not see the line."""
    (listed,) = [e for e in page.all("ol") if e.get("class") == "told"]
    return [" ".join("".join(button.itertext()).split()).partition(":")[0].strip() for button in listed.iter("button")]


def follow(client: StrictClient, cast: Cast, name: str) -> str:
    """Where the newest notice of somebody leads, when its button is used."""
    return client.post(f"/notices/{ids(cast, name)[-1]}/open").location


def test_an_assessor_is_told_what_waits_and_taken_to_it(client: StrictClient, cast: Cast) -> None:
    page = client.sign_in("marguerite").get("/notices")
    assert "One notice is new." in page.words
    assert "New Amina Ramachandran-Hughes: E002 came in to be marked." in page.words
    assert "The customer who would not be calmed" in page.words
    assert "E001 came in to be marked." in page.words, "it was marked since, so that it is put away"
    assert buttons(page) == ["Go to marking", "Put away", "Go to marking"]
    place = f"/marking/{cast.items['amina E002']}"
    assert follow(client, cast, "marguerite") == place
    assert unread(cast, "marguerite") == 0
    assert unread(cast, "tobias") == 1
    again = client.get("/notices")
    assert "Nothing is new." in again.words
    assert buttons(again) == ["Go to marking"] * 2
    assert follow(client, cast, "marguerite") == place


def test_several_items_of_a_learner_lead_to_the_queue(client: StrictClient, cast: Cast) -> None:
    with cast.installation.database.writing() as session:
        session.execute(delete(Notice))
        for number in range(8):
            handed_in_by(session, cast, "amina", f"Letter {number}", {"1.3": "Named."})
        session.commit()
    page = client.sign_in("tobias").get("/notices")
    assert "E005, E006, E007, E008, E009, E010 and 2 more came in to be marked." in page.words
    assert follow(client, cast, "tobias") == "/marking"


def test_a_learner_is_told_of_feedback_and_taken_to_it(client: StrictClient, cast: Cast) -> None:
    page = client.sign_in("amina").get("/notices")
    assert "You have feedback on E001." in page.words
    place = follow(client, cast, "amina")
    assert place == f"/evidence/{cast.evidence['amina E001']}"
    assert "nearly complete" in client.get(place).words


def test_feedback_on_several_items_leads_to_the_portfolio(client: StrictClient, cast: Cast) -> None:
    with cast.installation.database.writing() as session:
        session.execute(delete(Notice))
        for name in ("amina E005", "amina E006"):
            handed_in_by(session, cast, "amina", f"Letter for {name}", {"1.3": "Named."})
            judged(session, cast, "marguerite", opened(session, cast, "marguerite", name), Outcome.MET)
        session.commit()
    page = client.sign_in("amina").get("/notices")
    assert "You have feedback on E005 and E006." in page.words
    place = follow(client, cast, "amina")
    assert place == f"/portfolio?enrolment={cast.enrolments['amina']}"
    client.get(place)


def test_a_trainee_and_who_countersigns_are_told_in_turn(client: StrictClient, cast: Cast) -> None:
    with cast.installation.database.writing() as session:
        judged(session, cast, "tobias", opened(session, cast, "tobias"), Outcome.MET, Outcome.MET)
        session.commit()
    page = client.sign_in("dafydd").get("/notices")
    assert "what a trainee assessor decided on E002 came in for your countersignature." in page.words
    place = f"/marking/{cast.items['amina E002']}"
    assert follow(client, cast, "dafydd") == place
    with cast.installation.database.writing() as session:
        marking.countersign(session, cast.actor("dafydd", session), item(session, cast, "amina E002"))
        session.commit()
    other = client.another().sign_in("tobias")
    assert "what you decided on E002 was countersigned." in other.get("/notices").words
    assert follow(other, cast, "tobias") == place
    other.get(place)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (NoticeKind.SIGNED_OFF, "is signed off."),
        (NoticeKind.REOPENED, "was opened again."),
        (NoticeKind.CRITERIA, "was moved to newer criteria."),
    ],
)
def test_what_happens_to_a_unit_leads_to_it(client: StrictClient, cast: Cast, kind: NoticeKind, words: str) -> None:
    with cast.installation.database.writing() as session:
        forget_all(session)
        unit = session.get_one(Enrolment, cast.enrolments["amina"]).units[0]
        tell_of_unit(session, cast.actor("marguerite", session), unit, kind)
        session.commit()
        title, place = unit.unit.title, f"/enrolments/{unit.enrolment_id}/units/{unit.id}"
    page = client.sign_in("amina").get("/notices")
    assert f"{title} {words}" in page.words
    assert follow(client, cast, "amina") == place
    client.get(place)


def test_a_new_role_is_told_in_the_words_of_its_centre(client: StrictClient, cast: Cast) -> None:
    """Whatever it is called where it is read."""
    with cast.installation.database.writing() as session:
        centre = session.get_one(Centre, cast.homes["odette"])
        change_terms(session, System(), centre, own={"assessor": ("tutor", "tutors")})
        accounts.invite(session, System(), centre, email="iris@example.org", name="Iris", role=Role.ASSESSOR)
        session.commit()
    assert "You have a new role: tutor at Other Side College." in client.sign_in("iris").get("/notices").words


def test_a_new_role_is_told_until_it_ends(client: StrictClient, cast: Cast) -> None:
    with cast.installation.database.writing() as session:
        centre = session.get_one(Centre, cast.homes["odette"])
        row, _link = accounts.invite(
            session, System(), centre, email="iris@example.org", name="Iris", role=Role.ASSESSOR, qualified=False
        )
        session.commit()
    page = client.sign_in("iris").get("/notices")
    assert "You have a new role: trainee assessor at Other Side College." in page.words
    assert follow(client, cast, "iris") == "/account"
    with cast.installation.database.writing() as session:
        accounts.withdraw_role(session, cast.actor("odette", session), session.get_one(Membership, row.id))
        session.commit()
    later = client.get("/notices").words
    assert "A new role for you." in later
    assert "Other Side College" not in later


def test_what_one_may_no_longer_see_says_only_its_kind(client: StrictClient, cast: Cast) -> None:
    """The allocation ended: neither the learner's name nor the title is told."""
    with cast.installation.database.writing() as session:
        for row in session.query(Allocation).filter(Allocation.person_id == cast.people["marguerite"]):
            end_allocation(session, cast.actor("ada", session), row.enrolment, row.id)
        session.commit()
    page = client.sign_in("marguerite").get("/notices")
    assert f"Work to mark. {GONE}" in page.words
    assert "Amina" not in page.words
    assert "customer" not in page.words
    assert buttons(page) == ["Put away"], "there is nothing to go to, and one of the two was put away"
    assert follow(client, cast, "marguerite") == "/notices"
    assert f"{GONE} The notice is put away." in client.get("/notices").words
    assert unread(cast, "marguerite") == 0


def test_an_item_that_is_hidden_is_not_named(client: StrictClient, cast: Cast) -> None:
    with cast.installation.database.writing() as session:
        evidence = session.get_one(Evidence, cast.evidence["amina E002"])
        amending.hide(session, cast.actor("amina", session), evidence, words="A name.")
        session.commit()
    page = client.sign_in("marguerite").get("/notices")
    assert GONE in page.words
    assert "customer" not in page.words


def test_putting_away_one_and_all(client: StrictClient, cast: Cast) -> None:
    with cast.installation.database.writing() as session:
        tell_of(session, cast, "amina", kind=NoticeKind.CRITERIA)
        tell_of(session, cast, "amina", kind=NoticeKind.REOPENED)
        session.commit()
    client.sign_in("amina")
    assert "3 notices are new." in client.get("/notices").words
    assert client.post(f"/notices/{ids(cast, 'amina')[0]}/put-away").location == "/notices"
    assert unread(cast, "amina") == 2
    client.post("/notices/put-away")
    page = client.get("/notices")
    assert "Everything is put away." in page.words
    assert "Put all away" not in page.words
    assert unread(cast, "amina") == 0
    assert unread(cast, "marguerite") == 1


def test_who_was_told_nothing_is_told_what_belongs_here(client: StrictClient, cast: Cast) -> None:
    assert cast.people
    page = client.sign_in("ben").get("/notices")
    assert "Nothing to tell you yet" in page.words
    assert "Put all away" not in page.words
    assert "/account#told" in page.links()
    client.post("/notices/put-away")


def test_another_centres_notices_are_there_alone(client: StrictClient, cast: Cast) -> None:
    with cast.installation.database.writing() as session:
        centre = session.get_one(Centre, cast.homes["odette"])
        accounts.invite(session, System(), centre, email="amina@example.org", name="Amina", role=Role.LEARNER)
        session.commit()
    client.sign_in("amina")
    assert "You have feedback on E001." in client.get("/notices").words
    client.post("/account/centre", {"centre_id": centre.id})
    assert "Nothing to tell you yet" in client.get("/notices").words
    client.post(f"/notices/{ids(cast, 'amina')[0]}/open", status=404)


def test_a_letter_that_was_given_up_is_said(client: StrictClient, cast: Cast) -> None:
    client.sign_in("amina")
    assert "could not be sent" not in client.get("/notices").words
    with cast.installation.database.writing() as session:
        notices(session, cast, "amina")[0].posting = Posting.FAILED
        session.commit()
    assert "The letter about this could not be sent" in client.get("/notices").words


def test_older_ones_are_on_further_pages_and_cost_no_more(client: StrictClient, cast: Cast) -> None:
    few = client.sign_in("marguerite").get("/notices").statements
    with cast.installation.database.writing() as session:
        for number in range(ROWS * 2):
            session.add(
                Notice(
                    person_id=cast.people["marguerite"],
                    centre_id=cast.homes["ada"],
                    kind=list(NoticeKind)[number % len(NoticeKind)],
                    about_table=("enrolment", "enrolment_unit", "membership")[number % 3],
                    about_id=1 + number % 4,
                    facts={"refs": ["E001", "E002"]},
                    told_at=clock.now() - timedelta(minutes=1 + number),
                )
            )
        session.commit()
    first = client.get("/notices")
    assert few <= first.statements <= MOST_STATEMENTS
    assert f"{2 * ROWS + 1} notices are new." in first.words
    seen, page, path = 0, first, "/notices"
    for _ in range(3):
        seen += sum(1 for one in buttons(page) if one == "Put away")
        following = [a.get("href", "") for a in page.all("a") if a.get("rel") == "next"]
        path = following[0] if following else path
        page = client.get(path) if following else page
    assert seen == 2 * ROWS + 1
    assert "/notices" in page.links()


@pytest.mark.parametrize("edge", ["999999", "99999999999999999999", "x", "-1"])
def test_an_edge_that_is_nobodys_shows_nothing_or_the_first_page(client: StrictClient, cast: Cast, edge: str) -> None:
    assert cast.people
    client.sign_in("amina").get(f"/notices?before={edge}")


def test_every_kind_has_its_words() -> None:
    assert set(SAYING) == set(NoticeKind)


def test_the_masthead_counts_what_is_new_with_one_statement(client: StrictClient, cast: Cast) -> None:
    with cast.installation.database.writing() as session:
        tell_of(session, cast, "amina", kind=NoticeKind.CRITERIA)
        session.commit()
    client.sign_in("amina")
    for path in ("/portfolio", "/notices", "/account"):
        with client.counting() as statements:
            page = client.get(path)
        assert "Notices 2 new" in page.words
        assert "Menu 2 new notices" in page.words
        assert sum("count(*)" in one and "FROM notice" in one for one in statements) == 1
    refused = client.post("/account", {"current": "wrong", "password": "wrong"}, status=422)
    assert "Notices 2 new" in refused.words
    client.post("/notices/put-away")
    page = client.get("/portfolio")
    assert "/notices" in page.links()
    assert "Notices 0" not in page.words
    assert " new" not in page.words.partition("Sign out")[0]


def test_a_stranger_has_no_notices(client: StrictClient) -> None:
    with client.counting() as statements:
        page = client.get("/sign-in")
    assert "/notices" not in page.links()
    assert not [one for one in statements if "notice" in one]
    assert client.get("/notices", status=303).location.startswith("/sign-in")


def test_an_error_page_comes_although_the_connection_was_lost(
    client: StrictClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = cast.installation.database.engine
    client.sign_in("amina")
    monkeypatch.setattr(engine.dialect, "is_disconnect", lambda *_: True)

    def lose(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "FROM enrolment" in statement:
            raise engine.dialect.loaded_dbapi.OperationalError("server closed the connection unexpectedly")

    event.listen(engine, "before_cursor_execute", lose)
    lost = client.get("/portfolio", status=503)
    assert "The product is busy" in lost.words
    assert "Notices" in lost.words
    event.remove(engine, "before_cursor_execute", lose)
    assert client.get("/portfolio").status == 200
