"""An item that shows criteria of two units, which have the same codes: told apart on every page."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from portfolio.assessment import submitting
from portfolio.assessment.learner_queries import latest_feedback, portfolio_of
from portfolio.assessment.models import SubmissionItem
from portfolio.assessment.queries import coverage_of
from portfolio.criteria.models import Criterion, UnitVersion
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.evidence.models import Evidence
from portfolio.mapping.actions import Wanted, map_to
from portfolio.mapping.rules import Coded, Outcome
from portfolio.web.home.page import feedback_of
from tests.assessment.desk import judged
from tests.cast import EVERYTHING, Cast
from tests.client import StrictClient
from tests.web.enrolment.diplomas import add_unit


@pytest.fixture
def titles(cast: Cast) -> list[str]:
    """The titles of amina's two units in the order of the enrolment, which is not that of their titles."""
    added = add_unit(cast)
    with cast.installation.database.writing() as session:
        evidence = session.get_one(Evidence, cast.evidence["amina E004"])
        units = {
            session.get_one(UnitVersion, unit.unit_version_id).title: unit
            for unit in session.scalars(
                select(EnrolmentUnit).where(EnrolmentUnit.enrolment_id == evidence.enrolment_id)
            )
        }
        found = sorted(units, reverse=True)
        for position, title in enumerate(found):
            units[title].position = position
        session.flush()
        assert added in {unit.id for unit in units.values()}
        wanted = [
            Wanted(units[title].id, criterion.id, "It says so.", "page 1")
            for title in found
            for criterion in session.scalars(
                select(Criterion).where(
                    Criterion.unit_version_id == units[title].unit_version_id, Criterion.code.in_(["1.1", "1.2"])
                )
            )
        ]
        map_to(session, cast.actor("amina", session), evidence, wanted=wanted)
        session.commit()
    return found


def both(titles: list[str]) -> str:
    """The criteria of the item in words."""
    return "; ".join(f"{title} 1.1, 1.2" for title in titles)


def handed_in(cast: Cast) -> int:
    """Amina hands the item in; answers the id of what was handed in."""
    with cast.installation.database.writing() as session:
        enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
        ids = [cast.evidence["amina E004"]]
        made = submitting.submit(
            session, cast.actor("amina", session), enrolment, evidence_ids=ids, declared=EVERYTHING
        )
        session.commit()
        return made.items[0].id


def test_a_learner_reads_the_units_wherever_codes_are_listed(
    client: StrictClient, cast: Cast, titles: list[str]
) -> None:
    amina, evidence_id = client.sign_in("amina"), cast.evidence["amina E004"]
    assert f"Mapped to {both(titles)}." in amina.get("/portfolio").words
    hand_in = amina.get(f"/enrolments/{cast.enrolments['amina']}/hand-in?item={evidence_id}").words
    assert f"Shows {both(titles)}." in hand_in
    mapping = amina.get(f"/evidence/{evidence_id}/map").words
    assert f"is said of {both(titles)}." in mapping
    item = amina.get(f"/evidence/{evidence_id}").words
    for page in (mapping, item):
        assert page.rindex(titles[0]) < page.rindex(titles[1]), "in the order of the enrolment"
    handed_in(cast)
    assert f"Shows {both(titles)}" in amina.get("/portfolio").words


def test_what_lacks_words_is_named_with_its_unit(client: StrictClient, cast: Cast, titles: list[str]) -> None:
    address = f"/evidence/{cast.evidence['amina E004']}/map"
    amina = client.sign_in("amina")
    boxes = [
        e for e in amina.get(address).all("input") if e.get("name") == "criterion" and e.get("checked") is not None
    ]
    refused = amina.post(address, {"criterion": [e.get("value") for e in boxes], "hand_in": "1"}, status=422)
    for title in titles:
        assert f"{title} 1.2: Say in a sentence or two how it shows this." in refused.words


def test_an_assessor_judges_unit_by_unit(client: StrictClient, cast: Cast, titles: list[str]) -> None:
    at = f"/marking/{handed_in(cast)}"
    marguerite = client.sign_in("marguerite")
    marguerite.post(f"{at}/open")
    page = marguerite.get(at)
    wholes = page.words.split("Whole unit, ")[1:]
    assert [words.startswith(title) for words, title in zip(wholes, titles, strict=True)] == [True, True]
    for title in titles:
        for words in (f"1.2, not decided, {title}", f"Decision on 1.2, {title}", f"Feedback on 1.2, {title}"):
            assert words in page.words
    assert page.statements <= 15


def test_what_is_wanted_is_named_with_its_unit(client: StrictClient, cast: Cast, titles: list[str]) -> None:
    item_id = handed_in(cast)
    client.sign_in("marguerite").post(f"/marking/{item_id}/open")
    with cast.installation.database.writing() as session:
        item = session.get_one(SubmissionItem, item_id)
        judged(session, cast, "marguerite", item, Outcome.MET, Outcome.INSUFFICIENT, Outcome.MET, Outcome.MET)
        session.commit()
    amina = client.another().sign_in("amina")
    wanted = f"{titles[0]} 1.2"
    assert f"More is wanted on {wanted}." in amina.get(f"/evidence/{cast.evidence['amina E004']}").words
    assert f"needs more on E004, Notes for later, for {wanted}" in amina.get("/portfolio").words
    listed = amina.get(f"/enrolments/{cast.enrolments['amina']}/evidence")
    assert "Marked, needs more on 1 criterion" in listed.words
    decided = client.get(f"/marking/{item_id}")
    for title in titles:
        assert title in {heading.text for heading in decided.all("h3")}


def test_feedback_on_a_criterion_is_quoted_at_home_with_its_unit(
    client: StrictClient, cast: Cast, titles: list[str]
) -> None:
    with cast.installation.database.reading() as session:
        [said] = latest_feedback(session, cast.enrolments["amina"])
        [unit] = [one for one in coverage_of(session, cast.enrolments["amina"]) if one.title == titles[0]]
        seen = portfolio_of(session, cast.enrolments["amina"], cast.people["amina"])
    about = replace(said, on=Coded(unit.enrolment_unit_id, "1.2"), text="Which one?")
    [line] = feedback_of(replace(seen, feedback=(about,)))
    assert line.text == f"{titles[0]} 1.2: Which one?"
    assert said.text in client.sign_in("amina").get("/portfolio").words


def test_who_takes_personal_data_out_is_told_the_unit(client: StrictClient, cast: Cast, titles: list[str]) -> None:
    handed_in(cast)
    amina, address = client.sign_in("amina"), f"/evidence/{cast.evidence['amina E004']}"
    amina.post(f"{address}/hide", {"words": "A name in it"})
    page = amina.get(f"{address}/mend")
    for title in titles:
        for words in (f"How it shows {title} 1.2", f"Where it shows {title} 1.2"):
            assert words in page.words
        assert f"{title} 1.2" in [ref.text for ref in page.all("span") if ref.get("class") == "ref"]
