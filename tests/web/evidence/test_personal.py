"""What an item's own words may give away is shown to whoever writes them, and to nobody else; nothing is held back."""

import pytest

from portfolio.evidence.actions import Details
from portfolio.evidence.models import Evidence
from portfolio.mapping.actions import map_to
from tests.cast import Cast, add_files, hand_in, upload, wanted, write
from tests.client import Page, StrictClient

TELLING = "I rang Mrs Hollingberry on 07700 900417. Mrs Hollingberry was glad. Her card is in the post."


@pytest.fixture
def telling(cast: Cast) -> int:
    """An account of amina's that names a customer."""
    with cast.installation.database.writing() as session:
        evidence = write(session, cast.installation, cast, "amina", "A late refund", TELLING)
        session.commit()
        return evidence.id


def pointed_at(page: Page) -> list[str]:
    """The words that are pointed at."""
    return ["".join(mark.itertext()) for mark in page.all("mark")]


def test_a_name_and_a_number_are_pointed_at(client: StrictClient, telling: int) -> None:
    page = client.sign_in("amina").get(f"/evidence/{telling}")
    assert pointed_at(page) == ["Mrs Hollingberry", "07700 900417"]
    assert "2 names and details" in page.words
    assert "name of a person, in text" in page.words
    assert "Not the files themselves" in page.words


def test_who_is_named_in_the_text_is_found_in_the_title(client: StrictClient, cast: Cast) -> None:
    with cast.installation.database.writing() as session:
        evidence = write(session, cast.installation, cast, "amina", "hollingberry again", TELLING)
        session.commit()
    page = client.sign_in("amina").get(f"/evidence/{evidence.id}")
    assert "hollingberry" in pointed_at(page)
    assert "in title, text" in page.words


def test_stand_ins_and_ones_own_name_are_left_alone(client: StrictClient, cast: Cast) -> None:
    with cast.installation.database.reading() as session:
        name = session.get_one(Evidence, cast.evidence["amina E003"]).author.name
    text = f"Customer A rang and I, {name}, called Colleague B on [phone 1]. It took two days."
    with cast.installation.database.writing() as session:
        evidence = write(session, cast.installation, cast, "amina", "Put right", text)
        session.commit()
    page = client.sign_in("amina").get(f"/evidence/{evidence.id}")
    assert pointed_at(page) == []
    assert "Could these point to somebody?" not in page.words


def test_it_is_not_held_back(client: StrictClient, telling: int) -> None:
    client.sign_in("amina")
    assert client.get(f"/evidence/{telling}/map").status == 200


def test_nobody_else_is_shown_it(client: StrictClient, cast: Cast, telling: int) -> None:
    client.sign_in("amina").get(f"/evidence/{telling}")
    client.another().sign_in("marguerite").get(f"/evidence/{telling}", status=404)
    with cast.installation.database.writing() as session:
        evidence = session.get_one(Evidence, telling)
        claims = wanted(session, evidence.enrolment, {"3.2": "Mrs Hollingberry said so."})
        map_to(session, cast.actor("amina", session), evidence, wanted=claims)
        hand_in(session, cast, "amina", evidence, evidence.ref)
        session.commit()
    for name in ("amina", "marguerite"):
        page = client.another().sign_in(name).get(f"/evidence/{telling}")
        assert "Mrs Hollingberry" in page.words
        assert pointed_at(page) == []


def test_the_names_of_files_and_what_a_claim_says_are_looked_through(client: StrictClient, cast: Cast) -> None:
    with cast.installation.database.writing() as session:
        sent = upload(cast.installation, b"Dear Sir", "letter to Mrs Hollingberry.txt")
        evidence = add_files(session, cast.installation, cast, "amina", Details("A letter"), [sent])
        claims = wanted(session, evidence.enrolment, {"3.2": "I rang 07700 900417 the same day."})
        map_to(session, cast.actor("amina", session), evidence, wanted=claims)
        session.commit()
    page = client.sign_in("amina").get(f"/evidence/{evidence.id}")
    assert {"Mrs Hollingberry", "07700 900417"} <= set(pointed_at(page))
    assert "in names of files" in page.words
    assert "in how it meets 3.2" in page.words
