"""A trainee hands over, somebody qualified agrees or changes it; the learner sees nothing until then."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.assessment.models import Judgement
from portfolio.enrolment.models import Allocation
from portfolio.enrolment.rules import Duty
from portfolio.mapping.rules import Outcome
from tests.assessment.desk import judged, opened
from tests.cast import Cast
from tests.client import Page, StrictClient

MET, INSUFFICIENT = Outcome.MET, Outcome.INSUFFICIENT


@pytest.fixture
def at(cast: Cast, session: Session) -> str:
    """The address of what Tobias, a trainee, has handed over."""
    found = opened(session, cast, "tobias")
    judged(session, cast, "tobias", found, MET, INSUFFICIENT)
    session.commit()
    return f"/marking/{found.id}"


def sheet(page: Page) -> dict[str, str]:
    """The fields of the marking form."""
    (form,) = [form for form in page.forms() if "rev" in form["fields"]]
    return dict(form["fields"])


def effective(session: Session) -> list[Outcome]:
    """What counts of the second item, in the order of its claims."""
    rows = session.scalars(select(Judgement).where(Judgement.no == 2).order_by(Judgement.claim_id))
    return [row.outcome for row in rows if row.effective_at is not None]


def test_a_trainee_is_told_who_countersigns(cast: Cast, client: StrictClient) -> None:
    address = f"/marking/{cast.items['amina E002']}"
    client.sign_in("tobias").post(f"{address}/open")
    page = client.get(address)
    assert "Your decisions will need a countersignature by Dafydd Prys-Jenkins." in page.words
    assert "Save and hand over" in page.words
    fields = sheet(page) | dict.fromkeys(("valid", "authentic", "reliable", "current"), "y")
    ids = [name.removeprefix("feedback-") for name in fields if name.startswith("feedback-")]
    fields |= {f"outcome-{id_}": "met" for id_ in ids} | {f"sufficient-{id_}": "y" for id_ in ids}
    assert client.post(address, fields | {"then": "release"}).location == "/marking"
    assert "awaits countersignature now" in client.get("/marking").words
    after = client.get(address)
    assert "Your decisions await countersignature by Dafydd Prys-Jenkins." in after.words
    assert "Save" not in {button.text for button in after.all("button")}


def test_a_trainee_without_a_countersigner_is_told_so(cast: Cast, client: StrictClient, session: Session) -> None:
    for row in session.scalars(select(Allocation).where(Allocation.duty == Duty.COUNTERSIGN)):
        row.until = row.since
    opened(session, cast, "tobias")
    session.commit()
    page = client.sign_in("tobias").get(f"/marking/{cast.items['amina E002']}")
    assert "Nobody is allocated to countersign for this learner yet" in page.words


def test_the_learner_sees_nothing_until_then(cast: Cast, client: StrictClient, at: str) -> None:
    learner = client.sign_in("amina")
    path = f"/evidence/{cast.evidence['amina E002']}"
    before = learner.get(path)
    assert "Say where the call note is kept." not in before.words
    assert "You kept your limit in view." not in before.words
    client.another().sign_in("dafydd").post(f"{at}/countersign")
    assert "Say where the call note is kept." in learner.get(path).words


def test_one_button_agrees(client: StrictClient, at: str, session: Session) -> None:
    page = client.sign_in("dafydd").get(at)
    assert "Tobias Achterberg decided this on" in page.words
    assert "Agree and countersign" in page.words
    assert client.post(f"{at}/countersign").location == "/marking"
    assert "E002 is released." in client.get("/marking").words
    assert effective(session) == [MET, INSUFFICIENT]
    assert "Tobias Achterberg had decided, Dafydd Prys-Jenkins countersigned." in client.get(at).words


def test_the_form_begins_with_what_the_trainee_noted(client: StrictClient, at: str, session: Session) -> None:
    fields = sheet(client.sign_in("dafydd").get(at))
    assert fields["valid"] == "y"
    assert fields["feedback"] == "You kept your limit in view."
    assert client.post(at, fields | {"then": "countersign"}).location == "/marking"
    assert effective(session) == [MET, INSUFFICIENT]


def test_what_is_seen_differently_is_saved_and_then_countersigned(
    client: StrictClient, at: str, session: Session
) -> None:
    fields = sheet(client.sign_in("dafydd").get(at))
    first, second = [name.removeprefix("feedback-") for name in fields if name.startswith("feedback-")]
    fields |= {f"outcome-{first}": "not_yet_met", f"feedback-{first}": "Say why not.", f"outcome-{second}": "met"}
    fields[f"sufficient-{second}"] = "y"
    del fields[f"sufficient-{first}"]
    assert client.post(at, fields).location == at
    saved = client.get(at)
    assert "Saved. The learner sees nothing of it until you countersign." in saved.words
    assert "Your own review is saved, and is what you will countersign." in saved.words
    assert "Agree and countersign" not in saved.words
    assert "Tobias Achterberg: Met" in saved.words
    client.post(at, sheet(saved) | {"then": "countersign"})
    assert effective(session) == [Outcome.NOT_YET_MET, MET]


def test_a_half_finished_view_is_not_countersigned(client: StrictClient, at: str, session: Session) -> None:
    fields = sheet(client.sign_in("dafydd").get(at))
    first = next(name.removeprefix("feedback-") for name in fields if name.startswith("feedback-"))
    del fields[f"outcome-{first}"]
    client.post(at, fields)
    done = client.post(f"{at}/countersign")
    assert done.location == at
    assert "Decide 2.1 before you release." in client.get(at).words
    assert effective(session) == []


@pytest.mark.parametrize("name", ["marguerite", "tobias"])
def test_nobody_else_countersigns(client: StrictClient, at: str, name: str) -> None:
    page = client.sign_in(name).get(at)
    assert "countersignature by Dafydd Prys-Jenkins" in page.words
    assert [form for form in page.forms() if "rev" in form["fields"]] == []
    client.post(f"{at}/countersign", status=403)
    client.post(at, {"then": "countersign"}, status=403)
