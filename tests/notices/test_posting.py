"""Letters about notices over a real socket: gathered, sent once, tried again, given up, and only what may be seen."""

import logging
import smtplib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_string
from email.policy import default
from threading import Event

import pytest
from sqlalchemy.orm import Session

from portfolio import clock, posting
from portfolio.accounts import actions as accounts
from portfolio.accounts.models import Person
from portfolio.assessment import marking
from portfolio.audit.events import System
from portfolio.centres.models import Centre
from portfolio.config import Mail
from portfolio.enrolment.models import Allocation
from portfolio.installation import Installation
from portfolio.mail import Letter, send
from portfolio.mapping.rules import Outcome
from portfolio.notices import actions
from portfolio.notices.models import Notice
from portfolio.notices.rules import GATHERED_FOR, LEASE, PAUSES, NoticeKind, Posting, Switch
from portfolio.posting import Postman
from portfolio.worker import make_runner, serve
from tests.assessment.desk import judged, opened
from tests.cast import Cast, item
from tests.mail_server import Server, listening
from tests.notices.told import forget_all, notices, tell_of


@pytest.fixture
def server() -> Iterator[Server]:
    """A mail server."""
    with listening() as found:
        yield found


@pytest.fixture
def quiet(installation: Installation, cast: Cast) -> Installation:
    """An installation in which nobody was told anything yet."""
    assert cast.people
    with installation.database.writing() as session:
        forget_all(session)
        session.commit()
    return installation


def postman(installation: Installation, port: int, host: str = "127.0.0.1") -> Postman:
    """Whoever carries letters to a server on this machine."""
    mail = Mail(host, port, "", "", "portfolio@centre.example")
    return Postman(installation.database, replace(installation.settings, mail=mail, url="https://portfolio.example"))


def post_after(carrier: Postman, wait: timedelta) -> int:
    """Send what is due some time from now."""
    with clock.fixed(clock.now() + wait):
        return carrier.post_due()


def tell_some(installation: Installation, cast: Cast, *names: str, kind: NoticeKind = NoticeKind.FEEDBACK) -> None:
    """Tell people of E001 of amina's."""
    with installation.database.writing() as session:
        tell_of(session, cast, *names, kind=kind, about=("enrolment", cast.enrolments["amina"]))
        session.commit()


def told(installation: Installation, cast: Cast, name: str) -> list[Notice]:
    """What somebody was told, as it stands."""
    with installation.database.reading() as session:
        return notices(session, cast, name)


def taken(server: Server) -> list[tuple[str, str]]:
    """Who was written to, and what."""
    found = [message_from_string(text, policy=default) for text in server.taken]
    return [(str(one["To"]), one.get_content()) for one in found]


def test_a_letter_says_little_and_goes_once(quiet: Installation, cast: Cast, server: Server) -> None:
    tell_some(quiet, cast, "amina")
    carrier = postman(quiet, server.port)
    assert carrier.post_due() == 0, "it waits a little for more"
    assert post_after(carrier, GATHERED_FOR) == 1
    assert post_after(carrier, timedelta(days=1)) == 0
    ((whom, text),) = taken(server)
    assert "<amina@example.org>" in whom
    assert "You have feedback on E001." in text
    assert "https://portfolio.example/notices" in text
    assert "Complaint letter" not in text
    (notice,) = told(quiet, cast, "amina")
    assert (notice.posting, notice.next_try_at, notice.read_at) == (Posting.SENT, None, None)


def test_thirty_releases_are_one_letter(quiet: Installation, cast: Cast, server: Server) -> None:
    with quiet.database.writing() as session:
        for number in range(30):
            with clock.fixed(clock.now() + timedelta(seconds=number)):
                tell_of(session, cast, "amina", about=("enrolment", cast.enrolments["amina"]), refs=(f"E{number:03}",))
        tell_of(session, cast, "amina", kind=NoticeKind.CRITERIA, about=("enrolment_unit", unit_id(session, cast)))
        session.commit()
    assert post_after(postman(quiet, server.port), GATHERED_FOR) == 1
    ((_whom, text),) = taken(server)
    assert "- You have feedback on E001 and E002." in text, "what is not hers to see is left out"
    assert "- A unit of yours was moved to newer criteria." in text


