"""What a script is told: drafts as they are typed, releases, the next item; and nothing that was noted is lost."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.assessment.models import ItemReview, MarkingPresence, ReviewMark
from portfolio.audit.models import AuditEvent
from portfolio.mapping.rules import Outcome
from tests.assessment.desk import allocate_row, handed_in_by, judged, save
from tests.cast import Cast, item
from tests.client import StrictClient
from tests.web.assessment.test_mark import claim_ids, filled, sheet

MET, NOT_YET = Outcome.MET, Outcome.NOT_YET_MET
FOR_SCRIPTS = {"Accept": "application/json"}


@pytest.fixture
def at(cast: Cast) -> str:
    """The address of the item that waits."""
    return f"/marking/{cast.items['amina E002']}"


@pytest.fixture
def begun(cast: Cast, client: StrictClient, at: str) -> StrictClient:
    """Marguerite has begun with it."""
    client.sign_in("marguerite").post(f"{at}/open")
    assert cast.items
    return client


def told(client: StrictClient, path: str, data: dict[str, Any] | None = None, *, status: int = 200) -> dict[str, Any]:
    """What a script is told of a form."""
    answer: dict[str, Any] | None = client.post(path, data, status=status, headers=FOR_SCRIPTS).response.json
    assert answer is not None
    return answer


def test_a_draft_is_saved_while_it_is_unfinished_and_told_what_a_release_will_ask(
    begun: StrictClient, at: str, session: Session
) -> None:
    fields = sheet(begun.get(at))
    first, second = claim_ids(fields)
    events = session.query(AuditEvent).count()
    session.rollback()
    said = told(begun, at, fields | {f"outcome-{first}": "met", f"outcome-{second}": "insufficient", "valid": "y"})
    assert (said["rev"], said["decided"], said["total"], said["undecided"]) == (1, 2, 2, [])
    assert said["saved"].count(":") == 1
    assert set(said["asks"]) == {"authentic", f"outcome-{first}", f"feedback-{second}"}
    again = told(begun, at, {"rev": said["rev"], f"feedback-{second}": "Add the note."})
    assert (again["rev"], again["decided"], again["undecided"], again["asks"]) == (2, 0, ["2.1", "2.3"], {})
    marks = session.scalars(select(ReviewMark).where(ReviewMark.claim_id.in_([int(first), int(second)]))).all()
    assert [(mark.outcome, mark.feedback) for mark in marks] == [(None, ""), (None, "Add the note.")]
    assert session.query(AuditEvent).count() == events, "a draft leaves no trail"
    page = begun.get(at)
    assert "0 decided" in page.words


def test_what_a_release_will_ask_stands_beside_its_field(begun: StrictClient, at: str) -> None:
    first = claim_ids(sheet(begun.get(at)))[0]
    told(begun, at, {f"outcome-{first}": "not_yet_met"})
    page = begun.get(at)
    assert "Say what 2.1 still needs, so that the learner can act on it." in page.words
    assert "need your attention" not in page.words


def test_too_much_is_refused_by_field(begun: StrictClient, at: str, session: Session) -> None:
    first = claim_ids(sheet(begun.get(at)))[0]
    long = "x" * 6001
    said = told(begun, at, {"feedback": long, f"feedback-{first}": long}, status=422)
    assert set(said["faults"]) == {"feedback", f"feedback-{first}"}
    assert session.scalars(select(ItemReview).where(ItemReview.feedback == long)).all() == []


def test_a_release_by_script_names_what_is_missing_and_then_where_to_go_on(
    cast: Cast, begun: StrictClient, at: str, session: Session
) -> None:
    following = handed_in_by(session, cast, "ben", "The next one", {"1.1": "So."}).id
    session.commit()
    fields = sheet(begun.get(at)) | dict.fromkeys(("valid", "authentic", "reliable", "current"), "y")
    first, second = claim_ids(fields)
    fields |= {f"outcome-{first}": "met", f"sufficient-{first}": "y", "then": "release"}
    refused = told(begun, at, fields, status=422)
    assert refused["faults"] == {f"outcome-{second}": "Decide 2.3 before you release."}
    fields |= {f"outcome-{second}": "met", f"sufficient-{second}": "y"}
    assert told(begun, at, fields) == {"next": f"/marking/{following}"}
    part = begun.get(f"/marking/{following}", headers=FOR_SCRIPTS).response.json
    assert part is not None
    assert part["title"] == "Mark E001, Ben Oyelaran"
    assert "E002 is released." in part["html"]
    assert "only a newer decision can follow it" in part["html"]
    assert "<html" not in part["html"]


def test_two_windows_are_told_of_both_versions(begun: StrictClient, at: str) -> None:
    first = claim_ids(sheet(begun.get(at)))[0]
    told(begun, at, {f"outcome-{first}": "met", "feedback": "From the first window."})
    mine = {"rev": 0, f"feedback-{first}": "From the second.", "current": "y"}
    both = told(begun, at, mine, status=409)
    assert both["saved"]["by"] == "Marguerite Okonkwo-Lindqvist"
    assert (both["saved"]["rev"], both["saved"]["is_final"]) == (1, False)
    assert both["saved"]["fields"]["feedback"] == "From the first window."
    assert both["saved"]["fields"][f"outcome-{first}"] == "met"
    assert (both["sent"][f"feedback-{first}"], both["sent"]["current"]) == ("From the second.", "y")
    assert f"outcome-{first}" not in both["sent"]
    assert told(begun, at, mine | {"rev": both["saved"]["rev"]})["rev"] == 2


def test_somebody_else_s_release_meanwhile_is_told_with_what_was_released(
    cast: Cast, begun: StrictClient, at: str, session: Session
) -> None:
    first = claim_ids(sheet(begun.get(at)))[0]
    allocate_row(session, cast, "dafydd", "amina")
    judged(session, cast, "dafydd", item(session, cast, "amina E002"), MET, MET)
    session.commit()
    both = told(begun, at, {f"feedback-{first}": "I typed this."}, status=409)
    assert "has been released" in both["message"]
    assert (both["saved"]["by"], both["saved"]["is_final"]) == ("Dafydd Prys-Jenkins", True)
    assert both["sent"][f"feedback-{first}"] == "I typed this."


def test_what_may_not_be_saved_is_refused_as_data(cast: Cast, begun: StrictClient, at: str) -> None:
    olga = f"/marking/{cast.items['olga E001']}"
    for path in (olga, f"{olga}/here"):
        assert told(begun, path, status=404)["error"] == "Page not found"
    iris = begun.another().sign_in("dafydd")
    assert told(iris, at, status=403)["error"] == "You may not do this"
    assert told(iris, f"{at}/here", status=403)["error"] == "You may not do this"


def test_a_second_assessor_is_told_who_is_there(cast: Cast, begun: StrictClient, at: str, session: Session) -> None:
    assert told(begun, f"{at}/here") == {"others": []}
    tobias = begun.another().sign_in("tobias")
    assert [words.partition(", last here at ")[0] for words in told(tobias, f"{at}/here")["others"]] == [
        "Marguerite Okonkwo-Lindqvist has this open"
    ]
    assert "Marguerite Okonkwo-Lindqvist has this open, last here at" in tobias.get(at).words
    assert "Tobias Achterberg has this open, last here at" in begun.get(at).words
    save(session, cast, "tobias", item(session, cast, "amina E002"), MET, None)
    session.commit()
    assert told(begun, f"{at}/here")["others"][0] == "Tobias Achterberg has saved a review of this item"
    assert session.query(MarkingPresence).count() == 2


def test_nobody_is_there_once_it_is_released(cast: Cast, begun: StrictClient, at: str, session: Session) -> None:
    told(begun, f"{at}/here")
    judged(session, cast, "tobias", item(session, cast, "amina E002"), MET, MET)
    session.commit()
    told(begun, f"{at}/here", status=403)
    dafydd = begun.another().sign_in("dafydd")
    assert told(dafydd, f"{at}/here") == {"others": []}
    dafydd.post(f"{at}/countersign")
    assert told(begun, f"{at}/here", status=409)["message"] == "There is nothing left to mark here."


def test_the_part_carries_whose_page_it_is(begun: StrictClient, at: str) -> None:
    part = begun.get(at, headers=FOR_SCRIPTS).response.json
    assert part is not None
    assert part["csrf_token"] in part["html"]
    assert len(part["person"]) == 20
    begun.post("/sign-out")
    begun.get(at, headers=FOR_SCRIPTS, status=401)


def test_a_script_renews_its_token_without_the_page_and_what_waits_to_be_said_stays(
    begun: StrictClient, at: str
) -> None:
    """A release is said on the page that comes next, whatever a script asks for before that."""
    told(begun, at, filled(begun.get(at), "met", "met") | {"then": "release"})
    renewed = begun.get(f"{at}?renew=1", headers=FOR_SCRIPTS).response.json
    assert renewed is not None
    assert set(renewed) == {"person", "csrf_token"}
    assert "E002 is released." in begun.get("/marking").words
    begun.post("/sign-out")
    begun.get(f"{at}?renew=1", headers=FOR_SCRIPTS, status=401)
