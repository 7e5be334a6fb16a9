"""What in feedback may point to somebody is said beside it, to the assessor who writes it; it is saved all the same."""

import pytest

from tests.cast import Cast
from tests.client import Page, StrictClient
from tests.web.assessment.test_mark import claim_ids, sheet
from tests.web.assessment.test_saving import told

SAID = "Show what Mrs Hollingberry said when you rang 07700 900417."
NOTE = "2 things here may point to a real person: Mrs Hollingberry, 07700 900417"


@pytest.fixture
def at(cast: Cast, client: StrictClient) -> str:
    """The address of an item that marguerite has begun with."""
    address = f"/marking/{cast.items['amina E002']}"
    client.sign_in("marguerite").post(f"{address}/open")
    return address


def noted(page: Page) -> dict[str, str]:
    """The note beside each field, by the field's name."""
    return {
        note.get("data-points", ""): "".join(note.itertext()).strip()
        for note in page.all("p")
        if note.get("class") == "points-note"
    }


def test_it_is_told_as_it_is_saved(client: StrictClient, at: str) -> None:
    first, second = claim_ids(sheet(client.get(at)))
    said = told(client, at, {f"feedback-{first}": SAID, "feedback": "Well done, Amina."})
    assert said["points"] == {f"feedback-{first}": NOTE}
    page = client.get(at)
    assert noted(page) == {f"feedback-{first}": NOTE}
    area = next(area for area in page.all("textarea") if area.get("name") == f"feedback-{first}")
    assert "".join(area.itertext()).strip() == SAID
    assert f"feedback-{first}-points" in (area.get("aria-describedby") or "").split()
    again = told(client, at, {"rev": said["rev"], f"feedback-{second}": "Say who rang."})
    assert again["points"] == {}


def test_without_a_script_it_stands_there_after_saving(client: StrictClient, at: str) -> None:
    client.post(at, {"feedback": SAID})
    assert noted(client.get(at)) == {"feedback": NOTE}


def test_the_learner_is_shown_no_note(client: StrictClient, cast: Cast, at: str) -> None:
    client.post(at, {"feedback": SAID})
    learner = client.another().sign_in("amina")
    assert "may point to" not in learner.get(f"/evidence/{cast.evidence['amina E002']}").words


def test_a_stem_has_its_note_where_it_is_kept(client: StrictClient, cast: Cast) -> None:
    client.sign_in("marguerite").post("/account/stems", {"words": "When Mrs Hollingberry rang"})
    assert cast.people
    [note] = noted(client.get("/account")).values()
    assert note == "1 thing here may point to a real person: Mrs Hollingberry"
