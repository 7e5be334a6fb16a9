"""What the qualifications and units say, on screen: for everybody who works with them, and with every hint in sight."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from portfolio.accounts.rules import Role
from portfolio.audit.events import System
from portfolio.centres.actions import open_centre
from portfolio.centres.models import Centre
from portfolio.criteria.actions import load_pack, load_unit
from portfolio.criteria.contents import Pack
from portfolio.criteria.packs import read_unit
from portfolio.criteria.rules import GUIDANCE_WORDS, Status
from portfolio.enrolment.models import Enrolment
from portfolio.installation import Installation
from tests.assessment.packs import UNIT_FILE, changed_pack, diploma
from tests.cast import PACK, Cast, add_person
from tests.client import Page, StrictClient


def loaded(cast: Cast, pack: Pack, *, own: bool = False) -> tuple[int, dict[str, int]]:
    """A pack is loaded, for the whole site or for ada's centre; answers its id and those of its units by code."""
    with cast.installation.database.writing() as session:
        centre = session.get_one(Centre, cast.homes["ada"]) if own else None
        version = load_pack(session, cast.actor("ada", session), pack, centre=centre)
        session.commit()
        return version.id, {row.unit.code: row.unit_version_id for row in version.units}


def texts(page: Page, tag: str) -> list[str]:
    """The words of every element of a kind."""
    return [" ".join("".join(e.itertext()).split()) for e in page.all(tag)]


@pytest.mark.parametrize("name", ["marguerite", "iris", "ewan", "ada"])
def test_staff_find_the_criteria_in_the_navigation(client: StrictClient, cast: Cast, name: str) -> None:
    assert cast.people
    page = client.sign_in(name).get("/criteria")
    assert "/criteria" in page.links()
    assert "iCQ Level 3 NVQ Diploma in Contact Centre Operations (RQF)" in page.words
    assert ("/criteria/load" in page.links()) is (name == "ada")


def test_a_learner_has_no_such_page(client: StrictClient, cast: Cast) -> None:
    assert cast.people
    client.sign_in("amina").get("/criteria", status=404)
    assert "/criteria" not in client.get("/portfolio").links()


def test_the_list_says_status_ends_units_and_learners(client: StrictClient, cast: Cast) -> None:
    """Learners on the version that new ones get, and those on others; only those whom one may see are counted."""
    closed = replace(diploma(), operational_end=date(2019, 12, 31), certification_end=date(2099, 12, 31))
    loaded(cast, closed)
    loaded(cast, changed_pack(added="4.99"), own=True)
    page = client.sign_in("ada").get("/criteria")
    rows = [row for row in texts(page, "tr") if "/600/" in row or "CCO" in row]
    assert ["New learners until 31 December 2019, over" in row for row in rows] == [True, False]
    assert "Certificates until 31 December 2099" in rows[0]
    assert "Certificates until 31 December 2099, over" not in rows[0]
    assert "Paraphrase" in rows[0]
    assert "4 in outline" in rows[0]
    assert "Draft" in rows[1]
    assert "your centre’s own" in rows[1]
    assert "0 and 2 on other versions" in rows[1]
    assert "1 on other versions" in client.another().sign_in("tobias").get("/criteria").words


def test_the_list_is_searched(client: StrictClient, cast: Cast) -> None:
    """By title, reference and awarding organisation."""
    loaded(cast, diploma())
    client.sign_in("ada")
    for asked in ("looking%20after", "t/600", "SOMEBODY"):
        page = client.get(f"/criteria?q={asked}")
        assert "Diploma in Looking After Customers" in page.words
        assert "Contact Centre Operations" not in page.words
    assert "Nothing is found" in client.get("/criteria?q=nowhere").words


def test_units_that_were_loaded_alone_are_listed(client: StrictClient, cast: Cast) -> None:
    unit = replace(read_unit(UNIT_FILE), code="X/1", title="A unit by itself")
    with cast.installation.database.writing() as session:
        unit_id = load_unit(session, cast.actor("ada", session), unit).id
        session.commit()
    page = client.sign_in("iris").get("/criteria")
    assert f"/criteria/units/{unit_id}" in page.links()
    assert "A unit by itself" in client.get("/criteria?q=x%2F1").words


