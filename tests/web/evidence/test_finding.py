"""Finding evidence: words, filters, order and pages, all in the address, for the learner and for staff."""

import pytest

from portfolio.criteria.rules import Method
from portfolio.enrolment.models import Enrolment
from portfolio.evidence import actions
from portfolio.evidence.actions import Details
from portfolio.evidence.rules import Carrier
from portfolio.web.paging import ROWS
from tests.cast import Cast, write
from tests.client import Page, StrictClient


@pytest.fixture
def amina(client: StrictClient, cast: Cast) -> StrictClient:
    """The learner."""
    assert cast.people
    return client.sign_in("amina")


def listed(page: Page) -> list[str]:
    """The references of the table, in order."""
    return [
        "".join(span.itertext())
        for table in page.all("table")
        for span in table.iter("span")
        if span.get("class") == "ref"
    ]


def address(cast: Cast, query: str = "", name: str = "amina") -> str:
    """Somebody's list."""
    return f"/enrolments/{cast.enrolments[name]}/evidence{query}"


def add_elsewhere(cast: Cast) -> None:
    """One more item of amina's, that stays where it is."""
    with cast.installation.database.writing() as session:
        actions.add(
            session,
            cast.actor("amina", session),
            session.get_one(Enrolment, cast.enrolments["amina"]),
            cast.installation.store,
            method=Method.WITNESS,
            carrier=Carrier.ELSEWHERE,
            details=Details(
                "Statement of the Zoë office",
                role="I asked for it.",
                custody={"location": "Leeds", "custodian": "Manager", "reason": "It is signed on paper."},
            ),
        )
        session.commit()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=e003", ["E003"]),
        ("?q=COMPLAINT", ["E001", "E003"]),
        ("?q=front+desk", ["E001"]),
        ("?q=Letter.TXT", ["E001"]),
        ("?q=rang", ["E002"]),
        ("?q=customer+calmed", ["E002"]),
        ("?q=asked", ["E005"]),
        ("?q=zoë", ["E005"]),
        ("?q=leeds", ["E005"]),
        ("?q=manager", ["E005"]),
        ("?q=ramachandran", ["E001", "E002", "E003", "E004", "E005"]),
        ("?state=on_record", []),
        ("?q=100%25", []),
        ("?q=_", []),
        ("?kind=WT", ["E005"]),
        ("?kind=RA&q=notes", ["E004"]),
        ("?kind=nonsense", ["E001", "E002", "E003", "E004", "E005"]),
        ("?carrier=files", ["E001"]),
        ("?carrier=elsewhere", ["E005"]),
        ("?state=draft", ["E003", "E004", "E005"]),
        ("?state=submitted", ["E002"]),
        ("?state=marked", ["E001"]),
        ("?state=trash", []),
        ("?unit=none", ["E004", "E005"]),
        ("?unit=many", []),
        ("?unit=999999", ["E001", "E002", "E003", "E004", "E005"]),
        ("?by=999999", ["E001", "E002", "E003", "E004", "E005"]),
        ("?sort=title", ["E003", "E001", "E004", "E005", "E002"]),
        ("?sort=event", ["E002", "E003", "E004", "E001", "E005"]),
        ("?page=2", []),
        ("?page=x", ["E001", "E002", "E003", "E004", "E005"]),
    ],
)
def test_what_is_found(amina: StrictClient, cast: Cast, query: str, expected: list[str]) -> None:
    """And in which order."""
    add_elsewhere(cast)
    assert listed(amina.get(address(cast, query))) == expected


def test_by_unit_and_by_maker(amina: StrictClient, cast: Cast) -> None:
    """As the lists offer them."""
    with cast.installation.database.reading() as session:
        unit_id = session.get_one(Enrolment, cast.enrolments["amina"]).units[0].id
    assert listed(amina.get(address(cast, f"?unit={unit_id}"))) == ["E001", "E002", "E003"]
    assert len(listed(amina.get(address(cast, f"?by={cast.people['amina']}")))) == 4


def test_the_last_change_comes_first(amina: StrictClient, cast: Cast) -> None:
    """When it is asked for."""
    assert set(listed(amina.get(address(cast, "?sort=change")))[:2]) <= {"E002", "E003", "E004"}


