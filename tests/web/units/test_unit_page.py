"""The matrix of a unit: marks, places, guidance and gaps, for the learner and for others."""

from urllib.parse import urljoin

import pytest

from portfolio.assessment import marking
from portfolio.assessment.models import SubmissionItem
from portfolio.assessment.rules import Mark
from portfolio.audit.events import System
from portfolio.centres.actions import change_terms
from portfolio.centres.models import Centre
from portfolio.enrolment.models import Enrolment
from portfolio.mapping.rules import Outcome
from portfolio.web.units.matrix import short_place
from tests.cast import ALL_TICKED, Cast
from tests.client import Page, StrictClient
from tests.web.enrolment.diplomas import moved


def address(cast: Cast, name: str = "amina", rest: str = "") -> str:
    """Somebody's first unit."""
    with cast.installation.database.reading() as session:
        enrolment = session.get_one(Enrolment, cast.enrolments[name])
        return f"/enrolments/{enrolment.id}/units/{enrolment.units[0].id}{rest}"


def rows(page: Page) -> dict[str, str]:
    """The words of each criterion's row, by code."""
    found = {}
    for row in page.all("tr"):
        code = next((e.text for e in row.iter("span") if e.get("class") == "code"), None)
        if code:
            found[code] = " ".join(" ".join(row.itertext()).split())
    return found


def test_the_legend_says_the_centre_s_own_word(client: StrictClient, cast: Cast) -> None:
    """Whatever it was called when it was drawn before."""
    assert "no evidence yet" in client.sign_in("amina").get(address(cast)).words
    with cast.installation.database.writing() as session:
        centre = session.get_one(Centre, cast.homes["amina"])
        change_terms(session, System(), centre, own={"evidence": ("proof", "proof")})
        session.commit()
    page = client.get(address(cast)).words
    assert "no proof yet" in page
    assert "no evidence yet" not in page


def test_on_paper_it_says_whose_it_is(client: StrictClient, cast: Cast) -> None:
    """For a learner's page does not say so on the screen."""
    page = client.sign_in("amina").get(address(cast))
    told = next(e for e in page.all("p") if e.get("class") == "on-paper")
    with cast.installation.database.reading() as session:
        enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
        for words in (enrolment.learner.name, enrolment.registration_number, enrolment.centre.name):
            assert words in (told.text or "")


def test_a_draft_claims_nothing_yet(client: StrictClient, cast: Cast) -> None:
    """In the foot of the table, as in the legend."""
    page = client.sign_in("amina").get(address(cast))
    heads = [e.get("title") or "" for e in page.all("a") if e.get("title")]
    counts = [e.text for e in next(iter(page.all("tfoot"))).iter("td")]
    assert counts[heads.index("A week of repeated complaints")] == "0"
    assert counts[heads.index("Complaint letter and reply")] == "2"


def test_every_criterion_with_its_state_and_marks(client: StrictClient, cast: Cast) -> None:
    """The draft shows to its learner, and counts for nothing."""
    page = client.sign_in("amina").get(address(cast))
    found = rows(page)
    assert len(found) == 17
    assert "E001 met at p1" in found["1.1"]
    assert found["1.1"].endswith("Met One source")
    assert "insufficient at" in found["1.2"]
    assert "Needs more" in found["1.2"]
    assert "claimed at" in found["2.1"]
    assert "in a draft at" in found["3.1"]
    assert found["3.1"].endswith("Gap In a draft")
    assert found["1.3"].endswith("Gap Add files for 1.3")
    assert page.statements <= 14


def test_the_status_of_the_wording_stands_on_the_page(client: StrictClient, cast: Cast) -> None:
    """Wherever it is not the awarding organisation's own."""
    page = client.sign_in("amina").get(address(cast))
    assert "Draft criteria, written in our words; your centre will confirm them." in page.words


def test_a_gap_leads_to_evidence_for_it(client: StrictClient, cast: Cast) -> None:
    """The criterion goes along."""
    page = client.sign_in("ben").get(address(cast, "ben"))
    links = {urljoin(address(cast, "ben"), link) for link in page.links() if link.startswith("../evidence/add-files?")}
    assert len(links) == 17
    for link in sorted(links)[:2]:
        client.get(link)


def test_guidance_is_one_click_from_its_criterion(client: StrictClient, cast: Cast) -> None:
    """And what stands for the whole unit is on the page."""
    page = client.sign_in("amina").get(address(cast))
    summaries = ["".join(e.itertext()) for e in page.all("summary")]
    assert "Guidance for 1.1" in summaries
    for words in ("Names who referred the complaint and what triggered it", "What marking looks for", "Tips"):
        assert words in page.words


@pytest.mark.parametrize("name", ["marguerite", "tobias", "dafydd", "iris", "ada", "ewan"])
def test_others_see_no_draft_and_nothing_to_do(client: StrictClient, cast: Cast, name: str) -> None:
    """The same states."""
    page = client.sign_in(name).get(address(cast))
    assert "Amina Ramachandran-Hughes" in page.words
    assert "E003" not in page.words
    assert "in a draft" not in page.words
    assert not [link for link in page.links() if "add-files" in link]
    assert rows(page)["1.1"].endswith("Met One source")
    assert rows(page)["3.1"].endswith("Gap")


