"""Guidance on the learner's own page of a unit: every hint is there, those on a criterion one click from it."""

from pathlib import Path

import pytest

from portfolio.criteria.actions import load_unit
from portfolio.criteria.packs import read_unit
from portfolio.enrolment.actions import touch
from portfolio.enrolment.models import Enrolment
from tests.cast import PACK, Cast
from tests.client import StrictClient


@pytest.mark.parametrize("path", sorted((PACK.parent / "units").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_hint_of_a_unit_stands_on_the_learners_page(client: StrictClient, cast: Cast, path: Path) -> None:
    """One click away is a summary that says “Guidance” in the row of its criterion, and the hint in the row below."""
    unit = read_unit(path)
    with cast.installation.database.writing() as session:
        enrolment = session.get_one(Enrolment, cast.enrolments["ben"])
        [pinned] = enrolment.units
        stored = load_unit(session, cast.actor("ada", session), unit)
        pinned.unit_code, pinned.unit_version_id = stored.code, stored.id
        touch(session, enrolment)
        session.connection().info["events"] = 1
        session.commit()
        address = f"/enrolments/{cast.enrolments['ben']}/units/{pinned.id}"
    page = client.sign_in("ben").get(address)
    rows = [(row, "".join(row.itertext())) for row in page.all("tr")]
    for hint in unit.guidance:
        if not hint.criteria:
            assert hint.text in page.text.replace("&#39;", "'")
        for code in hint.criteria:
            [at] = [n for n, (row, words) in enumerate(rows) if words.startswith(code) and row.get("id")]
            assert f"Guidance for {code}" in " ".join(rows[at][1].split())
            assert hint.text in rows[at + 1][1]
    assert ("Draft criteria" if unit.status == "draft" else "The criteria are in our words") in page.words
