"""What the tests of bundles on their way in have in common: a bundle of another installation, and who is who here."""

from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select

from portfolio.accounts.models import Person
from portfolio.accounts.rules import Role
from portfolio.audit.events import System
from portfolio.bundles.arriving.models import ArrivingDraft
from portfolio.bundles.making import Maker
from portfolio.centres.models import Centre
from portfolio.export.rules import WHOLE, Choice
from portfolio.installation import Installation
from tests.cast import FULL_NAMES, Cast, add_person, assemble
from tests.client import Page, StrictClient
from tests.export.scenes import runner
from tests.policy.estate import opened_on
from tests.screened import by_worker

NEWCOMER = "nia"
"""A learner of Harrow Dale who is on nothing yet."""


@cache
def sent(template: Path, *whose: str, choice: Choice = WHOLE) -> bytes:
    """A bundle of these learners of another installation, where people have the same names and nobody the same uid."""
    with TemporaryDirectory(dir=template.parent) as folder:
        home = Path(folder) / "home"
        home.mkdir()
        installation = opened_on(template, home)
        cast = assemble(installation)
        by_worker(installation)
        maker = Maker(installation.database, installation.store, installation.signer)
        ids, out = [cast.enrolments[name] for name in whose], Path(folder) / "bundle.zip"
        made = maker.make(ids, out, doer=System(), choice=choice, tell=lambda _done, _total, _message: None)
        installation.close()
        assert made.held == ()
        return out.read_bytes()


def welcome(installation: Installation, cast: Cast, name: str = NEWCOMER) -> str:
    """Somebody becomes a learner at Harrow Dale who is on nothing yet; answers their address."""
    with installation.database.writing() as session:
        centre = session.get_one(Centre, cast.homes["ada"])
        add_person(session, installation, cast, centre, name, Role.LEARNER, full_name=FULL_NAMES["amina"])
        session.commit()
    return cast.email(name)


def send(client: StrictClient, content: bytes, *, status: int = 303, name: str = "from-elsewhere.zip") -> Page:
    """Somebody hands a bundle in on the page for it."""
    return client.post("/arriving", {"file": (BytesIO(content), name)}, status=status)


def looked_into(client: StrictClient, installation: Installation, content: bytes) -> str:
    """A bundle is brought, and a worker has looked into it; answers where it stands."""
    address = send(client, content).location
    runner(installation).run_due()
    return address


def draft_at(installation: Installation, address: str) -> ArrivingDraft:
    """The draft of a page, read only."""
    with installation.database.reading() as session:
        draft = session.get_one(ArrivingDraft, int(address.rsplit("/", 1)[-1]))
        assert draft.job is not None
        session.expunge_all()
        return draft


def fields(page: Page, ending: str) -> dict[str, Any]:
    """The fields of the form of a page whose address ends so, as it stands."""
    found: dict[str, Any] = next(form["fields"] for form in page.forms() if (form["action"] or "").endswith(ending))
    return found


def field_of(draft: ArrivingDraft, name: str) -> str:
    """The name of the field for somebody of the bundle."""
    return "who_" + str(next(one["uid"] for one in draft.found["people"] if one["name"] == FULL_NAMES[name]))


def matched(client: StrictClient, installation: Installation, address: str, **who: str) -> Page:
    """Somebody says who people of the bundle are here, and a worker has looked into it again; answers the page."""
    page, draft = client.get(address), draft_at(installation, address)
    chosen = {field_of(draft, name): email for name, email in who.items()}
    client.post(f"{address}/people", fields(page, "/people") | chosen)
    runner(installation).run_due()
    return client.get(address)


def person_named(installation: Installation, email: str) -> Person | None:
    """Whoever has an address."""
    with installation.database.reading() as session:
        return session.scalars(select(Person).where(Person.email == email)).one_or_none()