def test_a_qualification_says_how_its_units_combine(client: StrictClient, cast: Cast) -> None:
    id_, units = loaded(cast, diploma())
    page = client.sign_in("marguerite").get(f"/criteria/{id_}")
    assert "At least 20 credits in all." in page.words
    assert "Not both Listen to customers and Listen to customers by telephone." in page.words
    assert "All units, 13 credits" in page.words
    assert "At least 7 credits" in page.words
    assert "Paraphrased: written in our own words; check against the specification." in page.words
    assert "Made up for tests." in page.words
    assert {f"/criteria/units/{unit}" for unit in units.values()} <= page.links()


def test_a_qualification_without_rules_says_so(client: StrictClient, cast: Cast) -> None:
    with cast.installation.database.reading() as session:
        id_ = session.get_one(Enrolment, cast.enrolments["amina"]).qualification_version_id
    page = client.sign_in("ewan").get(f"/criteria/{id_}")
    assert "How units combine is not known, so no choice of units is checked." in page.words
    assert "Draft: not confirmed" in page.words


def test_an_older_version_leads_to_the_newer_one_and_a_past_end_is_said(client: StrictClient, cast: Cast) -> None:
    old, _units = loaded(cast, replace(diploma(), operational_end=date(2019, 12, 31)))
    new, _units = loaded(cast, replace(diploma(), status=Status.VERIFIED))
    page = client.sign_in("ada").get(f"/criteria/{old}")
    assert "New learners until 31 December 2019: that day is past." in page.words
    assert f"/criteria/{new}" in page.links()
    newer = client.get(f"/criteria/{new}")
    assert "Your centre uses another version." in page.words
    assert "Your centre uses another version" not in newer.words
    assert "Verified: checked against the published specification." in newer.words


@pytest.mark.parametrize("path", sorted((PACK.parent / "units").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_criterion_and_every_hint_of_a_unit_stands_on_its_page(
    client: StrictClient, cast: Cast, path: Path
) -> None:
    """Hints under their kind, with their criteria and sources; nothing is folded away."""
    unit = read_unit(path)
    with cast.installation.database.writing() as session:
        id_ = load_unit(session, cast.actor("ada", session), unit).id
        session.commit()
    page = client.sign_in("iris").get(f"/criteria/units/{id_}")
    assert list(page.all("details")) == [
        element for element in page.all("details") if "burger" in element.get("class", "")
    ]
    lines = texts(page, "li")
    for outcome in unit.outcomes:
        for criterion in outcome.criteria:
            assert f"{criterion.code}{criterion.text}" in "".join(lines).replace("Accepted methods: ", "")
    for hint in unit.guidance:
        [line] = [line for line in lines if line.startswith(hint.text)]
        told = line.removeprefix(hint.text)
        assert told.strip().startswith(f"For {', '.join(hint.criteria)}" if hint.criteria else "For the whole unit")
        assert all(source in told for source in hint.sources)
    assert {GUIDANCE_WORDS[hint.kind] for hint in unit.guidance} <= set(texts(page, "h3"))


def test_a_unit_in_outline_says_so(client: StrictClient, cast: Cast) -> None:
    _id, units = loaded(cast, diploma())
    page = client.sign_in("iris").get(f"/criteria/units/{units['A-2']}")
    assert "Known in outline only." in page.words
    assert "Guided learning hours" not in page.words


def test_what_another_centre_loaded_is_not_there(client: StrictClient, cast: Cast) -> None:
    id_, units = loaded(cast, diploma(), own=True)
    client.sign_in("odette")
    assert "Looking After Customers" not in client.get("/criteria").words
    client.get(f"/criteria/{id_}", status=404)
    client.get(f"/criteria/units/{units['HRCC']}", status=404)


@pytest.mark.parametrize(("role", "may_load"), [(Role.ADMINISTRATOR, True), (Role.IQA, False)])
def test_nothing_is_loaded_yet(client: StrictClient, installation: Installation, role: Role, may_load: bool) -> None:
    """Whoever may load is shown where."""
    with installation.database.writing() as session:
        centre = open_centre(session, System(), name="Newly Opened", number="1")
        add_person(session, installation, Cast(installation), centre, "ada", role)
        session.commit()
    page = client.sign_in("ada").get("/criteria")
    assert "No qualification is loaded yet" in page.words
    assert ("/criteria/load" in page.links()) is may_load
