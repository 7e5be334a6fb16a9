"""Items in which somebody is named, as their makers wrote them, and what the page of their personal data offers."""

from dataclasses import dataclass
from typing import Any

from portfolio.evidence.actions import Details
from portfolio.evidence.models import Evidence
from portfolio.screening.models import Finding, FindingDecision
from tests.cast import Cast, add_files, upload, write
from tests.client import Page, StrictClient

TITLE = "Call-back for Mrs Hollis-Brandt"
BODY = (
    "Mrs Hollis-Brandt rang at ten past eleven. Her mobile is 07700 900417.\n\n"
    "I rang Joanne Hollis-Brandt back and told her neighbour Mr Stannard <nothing>.\n\n"
    "The cat sat on Zebedee all day."
)


@dataclass(frozen=True, slots=True)
class Item:
    """An item whose texts name somebody."""

    cast: Cast
    id: int

    @property
    def path(self) -> str:
        """The page."""
        return f"/evidence/{self.id}/personal-data"

    def texts(self) -> tuple[str, str]:
        """Its title and its text as they are kept."""
        with self.cast.installation.database.reading() as session:
            version = session.get_one(Evidence, self.id).latest
            return version.title, version.body

    def decisions(self) -> list[FindingDecision]:
        """All that was decided about it, in order."""
        with self.cast.installation.database.reading() as session:
            uid = session.get_one(Evidence, self.id).uid
            found = session.query(FindingDecision).filter_by(item_uid=uid).order_by(FindingDecision.id).all()
            session.expunge_all()
            return found

    def findings(self) -> list[Finding]:
        """All that is found in it."""
        with self.cast.installation.database.reading() as session:
            uid = session.get_one(Evidence, self.id).uid
            found = session.query(Finding).filter_by(item_uid=uid).order_by(Finding.id).all()
            session.expunge_all()
            return found


def account(cast: Cast, title: str = TITLE, body: str = BODY, who: str = "amina") -> Item:
    """A reflective account, saved."""
    with cast.installation.database.writing() as session:
        evidence = write(session, cast.installation, cast, who, title, body)
        session.commit()
        return Item(cast, evidence.id)


def with_file(cast: Cast, content: bytes, name: str, media_type: str = "text/plain") -> Item:
    """An item of one file, saved; nobody has looked through its content yet."""
    with cast.installation.database.writing() as session:
        file = upload(cast.installation, content, name, media_type)
        evidence = add_files(session, cast.installation, cast, "amina", Details("A file"), [file])
        session.commit()
        return Item(cast, evidence.id)


def card(page: Page, words: str) -> dict[str, Any]:
    """The form of the card whose mentions these words are in, as a browser would send it untouched."""
    for li in page.all("li"):
        hits = [ul for ul in li.iter("ul") if ul.get("class") == "hits"]
        if li.get("data-card") is not None and any(words in "".join(ul.itertext()) for ul in hits):
            for form, fields in zip(page.all("form"), page.forms(), strict=True):
                if form in list(li.iter("form")):
                    return dict(fields["fields"])
    raise AssertionError(f"there is no card for {words!r}")


def act(client: StrictClient, item: Item, what: str, data: dict[str, Any], status: int = 303) -> Page:
    """Send a card with one of its buttons."""
    return client.post(f"{item.path}/{what}", data, status=status)


def script(client: StrictClient, item: Item, what: str, data: dict[str, Any], status: int = 200) -> dict[str, Any]:
    """The same as the page's script does it; answers what it is told."""
    page = client.post(f"{item.path}/{what}", data, status=status, headers={"Accept": "application/json"})
    told: dict[str, Any] = page.response.get_json()
    return told
