"""Moving a unit to newer criteria on screen: first what changes, then the move, and nothing behind one's back."""

from dataclasses import replace

import pytest

from portfolio.centres.models import Centre
from portfolio.criteria.actions import load_unit
from portfolio.criteria.packs import read_unit
from portfolio.enrolment.models import Enrolment
from tests.assessment.packs import UNIT_FILE
from tests.cast import Cast
from tests.client import Page, StrictClient
from tests.web.enrolment.diplomas import newer_for, on_diploma


def path(cast: Cast, name: str = "amina", at: int = 0) -> str:
    """The page of one of somebody's units."""
    with cast.installation.database.reading() as session:
        enrolment = session.get_one(Enrolment, cast.enrolments[name])
        return f"/enrolments/{enrolment.id}/units/{enrolment.units[at].id}/move"


def pinned(cast: Cast, name: str = "amina") -> int:
    """The version of somebody's first unit."""
    with cast.installation.database.reading() as session:
        return session.get_one(Enrolment, cast.enrolments[name]).units[0].unit_version_id


def press(client: StrictClient, page: Page, address: str, *, status: int = 303) -> Page:
    """Press the button of the page."""
    [form] = [form for form in page.forms() if "to" in form["fields"]]
    return client.post(address, form["fields"], status=status)


def test_what_changes_is_shown_and_then_the_unit_is_moved(client: StrictClient, cast: Cast) -> None:
    """Ben, on the same unit, is not."""
    to, address = newer_for(cast, reworded=("1.1",), gone=("3.1",)), path(cast)
    client.sign_in("ada")
    assert address in client.get(f"/enrolments/{cast.enrolments['amina']}").links()
    page = client.get(address)
    assert "Establish what was referred, who referred it and why, in newer words" in page.words
    assert "Say what is new" in page.words
    assert "Open again" in page.words
    assert "A draft is mapped to 3.1, which is no longer there" in page.words
    assert "E003" not in page.words
    rows = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in page.all("tr")]
    assert ["1.1", "Met", "E001"] in rows
    assert ["1.2", "Needs more", "E001"] in rows
    assert ["2.1", "Claimed", "E002"] in rows
    assert pinned(cast) != to
    done = press(client, page, address)
    after = client.get(done.location)
    assert "is on its newer criteria." in after.words
    assert address not in after.links()
    assert (pinned(cast), pinned(cast, "ben") != to) == (to, True)
    with cast.installation.database.reading() as session:
        unit_id = session.get_one(Enrolment, cast.enrolments["amina"]).units[0].id
    client.get(f"/enrolments/{cast.enrolments['amina']}/units/{unit_id}")
    item = client.get(f"/evidence/{cast.evidence['amina E001']}")
    assert item.words.count("An earlier wording") == 1


def test_what_counts_again_is_shown_in_the_state_that_it_has_then(client: StrictClient, cast: Cast) -> None:
    """After a mistake was undone, or when earlier words come back."""
    newer_for(cast, reworded=("1.1",))
    client.sign_in("ada")
    press(client, client.get(path(cast)), path(cast))
    newer_for(cast)
    page = client.get(path(cast))
    assert "Counts again" in page.words
    rows = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in page.all("tr")]
    assert rows.index(["1.1", "Met", "E001"]) > rows.index(["Criterion", "State then", "Items"])
    press(client, page, path(cast))


def test_a_decision_under_way_holds_the_unit_back(client: StrictClient, cast: Cast) -> None:
    to, address = newer_for(cast, reworded=("2.1",)), path(cast)
    client.sign_in("marguerite")
    page = client.get(address)
    assert "The unit cannot be moved now." in page.words
    assert not [form for form in page.forms() if "to" in form["fields"]]
    answer = client.post(address, {"to": to}, status=409)
    assert "A decision is under way on 2.1 (E002)" in answer.words
    assert pinned(cast) != to


def test_only_what_was_shown_is_done(client: StrictClient, cast: Cast) -> None:
    """Criteria that were loaded since are looked at first."""
    newer_for(cast, reworded=("1.1",))
    client.sign_in("ada")
    page, before = client.get(path(cast)), pinned(cast)
    newer_for(cast, reworded=("4.4",))
    assert "Newer criteria were loaded meanwhile" in press(client, page, path(cast), status=409).words
    client.post(path(cast), {}, status=409)
    assert pinned(cast) == before


def test_where_there_is_nothing_newer_the_page_says_so(client: StrictClient, cast: Cast) -> None:
    client.sign_in("ada")
    assert "There is nothing newer." in client.get(path(cast)).words
    client.post(path(cast), {"to": 1}, status=409)
    client.get(path(cast).replace("/units/", "/units/99"), status=404)


def test_an_outline_gives_way_to_the_unit_in_full(client: StrictClient, cast: Cast) -> None:
    """Once it is loaded; the learner then has its criteria."""
    on_diploma(cast)
    with cast.installation.database.writing() as session:
        centre = session.get_one(Centre, cast.homes["ada"])
        unit = replace(read_unit(UNIT_FILE), code="A-2", title="Keep records of customers", level=3, credit=3)
        load_unit(session, cast.actor("ada", session), unit, centre=centre)
        session.commit()
    address = path(cast, "ben diploma", 1)
    client.sign_in("marguerite")
    page = client.get(f"/enrolments/{cast.enrolments['ben diploma']}")
    assert "Known in full now" in page.words
    assert address in page.links()
    page = client.get(address)
    assert "in outline" in page.words
    assert "Nothing is mapped to this unit yet." in page.words
    press(client, page, address)
    assert "Known in outline only" not in client.get(f"/enrolments/{cast.enrolments['ben diploma']}").words


@pytest.mark.parametrize(("name", "status"), [("amina", 403), ("dafydd", 403), ("iris", 403), ("ben", 404)])
def test_nobody_else_moves(client: StrictClient, cast: Cast, name: str, status: int) -> None:
    to = newer_for(cast)
    client.sign_in(name)
    client.get(path(cast), status=status)
    client.post(path(cast), {"to": to}, status=status)
