"""The letters of people who came by a list: written by the worker, with a link each, now or when it is said."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_string
from email.policy import default

import pytest
from sqlalchemy import func, select

from portfolio import clock, proof
from portfolio.accounts import actions as accounts
from portfolio.accounts.inviting import letters_waiting, send_letters
from portfolio.accounts.models import Membership, Person, Token
from portfolio.audit.events import System
from portfolio.audit.models import AuditEvent
from portfolio.centres.models import Centre
from portfolio.config import Mail
from portfolio.errors import Rejected
from portfolio.imports.rules import ImportKind
from portfolio.installation import Installation
from portfolio.notices.actions import set_switches
from portfolio.notices.rules import NoticeKind, Switch
from portfolio.posting import AT_ONCE, Postman
from tests.cast import PASSWORD, Cast
from tests.imports.lists import done
from tests.mail_server import Server, listening
from tests.notices.told import forget_all

LINK = re.compile(r"https://portfolio\.example/link/(\S+)")
THREE = "Name,Email,Role\nNia New,nia@example.org,trainee assessor\nOlga X,olga@example.org,IQA\nObi,obi@example.org,\n"


@pytest.fixture(autouse=True)
def nothing_is_due(cast: Cast) -> None:
    """Whatever the cast was told meanwhile is not carried here."""
    with cast.installation.database.writing() as session:
        forget_all(session)
        session.commit()


@pytest.fixture
def server() -> Iterator[Server]:
    """A mail server."""
    with listening() as found:
        yield found


def carrier_of(installation: Installation, port: int) -> Postman:
    """Whoever carries letters to a server on this machine."""
    mail = Mail("127.0.0.1", port, "", "", "portfolio@centre.example")
    return Postman(installation.database, replace(installation.settings, mail=mail, url="https://portfolio.example"))


def bring(cast: Cast, text: str, *, is_sent: bool) -> None:
    """Import people."""
    with cast.installation.database.writing() as session:
        done(session, cast, ImportKind.PEOPLE, text, is_sent=is_sent)


def taken(server: Server) -> dict[str, str]:
    """What was written to whom."""
    found = [message_from_string(text, policy=default) for text in server.taken]
    return {str(one["To"].addresses[0].addr_spec): one.get_content() for one in found}


def test_letters_go_at_once_and_their_links_work(cast: Cast, server: Server) -> None:
    """Known elsewhere or not: the letter is the same. The link of it is the only one that works."""
    bring(cast, THREE, is_sent=True)
    carrier = carrier_of(cast.installation, server.port)
    assert carrier.post_due() == 3
    assert carrier.post_due() == 0
    letters = taken(server)
    assert letters.keys() == {"nia@example.org", "olga@example.org", "obi@example.org"}
    assert "Harrow Dale Training invites you to NVQ Portfolio as trainee assessor." in letters["nia@example.org"]
    shapes = {
        LINK.sub("LINK", letters[f"{name}@example.org"]).replace(said, "NAME").replace(role, "ROLE")
        for name, said, role in (
            ("nia", "Nia New", "trainee assessor"),
            ("olga", "Olga Whitcombe", "internal quality assurer"),
        )
    }
    assert len(shapes) == 1
    found = LINK.search(letters["nia@example.org"])
    assert found is not None
    with cast.installation.database.writing() as session:
        alive = session.scalars(
            select(Token.hash)
            .join(Person, Person.id == Token.person_id)
            .where(Person.email == "nia@example.org", Token.used_at.is_(None))
        ).all()
        assert alive == [accounts.hash_token(found[1])]
        person = accounts.use_link(session, cast.installation.passwords, found[1], password=PASSWORD)
        assert person.name == "Nia New"
        session.commit()
    assert proof.verify(cast.installation.database, cast.installation.store).faults == ()


def test_letters_wait_until_it_is_said(cast: Cast, server: Server) -> None:
    bring(cast, THREE, is_sent=False)
    carrier = carrier_of(cast.installation, server.port)
    assert carrier.post_due() == 0
    with cast.installation.database.writing() as session:
        centre = session.get_one(Centre, cast.homes["ada"])
        assert letters_waiting(session, centre.id) == 3
        assert letters_waiting(session, cast.homes["odette"]) == 0
        assert send_letters(session, cast.actor("ada", session), centre) == 3
        with pytest.raises(Rejected):
            send_letters(session, cast.actor("ada", session), centre)
        session.commit()
    assert carrier.post_due() == 3
    assert len(taken(server)) == 3


def test_no_letter_goes_to_whom_none_is_meant_for_any_more(cast: Cast, server: Server) -> None:
    """A role that ended, an account that is disabled, somebody at home elsewhere who wants no such letters."""
    with cast.installation.database.writing() as session:
        set_switches(session, cast.people["olga"], {NoticeKind.INVITED: Switch(is_by_mail=False)})
        session.commit()
    bring(cast, THREE, is_sent=True)
    with cast.installation.database.writing() as session:
        ada = cast.actor("ada", session)
        nia = session.scalars(select(Membership).join(Person).where(Person.email == "nia@example.org")).one()
        accounts.withdraw_role(session, ada, nia)
        obi = session.scalars(select(Person).where(Person.email == "obi@example.org")).one()
        accounts.disable(session, System(), obi, session.get_one(Centre, cast.homes["ada"]))
        session.commit()
    assert carrier_of(cast.installation, server.port).post_due() == 0
    assert taken(server) == {}


def test_a_server_that_is_down_costs_one_link_and_loses_nothing(cast: Cast, server: Server) -> None:
    bring(cast, THREE, is_sent=True)
    carrier = carrier_of(cast.installation, 1)
    assert carrier.post_due() == 0
    with cast.installation.database.reading() as session:
        written = session.scalar(select(func.count()).where(AuditEvent.verb == "invitation.write"))
    assert written == 1
    with clock.fixed(clock.now() + timedelta(minutes=6)):
        carrier_of(cast.installation, server.port).post_due()
    assert taken(server).keys() >= {"nia@example.org", "olga@example.org", "obi@example.org"}


def test_other_work_has_its_turn_between_many_letters(cast: Cast, server: Server) -> None:
    rows = "".join(f"Person {n},p{n}@example.org,\n" for n in range(AT_ONCE + 1))
    bring(cast, f"Name,Email,Role\n{rows}", is_sent=True)
    carrier = carrier_of(cast.installation, server.port)
    assert [carrier.post_due(), carrier.post_due(), carrier.post_due()] == [AT_ONCE, 1, 0]