def test_what_is_chosen_is_said_and_can_be_taken_away(amina: StrictClient, cast: Cast) -> None:
    """One by one; the others and the order stay."""
    page = amina.get(address(cast, "?q=complaint&state=draft&unit=none&sort=title"))
    assert "Has “complaint”, remove this filter" in page.words
    assert address(cast, "?state=draft&unit=none&sort=title") in page.links()
    assert address(cast, "?q=complaint&state=draft&sort=title") in page.links()
    assert address(cast) in page.links()
    form = next(form["fields"] for form in page.forms() if "q" in form["fields"])
    assert (form["q"], form["state"], form["unit"], form["sort"]) == ("complaint", "draft", "none", "title")


def test_how_many_there_are(amina: StrictClient, cast: Cast) -> None:
    """Of how many, when something is asked for."""
    assert "4 items." in amina.get(address(cast)).words
    assert "1 of 4 items." in amina.get(address(cast, "?state=marked")).words


def test_nothing_found_says_why(amina: StrictClient, cast: Cast) -> None:
    """With the way back to everything."""
    page = amina.get(address(cast, "?q=unheard&state=marked"))
    assert "No item has every one of these words" in page.words
    assert "and fits the other filters too" in page.words
    page = amina.get(address(cast, "?carrier=recording"))
    assert "No item fits this filter." in page.words


def test_staff_find_what_was_handed_in(client: StrictClient, cast: Cast) -> None:
    """Drafts are not found by any word or filter."""
    client.sign_in("marguerite")
    assert listed(client.get(address(cast))) == ["E001", "E002"]
    for query in ("?q=repeated", "?q=E004", "?state=draft", "?unit=none", "?state=trash"):
        page = client.get(address(cast, query))
        assert listed(page) == []
        assert "of 2 items" in page.words or query == "?state=trash"


def states_offered(page: Page) -> list[str]:
    """The choices of the filter by state."""
    return [
        option.get("value", "")
        for box in page.all("select")
        if box.get("id") == "state"
        for option in box.iter("option")
    ]


def test_only_states_that_can_occur_are_offered(client: StrictClient, cast: Cast) -> None:
    """Who makes items has drafts and a trash; nobody else is asked about them, and naming one changes nothing."""
    assert states_offered(client.sign_in("amina").get(address(cast))) == [
        "", "draft", "submitted", "on_record", "marked", "trash",
    ]  # fmt: skip
    iris = client.another().sign_in("iris")
    assert states_offered(iris.get(address(cast))) == ["", "submitted", "on_record", "marked"]
    assert listed(iris.get(address(cast, "?state=trash"))) == ["E001", "E002"]


def test_what_is_hidden_is_found_as_such_by_whoever_may_see_it(amina: StrictClient, cast: Cast) -> None:
    """And under no other state."""
    marguerite = amina.another().sign_in("marguerite")
    marguerite.post(f"/evidence/{cast.evidence['amina E001']}/hide", {"words": "A name on page 1."})
    assert listed(amina.get(address(cast, "?state=hidden"))) == ["E001"]
    assert listed(amina.get(address(cast, "?state=marked"))) == []
    assert "hidden" not in states_offered(amina.another().sign_in("iris").get(address(cast)))


def test_what_a_marked_item_amounts_to(amina: StrictClient, cast: Cast) -> None:
    """In the list in short; on its page as a sentence."""
    assert "Marked, needs more on 1.2" in amina.get(address(cast)).words
    assert "More is wanted on 1.2." in amina.get(f"/evidence/{cast.evidence['amina E001']}").words


def test_the_short_address_keeps_what_is_asked_for(amina: StrictClient, cast: Cast) -> None:
    """Whatever it is."""
    assert amina.get("/evidence?q=caf%C3%A9&state=draft", status=303).location == address(
        cast, "?q=caf%C3%A9&state=draft"
    )


def test_pages_take_as_many_statements_with_many_items_as_with_few(amina: StrictClient, cast: Cast) -> None:
    """And keep the filters from page to page."""
    few = amina.get(address(cast, "?state=draft")).statements
    with cast.installation.database.writing() as session:
        for number in range(ROWS):
            write(session, cast.installation, cast, "amina", f"Account {number}", "Words.")
        session.commit()
    first = amina.get(address(cast, "?state=draft"))
    assert first.statements == few
    assert len(listed(first)) == ROWS
    assert f"{ROWS + 2} of {ROWS + 4} items, {ROWS} on this page." in first.words
    following = address(cast, "?state=draft&page=2")
    assert following in first.links()
    second = amina.get(following)
    assert len(listed(second)) == 2
    assert address(cast, "?state=draft") in second.links()