def unit_id(session: Session, cast: Cast) -> int:
    """Amina's unit."""
    found = session.get_one(Allocation, 1).enrolment.units[0]
    assert found.enrolment_id == cast.enrolments["amina"]
    return found.id


def test_a_real_release_is_told_to_the_learner(quiet: Installation, cast: Cast, server: Server) -> None:
    with quiet.database.writing() as session:
        judged(session, cast, "tobias", opened(session, cast, "tobias"), Outcome.MET, Outcome.MET)
        marking.countersign(session, cast.actor("dafydd", session), item(session, cast, "amina E002"))
        session.commit()
    assert post_after(postman(quiet, server.port), GATHERED_FOR) == 2
    by_person = {whom.partition("<")[2].rstrip(">"): text for whom, text in taken(server)}
    assert "You have feedback on E002." in by_person["amina@example.org"]
    assert "A decision of yours was countersigned." in by_person["tobias@example.org"]
    assert "Amina" not in by_person["tobias@example.org"]
    assert "E002" not in by_person["tobias@example.org"]


def test_what_was_seen_meanwhile_is_not_written_about(quiet: Installation, cast: Cast, server: Server) -> None:
    tell_some(quiet, cast, "amina")
    with quiet.database.writing() as session:
        actions.put_all_away(session, person_id=cast.people["amina"], centre_id=cast.homes["amina"])
        session.commit()
    assert post_after(postman(quiet, server.port), GATHERED_FOR) == 0
    assert server.taken == []


def test_who_may_no_longer_see_it_gets_no_letter(quiet: Installation, cast: Cast, server: Server) -> None:
    """Marguerite's allocation ends, tobias loses his account, and ben was never allowed to."""
    with quiet.database.writing() as session:
        names = ("marguerite", "tobias", "dafydd", "ben")
        tell_of(
            session,
            cast,
            *names,
            kind=NoticeKind.SUBMITTED,
            about=("enrolment", cast.enrolments["amina"]),
            refs=("E002",),
        )
        for row in session.query(Allocation).filter(Allocation.person_id == cast.people["marguerite"]):
            row.until = clock.today()
        tobias = session.get_one(Person, cast.people["tobias"])
        accounts.disable(session, System(), tobias, session.get_one(Centre, cast.homes["ada"]))
        session.commit()
    assert post_after(postman(quiet, server.port), GATHERED_FOR) == 1
    assert ["<dafydd@example.org>" in whom for whom, _text in taken(server)] == [True]
    for name in ("marguerite", "tobias", "ben"):
        assert [row.posting for row in told(quiet, cast, name)] == [Posting.NONE]


def test_what_is_told_by_letter_alone_is_put_away_with_it(quiet: Installation, cast: Cast, server: Server) -> None:
    with quiet.database.writing() as session:
        actions.set_switches(session, cast.people["amina"], {NoticeKind.FEEDBACK: Switch(False, True)})
        session.commit()
    tell_some(quiet, cast, "amina")
    assert post_after(postman(quiet, server.port), GATHERED_FOR) == 1
    (notice,) = told(quiet, cast, "amina")
    assert notice.read_at is not None


def test_without_a_mail_server_nothing_waits_for_ever(quiet: Installation, cast: Cast) -> None:
    tell_some(quiet, cast, "amina")
    assert post_after(postman(quiet, 25, host=""), GATHERED_FOR) == 0
    (notice,) = told(quiet, cast, "amina")
    assert (notice.posting, notice.next_try_at, notice.read_at) == (Posting.NONE, None, None)


