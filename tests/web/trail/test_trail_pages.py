"""The trail as people meet it: in words, filtered, a page at a time, proved, and as a list."""

import csv
import io
import re
from threading import Event

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from portfolio.accounts import managing
from portfolio.accounts.models import Person
from portfolio.accounts.rules import Role
from portfolio.audit import streams
from portfolio.audit.events import System
from portfolio.audit.models import AuditStream
from portfolio.centres.models import Centre
from portfolio.enrolment import cohorts
from portfolio.enrolment.models import Enrolment
from portfolio.housekeeping import note_heads
from portfolio.web.trail import views
from portfolio.worker import make_runner
from tests.cast import FULL_NAMES, Cast
from tests.client import Page, StrictClient
from tests.tampering import tamper

ENTRY = re.compile(r"Entry (\d+)")


def trail_of(cast: Cast, name: str = "amina") -> str:
    """Where the trail of somebody's portfolio is."""
    return f"/enrolments/{cast.enrolments[name]}/trail"


def numbers(page: Page) -> list[int]:
    """The numbers of the entries on a page, in its order."""
    return [int(found) for found in ENTRY.findall(page.words)]


def rows(page: Page) -> list[list[str]]:
    """The lines of a list."""
    return list(csv.reader(io.StringIO(page.response.get_data().decode("utf-8-sig"))))


def test_a_learner_reads_what_happened(client: StrictClient, cast: Cast) -> None:
    """The newest first, with links to what is theirs."""
    page = client.sign_in("amina").get(trail_of(cast))
    assert numbers(page) == sorted(numbers(page), reverse=True)
    assert "Enrolled the learner" in page.words
    assert FULL_NAMES["marguerite"] in page.words
    assert any(link.startswith("/evidence/") for link in page.links())
    assert "Nobody has had this checked yet" in page.words
    assert "/centre/access" not in " ".join(page.links())


def test_drafts_are_not_named_to_others(client: StrictClient, cast: Cast) -> None:
    """The learner sees the reference, and an assessor that something was added; nobody the title."""
    with cast.installation.database.reading() as session:
        drafts = session.execute(
            text("SELECT ref, id FROM evidence WHERE state = 'draft' AND enrolment_id = :id"),
            {"id": cast.enrolments["amina"]},
        ).all()
    assert drafts
    mine = client.sign_in("amina").get(trail_of(cast)).words
    theirs = client.another().sign_in("marguerite").get(trail_of(cast)).words
    for ref, _id in drafts:
        assert f"Added {ref}" in mine
        assert ref not in theirs
    assert "Added a draft" in theirs


def test_filters_stand_in_the_address(client: StrictClient, cast: Cast) -> None:
    """By whom, about what, on which days; what nobody can mean counts as not asked."""
    amina = client.sign_in("amina")
    where = trail_of(cast)
    decisions = amina.get(f"{where}?kind=decisions")
    assert "Released a decision" in decisions.words or "Put a decision" in decisions.words
    assert "Enrolled the learner" not in decisions.words
    by_her = amina.get(f"{where}?who={FULL_NAMES['marguerite'][:6].lower()}")
    assert numbers(by_her)
    assert not re.search(r"Added E\d+", by_her.words)
    assert "Nothing is found" in amina.get(f"{where}?until=2001-01-01").words
    assert "Nothing is found" in amina.get(f"{where}?since=2150-01-01").words
    assert "Nothing is found" in amina.get(f"{where}?who=nobody+at+all").words
    assert numbers(amina.get(f"{where}?since=2020-01-01&until=2150-01-01"))
    everything = numbers(amina.get(where))
    for odd in ("since=soon", "kind=nonsense", "until=9999-12-31", "below=x", "above=-1", "since=0001-01-01"):
        assert numbers(amina.get(f"{where}?{odd}")) == everything
    assert "The product" in amina.get(f"{where}?who=product").words