def test_a_trainees_decision_only_waits(client: StrictClient, cast: Cast) -> None:
    """It counts for nothing."""
    with cast.installation.database.writing() as session:
        handed, tobias = session.get_one(SubmissionItem, cast.items["amina E002"]), cast.actor("tobias", session)
        marking.open_item(session, tobias, handed)
        marks = [Mark(claim.id, Outcome.MET, True, "Trainee words.") for claim in marking.claims_on(session, handed)]
        marking.save_review(session, tobias, handed, varc=ALL_TICKED, marks=marks, feedback="Trainee words.")
        marking.release(session, tobias, handed)
        session.commit()
    for name in ("amina", "iris"):
        browser = client.another().sign_in(name)
        found = rows(browser.get(address(cast)))
        assert "awaiting countersignature" in found["2.1"]
        assert found["2.1"].endswith("Claimed One source")
        page = browser.get(f"/evidence/{cast.evidence['amina E002']}")
        assert "Awaiting countersignature" in page.words
        assert "Trainee words." not in page.words
        assert "Tobias" not in page.words


@pytest.mark.parametrize(
    ("show", "codes"),
    [
        ("more", ["1.2"]),
        ("claimed", ["2.1", "2.3"]),
        ("single", ["1.1", "2.1", "2.3"]),
        ("nonsense", None),
    ],
)
def test_filters(client: StrictClient, cast: Cast, show: str, codes: list[str] | None) -> None:
    """By the state; what is unknown shows all."""
    found = list(rows(client.sign_in("amina").get(address(cast, rest=f"?show={show}"))))
    assert found == codes if codes else len(found) == 17


@pytest.mark.parametrize(
    ("show", "headings"), [("all", ["1", "2", "3", "4"]), ("more", ["1"]), ("single", ["1", "2"]), ("met", ["1"])]
)
def test_a_heading_stands_above_the_rows_that_are_left(
    client: StrictClient, cast: Cast, show: str, headings: list[str]
) -> None:
    """Once above the first of its own, whichever that is; what has none left has no heading."""
    page = client.sign_in("amina").get(address(cast, rest=f"?show={show}"))
    [body] = [element for element in page.all("tbody") if element.get("role") == "rowgroup"]
    found, above = [], ""
    for row in body:
        if row.get("class") == "outcome":
            above = "".join(row.itertext()).partition(".")[0]
            found.append(above)
        elif row.get("id"):
            assert next(e.text or "" for e in row.iter("span") if e.get("class") == "code").startswith(f"{above}.")
    assert found == headings


def test_what_a_page_says_of_one_learner_is_never_on_that_of_another(client: StrictClient, cast: Cast) -> None:
    """The same person opens the same unit of two, in turn, and again once something has changed."""
    iris = client.sign_in("iris")
    for _ in range(2):
        amina, ben = (iris.get(address(cast, name)) for name in ("amina", "ben"))
        assert "Amina Ramachandran-Hughes. 1 of 17 criteria is met." in amina.words
        assert "1 of 17" not in ben.words
        assert "0 of 17 criteria are met. 17 have no evidence yet." in ben.words
        assert "Amina" not in ben.words
        assert "E001" not in ben.words
        assert [f"/enrolments/{cast.enrolments[name]}/evidence" in page.links() for name, page in
                (("amina", amina), ("amina", ben), ("ben", ben))] == [True, False, True]  # fmt: skip
    moved(cast, reworded=("1.1",))
    assert "0 of 18 criteria are met." in iris.get(address(cast)).words


def test_a_unit_of_another_enrolment_is_not_there(client: StrictClient, cast: Cast) -> None:
    """Nor a unit of nobody, nor somebody else's enrolment."""
    client.sign_in("amina")
    own, other = address(cast), address(cast, "ben")
    client.get(f"/enrolments/{cast.enrolments['amina']}/units/{other.rsplit('/', 1)[1]}", status=404)
    client.get(f"{own}99999", status=404)
    client.get(other, status=404)
    client.another().sign_in("tobias").get(other, status=404)


@pytest.mark.parametrize(
    ("place", "short"),
    [
        ("page 2", "p2"), ("Page 12", "p12"), ("p. 3", "p3"), ("paragraph 8", "¶8"), ("¶8", "¶8"), ("row 4", "r4"),
        ("question 3", "Q3"), ("02:10", "2:10"), ("page 2, second table", ""), ("", ""), ("  ", ""),
    ],
)  # fmt: skip
def test_places_as_they_fit_under_a_mark(place: str, short: str) -> None:
    """Whole or not at all."""
    assert short_place(place) == short


def test_what_was_handed_in_for_an_earlier_wording_is_still_told(client: StrictClient, cast: Cast) -> None:
    """Below the matrix, where it counts for nothing."""
    client.sign_in("amina")
    assert "Handed in for an earlier wording" not in client.get(address(cast)).words
    moved(cast, reworded=("1.1",), gone=("1.2",))
    page = client.get(address(cast))
    assert rows(page)["1.1"].endswith("Gap Add files for 1.1")
    told = [" ".join(" ".join(one.itertext()).split()) for one in page.all("li")]
    assert "1.1 Establish what was referred, who referred it and why Met E001 Complaint letter and reply" in told
    assert [
        one for one in told if one.startswith("1.2 ") and one.endswith("Insufficient E001 Complaint letter and reply")
    ]
    assert f"/evidence/{cast.evidence['amina E001']}" in page.links()
    assert page.statements <= 15