def test_a_server_that_is_down_is_tried_again_and_given_up_in_the_end(
    quiet: Installation, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    with listening() as server:
        closed = postman(quiet, server.port)
    tell_some(quiet, cast, "amina")
    with caplog.at_level(logging.WARNING):
        at = clock.now() + GATHERED_FOR
        for pause in PAUSES:
            with clock.fixed(at):
                assert closed.post_due() == 0
                assert closed.post_due() == 0, "not at once again"
            (notice,) = told(quiet, cast, "amina")
            assert (notice.posting, notice.next_try_at) == (Posting.DUE, at + pause)
            at += pause
        with clock.fixed(at):
            closed.post_due()
    (notice,) = told(quiet, cast, "amina")
    assert (notice.posting, notice.attempts) == (Posting.FAILED, len(PAUSES) + 1)
    assert notice.read_at is None, "it still stands on the screen"
    assert "a letter about 1 notices was given up" in caplog.text
    assert "amina" not in caplog.text.lower()


def test_a_server_that_comes_back_gets_the_letter(quiet: Installation, cast: Cast, server: Server) -> None:
    with listening() as gone:
        closed = postman(quiet, gone.port)
    tell_some(quiet, cast, "amina")
    post_after(closed, GATHERED_FOR)
    assert post_after(postman(quiet, server.port), GATHERED_FOR + PAUSES[0]) == 1
    assert len(server.taken) == 1


def test_a_server_that_is_down_is_asked_once_a_round(
    quiet: Installation, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Letter] = []

    def refuse(_settings: Mail, letter: Letter) -> None:
        asked.append(letter)
        raise ConnectionRefusedError

    monkeypatch.setattr(posting, "send", refuse)
    tell_some(quiet, cast, "amina")
    tell_some(quiet, cast, "marguerite", "tobias", kind=NoticeKind.SUBMITTED)
    assert post_after(postman(quiet, 25), GATHERED_FOR) == 0
    assert len(asked) == 1
    for name in ("amina", "marguerite", "tobias"):
        assert [(row.posting, row.attempts) for row in told(quiet, cast, name)] == [(Posting.DUE, 1)]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (smtplib.SMTPRecipientsRefused({}), Posting.DUE),
        (smtplib.SMTPDataError(554, "no"), Posting.DUE),
        (ValueError("amina@example.org"), Posting.FAILED),
    ],
)
def test_a_letter_that_is_refused_keeps_no_other_back(
    quiet: Installation, cast: Cast, monkeypatch: pytest.MonkeyPatch, error: Exception, expected: Posting
) -> None:
    def refuse_amina(_settings: Mail, letter: Letter) -> None:
        if letter.email == "amina@example.org":
            raise error

    monkeypatch.setattr(posting, "send", refuse_amina)
    tell_some(quiet, cast, "amina")
    tell_some(quiet, cast, "marguerite", kind=NoticeKind.SUBMITTED)
    assert post_after(postman(quiet, 25), GATHERED_FOR) == 1
    assert [row.posting for row in told(quiet, cast, "amina")] == [expected]
    assert [row.posting for row in told(quiet, cast, "marguerite")] == [Posting.SENT]


def test_what_a_lost_worker_took_is_taken_again_and_not_before(quiet: Installation, cast: Cast, server: Server) -> None:
    tell_some(quiet, cast, "amina")
    with quiet.database.writing() as session:
        assert len(actions.take(session, person_id=cast.people["amina"], centre_id=cast.homes["amina"])) == 1
        session.commit()
    carrier = postman(quiet, server.port)
    assert post_after(carrier, LEASE - timedelta(minutes=1)) == 0
    assert post_after(carrier, LEASE + timedelta(minutes=1)) == 1


def test_two_carriers_send_one_letter(
    quiet: Installation, cast: Cast, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one speaks to the server, another looks."""
    tell_some(quiet, cast, "amina")
    first, real = postman(quiet, server.port), send

    def look_meanwhile(settings: Mail, letter: Letter) -> None:
        monkeypatch.setattr(posting, "send", real)
        assert first.post_due() == 0
        real(settings, letter)

    monkeypatch.setattr(posting, "send", look_meanwhile)
    assert post_after(first, GATHERED_FOR) == 1
    assert len(server.taken) == 1


def test_told_to_stop_it_takes_no_further_letter(quiet: Installation, cast: Cast, server: Server) -> None:
    tell_some(quiet, cast, "amina")
    carrier = postman(quiet, server.port)
    carrier.stopping.set()
    assert post_after(carrier, GATHERED_FOR) == 0
    assert [row.posting for row in told(quiet, cast, "amina")] == [Posting.DUE]


def test_the_worker_carries_letters(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    stopping, carried = Event(), []

    def post_due(carrier: Postman) -> int:
        carried.append(carrier.settings.url)
        stopping.set()
        return 0

    monkeypatch.setattr(Postman, "post_due", post_due)
    serve(installation, make_runner(installation, stopping))
    assert carried[:1] == [installation.settings.url]