def test_it_is_read_a_page_at_a_time(client: StrictClient, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the newest to the oldest and back, with the filter kept."""
    amina = client.sign_in("amina")
    whole = numbers(amina.get(trail_of(cast)))
    monkeypatch.setattr(views, "ROWS", 4)
    page = amina.get(f"{trail_of(cast)}?since=2020-01-01")
    seen, pages = numbers(page), 1
    while older := [link for link in page.links() if "below=" in link]:
        assert "since=2020-01-01" in older[0]
        page = amina.get(older[0])
        seen += numbers(page)
        pages += 1
    assert seen == whole
    assert pages > 2
    back = numbers(page)
    while newer := [link for link in page.links() if "above=" in link]:
        page = amina.get(newer[0])
        back = numbers(page) + back
    assert back == whole
    assert "There is nothing more" in amina.get(f"{trail_of(cast)}?below=1").words


def test_a_page_takes_the_same_statements_whatever_its_length(
    client: StrictClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many rows."""
    for who, where in (("amina", trail_of(cast)), ("ada", "/centre/trail"), ("ada", "/centre/access")):
        browser = client.another().sign_in(who)
        whole = browser.get(where).statements
        monkeypatch.setattr(views, "ROWS", 3)
        assert browser.get(where).statements == whole
        monkeypatch.undo()


def test_what_is_shown_can_be_taken_along(client: StrictClient, cast: Cast) -> None:
    """Every entry that the filter finds; no cell that a spreadsheet would run."""
    with cast.installation.database.writing() as session:
        ada = session.get_one(Person, cast.people["ada"])
        managing.rename(
            session, cast.actor("ada", session), ada, session.get_one(Centre, cast.homes["ada"]), name="=1+1"
        )
        session.commit()
    browser = client.sign_in("ada")
    with cast.installation.database.writing() as session:
        enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
        centre = session.get_one(Centre, cast.homes["ada"])
        cohort = cohorts.open_cohort(session, cast.actor("ada", session), centre, name="+2+3")
        cohorts.put_in_cohort(session, cast.actor("ada", session), enrolment, cohort)
        session.commit()
    answer = browser.get(f"{trail_of(cast)}/list?kind=enrolment")
    assert answer.response.headers["Content-Disposition"].startswith("attachment")
    found = rows(answer)
    assert found[0] == ["Entry", "Day", "Time", "Who", "Role", "What", "Hash"]
    assert found[1][3:6] == ["'=1+1", "Centre administrator", "Put the learner into the cohort +2+3"]
    assert [row[0] for row in found[1:]] == [str(no) for no in numbers(browser.get(f"{trail_of(cast)}?kind=enrolment"))]
    assert all(len(row[6]) == 64 for row in found[1:])
    everything = rows(browser.get("/centre/trail/list"))
    assert any("Opened the cohort +2+3" in row for row in everything)


def test_what_was_typed_is_escaped(client: StrictClient, cast: Cast) -> None:
    """The strict client parses every page."""
    with cast.installation.database.writing() as session:
        enrolment, centre = (
            session.get_one(Enrolment, cast.enrolments["amina"]),
            session.get_one(Centre, cast.homes["ada"]),
        )
        cohort = cohorts.open_cohort(session, System(), centre, name='<b>E001</b> & "co"')
        cohorts.put_in_cohort(session, System(), enrolment, cohort)
        session.commit()
    page = client.sign_in("ada").get(trail_of(cast))
    assert '<b>E001</b> & "co"' in page.words
    assert '<b>E001</b> & "co"' in client.get("/centre/trail").words
    assert not list(page.all("b"))[2:]


def test_whoever_sees_a_portfolio_has_its_trail_proved(client: StrictClient, cast: Cast) -> None:
    """The page says what was proved, when and for whom; the record is not written to."""
    for name in ("amina", "marguerite", "iris", "ewan", "ada"):
        browser = client.another().sign_in(name)
        before = len(numbers(browser.get(trail_of(cast))))
        browser.post(f"{trail_of(cast)}/check")
        page = browser.get(trail_of(cast))
        assert "The trail is whole." in page.words
        assert re.search(r"Whole \d+ entries were proved: every one is there", page.words)
        assert f"asked for by {FULL_NAMES[name]}" in page.words
        assert len(numbers(page)) == before


def test_a_trail_that_was_tampered_with_says_where(client: StrictClient, cast: Cast) -> None:
    """The first entry that is wrong, in plain words."""
    amina = client.sign_in("amina")
    with cast.installation.database.reading() as session:
        stream_id = session.get_one(Enrolment, cast.enrolments["amina"]).stream_id
    change = text("UPDATE audit_event SET verb = 'x.y' WHERE seq = 3 AND stream_id = :id")
    tamper(cast.installation.database, lambda session: session.execute(change, {"id": stream_id}))
    amina.post(f"{trail_of(cast)}/check")
    page = amina.get(trail_of(cast))
    assert "Something is wrong with this trail." in page.words
    assert f"In the trail of {FULL_NAMES['amina']}, entry 3: its fields are not those that were hashed." in page.words


def test_erased_words_are_said_to_be_erased(client: StrictClient, cast: Cast) -> None:
    """That it happened stays."""
    with cast.installation.database.writing() as session:
        enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
        centre = session.get_one(Centre, cast.homes["ada"])
        cohort = cohorts.open_cohort(session, System(), centre, name="Spring")
        cohorts.put_in_cohort(session, System(), enrolment, cohort)
        last = session.get_one(AuditStream, enrolment.stream_id).head_seq
        event = streams.record(
            session, System(), "evidence.amend", streams.named(enrolment), stream_id=enrolment.stream_id,
            text={"ref": "E001", "erased": [last]},
        )  # fmt: skip
        streams.erase(session, event)
        session.commit()
    amina = client.sign_in("amina")
    page = amina.get(trail_of(cast))
    assert "Changed the cohort Its words were erased." in page.words
    assert "into the cohort Spring" not in page.words
    amina.post(f"{trail_of(cast)}/check")
    assert "The trail is whole." in amina.get(trail_of(cast)).words
    assert any("Its words were erased" in row[5] for row in rows(amina.get(f"{trail_of(cast)}/list")))


def test_a_centres_trail_is_for_administrators_and_quality_assurers(client: StrictClient, cast: Cast) -> None:
    """Names lead to people for those who may see them."""
    ada = client.sign_in("ada")
    with cast.installation.database.writing() as session:
        person = session.get_one(Person, cast.people["tobias"])
        centre = session.get_one(Centre, cast.homes["ada"])
        managing.give_role(session, cast.actor("ada", session), person, centre, role=Role.IQA)
        session.commit()
    page = ada.get("/centre/trail")
    assert f"Gave {FULL_NAMES['tobias']} a role: internal quality assurer" in page.words
    assert f"/people/{cast.people['tobias']}" in page.links()
    assert "/centre/trail" in ada.get("/centre").links()
    iris = client.another().sign_in("iris")
    seen = iris.get("/centre/trail")
    assert "/centre/trail" in iris.get("/coverage").links()
    assert f"Gave {FULL_NAMES['tobias']} a role" in seen.words
    assert not [link for link in seen.links() if link.startswith("/people")]
    for name in ("amina", "marguerite", "ewan"):
        client.another().sign_in(name).get("/centre/trail", status=404)
    assert "Gave" not in ada.get("/centre/trail?kind=criteria").words


def test_all_of_a_centres_trails_are_proved_in_the_background(client: StrictClient, cast: Cast) -> None:
    """Asked for twice, it is one piece of work; another centre's trails are not part of it."""
    ada = client.sign_in("ada")
    ada.get("/centre/trail/progress", status=404)
    for _ in range(2):
        ada.post("/centre/trail/check")
    assert "Being checked" in ada.get("/centre/trail").words
    assert ada.get("/centre/trail/progress").response.get_json()["state"] == "queued"
    runner = make_runner(cast.installation, Event())
    assert runner.run_due() == 1
    with cast.installation.database.reading() as session:
        mine = session.query(Enrolment).filter_by(centre_id=cast.homes["ada"]).count() + 1
    page = ada.get("/centre/trail")
    assert f"in {mine} trails: every one is there" in page.words
    assert ada.get("/centre/trail/progress").response.get_json()["state"] == "done"


def cut_tail(cast: Cast, stream_id: int) -> int:
    """Take the last entry of a stream away, and let the stream end before it; answers its number."""
    numbers: list[int] = []

    def cut(session: Session) -> None:
        seq = session.execute(text("SELECT head_seq FROM audit_stream WHERE id = :id"), {"id": stream_id}).scalar_one()
        values = {"id": stream_id, "seq": seq}
        for statement in CUT:
            session.execute(text(statement), values)
        numbers.append(seq)

    tamper(cast.installation.database, cut)
    return numbers[0]


CUT = (
    "DELETE FROM audit_text WHERE event_id IN (SELECT id FROM audit_event WHERE stream_id = :id AND seq = :seq)",
    "DELETE FROM audit_event WHERE stream_id = :id AND seq = :seq",
    "UPDATE audit_stream SET head_seq = :seq - 1 WHERE id = :id",
    """UPDATE audit_stream SET head_hash =
    (SELECT hash FROM audit_event e WHERE e.stream_id = :id AND e.seq = :seq - 1) WHERE id = :id""",
)


def test_a_cut_tail_and_a_lost_trail_show_in_the_centres_proof(client: StrictClient, cast: Cast) -> None:
    """Against the ends that the centre noted."""
    with cast.installation.database.reading() as session:
        centre = session.get_one(Centre, cast.homes["ada"])
        stream_id = session.get_one(Enrolment, cast.enrolments["ben"]).stream_id
    note_heads(cast.installation.database, centre)
    seq = cut_tail(cast, stream_id)
    ada = client.sign_in("ada")
    ada.post("/centre/trail/check")
    make_runner(cast.installation, Event()).run_due()
    page = ada.get("/centre/trail")
    assert f"In the trail of {FULL_NAMES['ben']}, entry {seq}: entries are missing up to the head" in page.words
    ada.post(f"{trail_of(cast, 'ben')}/check")
    assert "entries are missing" in ada.get(trail_of(cast, "ben")).words


def test_work_of_somebody_who_may_no_longer_is_refused(client: StrictClient, cast: Cast) -> None:
    """The page says so."""
    iris = client.sign_in("iris")
    iris.post("/centre/trail/check")
    with cast.installation.database.writing() as session:
        session.execute(
            text("UPDATE membership SET until = '2020-01-01' WHERE person_id = :id"), {"id": cast.people["iris"]}
        )
        streams.record(session, System(), "test.x", "x", stream_id=session.get_one(Centre, cast.homes["ada"]).stream_id)
        session.commit()
    make_runner(cast.installation, Event()).run_due()
    page = client.another().sign_in("ada").get("/centre/trail")
    assert "The last check did not finish. You may no longer have this done." in page.words
    assert "Nobody has had this checked yet" in page.words
