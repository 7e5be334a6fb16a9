"""Choosing a learner's units on screen: what the rules say, what is refused, and what stays."""

import pytest

from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import EnrolmentState
from tests.cast import Cast
from tests.client import StrictClient
from tests.web.enrolment.diplomas import ids_of, on_diploma, taken


def path(enrolment_id: int) -> str:
    """The page."""
    return f"/enrolments/{enrolment_id}/units/choose"


def test_units_are_ticked_until_the_rules_are_met(client: StrictClient, cast: Cast) -> None:
    """Each save says what is still short; the enrolment says so too."""
    id_ = on_diploma(cast)
    client.sign_in("marguerite")
    page = client.get(f"/enrolments/{id_}")
    assert "Short by 7 credits in group B" in page.words
    assert [link for link in page.links() if link.startswith("/criteria/")]
    page = client.get(path(id_))
    assert "Short by 7 credits in group B" in page.words
    assert "13 of 20 credits" in page.words
    assert "Keep records of customers" in page.words
    saved = client.post(path(id_), {"units": ids_of(cast, id_, {"HRCC", "A-2", "B-1"})})
    page = client.get(saved.location)
    assert "1 unit taken up. Short by 3 credits in group B. Short by 3 credits in all." in page.words
    assert taken(cast, id_) == ["HRCC", "A-2", "B-1"]
    saved = client.post(path(id_), {"units": ids_of(cast, id_, {"HRCC", "A-2", "B-1", "B-2"})})
    page = client.get(saved.location)
    assert "1 unit taken up. This choice meets the rules of the qualification." in page.words
    assert "20 of 20 credits." in page.words
    client.post(path(id_), {"units": ids_of(cast, id_, {"HRCC", "B-2"})})
    assert "2 units dropped." in client.get(f"/enrolments/{id_}").words
    client.post(path(id_), {"units": ids_of(cast, id_, {"HRCC", "B-2"})})
    assert "No unit was changed." in client.get(f"/enrolments/{id_}").words


def test_check_says_how_a_choice_stands_and_saves_nothing(client: StrictClient, cast: Cast) -> None:
    id_ = on_diploma(cast)
    client.sign_in("ada")
    ticked = ids_of(cast, id_, {"HRCC", "A-2", "B-1", "B-3"})
    page = client.post(path(id_), {"units": ticked, "step": "check"}, status=200)
    assert "Listen to customers and Listen to customers by telephone cannot be taken together" in page.words
    assert "21 of 20 credits" in page.words
    [form] = [form for form in page.forms() if "units" in form["fields"]]
    assert sorted(map(int, form["fields"]["units"])) == sorted(ticked)
    assert taken(cast, id_) == ["HRCC", "A-2"]


def test_a_barred_pair_and_an_unknown_unit_are_refused(client: StrictClient, cast: Cast) -> None:
    id_ = on_diploma(cast)
    client.sign_in("ada")
    page = client.post(path(id_), {"units": ids_of(cast, id_, {"B-1", "B-3"})}, status=422)
    assert "cannot be taken together. Keep one of them." in page.words
    client.post(path(id_), {"units": [999_999]}, status=422)
    client.post(path(id_), {"units": ["x"]}, status=422)
    assert taken(cast, id_) == ["HRCC", "A-2"]


def test_a_unit_with_evidence_stays_and_the_page_says_why(client: StrictClient, cast: Cast) -> None:
    """Drafts are counted and not named; the box cannot be unticked, and sends itself along."""
    id_ = cast.enrolments["amina"]
    client.sign_in("ada")
    page = client.get(path(id_))
    assert "It stays: E001, E002 and a draft are mapped to it" in page.words
    assert "E003" not in page.words
    assert "How units combine is not known, so no choice of units is checked." in page.words
    client.post(path(id_), {}, status=422)
    [form] = [form for form in page.forms() if "units" in form["fields"]]
    client.post(path(id_), form["fields"])
    assert taken(cast, id_) == ["HRCC"]


@pytest.mark.parametrize(("name", "status"), [("amina", 403), ("dafydd", 403), ("iris", 403), ("ben", 404)])
def test_nobody_else_chooses(client: StrictClient, cast: Cast, name: str, status: int) -> None:
    client.sign_in(name)
    client.get(path(cast.enrolments["amina"]), status=status)
    client.post(path(cast.enrolments["amina"]), {}, status=status)


def test_an_enrolment_that_is_over_is_only_shown(client: StrictClient, cast: Cast) -> None:
    id_ = on_diploma(cast)
    with cast.installation.database.writing() as session:
        session.get_one(Enrolment, id_).state = EnrolmentState.COMPLETED
        session.connection().info["events"] = 1
        session.commit()
    client.sign_in("ada")
    assert "This enrolment is over." in client.get(path(id_)).words
    client.post(path(id_), {"units": ids_of(cast, id_, {"HRCC"})}, status=409)
    assert path(id_) not in client.get(f"/enrolments/{id_}").links()


def test_the_learner_sees_units_groups_and_what_is_known_in_outline(client: StrictClient, cast: Cast) -> None:
    id_ = on_diploma(cast)
    client.sign_in("ben")
    home = client.get(f"/portfolio?enrolment={id_}")
    assert "A-2, level 3, 3 credits" in home.words
    assert "Known in outline only; your centre loads its criteria." in home.words
    page = client.get(f"/enrolments/{id_}")
    assert "HRCC, level 4, 10 credits, draft wording. Mandatory units" in page.words
    assert "A-2, level 3, 3 credits. Mandatory units" in page.words
    assert "Short by 7 credits in group B" in page.words
    assert path(id_) not in page.links()
    assert not [link for link in page.links() if link.startswith("/criteria")]
    with cast.installation.database.reading() as session:
        unit_id = session.get_one(Enrolment, id_).units[1].id
    unit = client.get(f"/enrolments/{id_}/units/{unit_id}")
    assert "Known in outline only; your centre loads its criteria." in unit.words
    assert not list(unit.all("table"))


def test_the_coverage_audit_leaves_outlines_out(client: StrictClient, cast: Cast) -> None:
    """There is nothing of them that could be covered."""
    on_diploma(cast)
    page = client.sign_in("ada").get("/coverage?unit=A-2")
    offered = {option.get("value") for option in page.all("option")}
    assert "HRCC" in offered
    assert "A-2" not in offered
