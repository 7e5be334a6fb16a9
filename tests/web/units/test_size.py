"""What the page of a unit may weigh and ask of the database, however much there is."""

import pytest

from portfolio.assessment.models import UnitMatrix, UnitProgress
from portfolio.enrolment.models import Enrolment
from portfolio.mapping import actions as mapping
from tests.cast import Cast, wanted, write
from tests.client import StrictClient
from tests.web.units.test_unit_page import address
from tests.web.units.wide import CRITERIA, ITEMS, packed, widely

MOST_BYTES = 300_000
STATEMENTS = 8


def test_three_hundred_criteria_and_six_hundred_claims_fit(client: StrictClient, cast: Cast) -> None:
    """In 300 KB, uncompressed, on the learner's own page, where every gap has a way to close it."""
    enrolment_id = widely(cast, "ben")
    with cast.installation.database.writing() as session:
        [unit] = session.get_one(Enrolment, enrolment_id).units
        session.add(UnitMatrix(enrolment_unit_id=unit.id, enrolment_id=enrolment_id, packed=packed().text))
        progress = session.get_one(UnitProgress, unit.id)
        assert progress.states == "G" * CRITERIA
        progress.states = "C" * CRITERIA
        session.commit()
    page = client.sign_in("ben").get(f"/enrolments/{enrolment_id}/units/{unit.id}")
    assert page.text.count('<td class="x-') == 600
    assert len([e for e in page.all("th") if e.get("class") == "ev"]) == ITEMS
    assert len(page.response.data) <= MOST_BYTES


@pytest.mark.parametrize("more", [0, 6])
def test_the_page_takes_the_same_statements_however_much_there_is(client: StrictClient, cast: Cast, more: int) -> None:
    """Few, with signing in, once the unit's criteria are kept."""
    with cast.installation.database.writing() as session:
        enrolment, amina = session.get_one(Enrolment, cast.enrolments["amina"]), cast.actor("amina", session)
        for n in range(more):
            extra = write(session, cast.installation, cast, "amina", f"Account {n}", "Text.")
            mapping.map_to(session, amina, extra, wanted=wanted(session, enrolment, {"4.1": "Told.", "4.2": "Told."}))
        session.commit()
    client.sign_in("amina").get(address(cast))
    page = client.get(address(cast))
    assert page.words.count("in a draft") == 1 + 2 * more
    assert page.statements <= STATEMENTS
