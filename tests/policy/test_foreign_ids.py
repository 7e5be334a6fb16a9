"""Other people's ids in the fields and the query of what one may open: taken for nothing, and nothing shown."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portfolio import clock
from tests.policy.doors import TOKEN
from tests.policy.estate import MISSING, Estate
from tests.policy.sent import enrolment, grant, handing_in, review

Fields = Callable[[Estate], dict[str, Any]]

BY_FORM: dict[str, tuple[str, str, int, Fields]] = {
    "hand in another learner's draft": (
        "owner",
        "/enrolments/{amina}/hand-in",
        422,
        lambda e: {**handing_in(e, "owner", "amina"), "items": e.ids["evidence_id"]["cara E002"]},
    ),
    "hand in a draft of the other centre beside one's own": (
        "owner",
        "/enrolments/{amina}/hand-in",
        422,
        lambda e: {
            **handing_in(e, "owner", "amina"),
            "items": [e.ids["evidence_id"]["amina E003"], e.ids["evidence_id"]["olga E002"]],
        },
    ),
    "map to a criterion that is in nobody's units": (
        "owner",
        "/evidence/{E003}/map",
        422,
        lambda _e: {"criterion": MISSING, f"annotation-{MISSING}": "It is on page 1."},
    ),
    "enrol a learner of the other centre": (
        "administrator",
        "/enrolments/new",
        422,
        lambda e: {**enrolment(e, "administrator", "somebody unenrolled"), "learner": e.cast.people["olga"]},
    ),
    "enrol under an assessor of the other centre": (
        "administrator",
        "/enrolments/new",
        422,
        lambda e: {**enrolment(e, "administrator", "somebody unenrolled"), "assessor": e.cast.people["oscar"]},
    ),
    "enrol on a qualification that is not there": (
        "administrator",
        "/enrolments/new",
        422,
        lambda e: {**enrolment(e, "administrator", "somebody unenrolled"), "qualification": MISSING},
    ),
    "allocate an assessor of the other centre": (
        "administrator",
        "/enrolments/{amina}/allocate",
        422,
        lambda e: {"allocate-duty": "assess", "allocate-person": e.cast.people["oscar"]},
    ),
    "allocate the learner to their own portfolio": (
        "administrator",
        "/enrolments/{amina}/allocate",
        422,
        lambda e: {"allocate-duty": "assess", "allocate-person": e.cast.people["amina"]},
    ),
    "allocate a trainee to countersign": (
        "administrator",
        "/enrolments/{amina}/allocate",
        422,
        lambda e: {"allocate-duty": "countersign", "allocate-person": e.cast.people["tobias"]},
    ),
    "grant to somebody of the other centre": (
        "administrator",
        "/enrolments/{amina}/grant",
        422,
        lambda e: {**grant(e, "administrator", "amina"), "grant-person": e.cast.people["oscar"]},
    ),
    "grant to somebody who is no external quality assurer": (
        "administrator",
        "/enrolments/{amina}/grant",
        422,
        lambda e: {**grant(e, "administrator", "amina"), "grant-person": e.cast.people["iris"]},
    ),
    "grant until yesterday": (
        "administrator",
        "/enrolments/{amina}/grant",
        422,
        lambda e: {
            **grant(e, "administrator", "amina"),
            "grant-until": (clock.today() - timedelta(days=1)).isoformat(),
        },
    ),
    "choose a unit of the other centre's qualification": (
        "administrator",
        "/enrolments/{ben}/units/choose",
        422,
        lambda e: {"units": [e.ids["unit_version_id"]["amina"], e.ids["unit_version_id"]["other side"]]},
    ),
    "move a unit to the other centre's version of it": (
        "administrator",
        "/enrolments/{ben}/units/{ben_unit}/move",
        409,
        lambda e: {"to": e.ids["unit_version_id"]["other side"]},
    ),
    "go to a centre where one has no role": (
        "owner",
        "/account/centre",
        404,
        lambda e: {"centre_id": e.cast.homes["odette"]},
    ),
    "invite somebody into a role that there is not": (
        "administrator",
        "/people/invite",
        422,
        lambda _e: {"name": "Una", "email": "una@example.org", "role": "owner"},
    ),
}


@pytest.mark.parametrize("what", BY_FORM)
def test_a_foreign_id_in_a_field_is_refused(estate: Estate, what: str) -> None:
    view, path, expected, fields = BY_FORM[what]
    answer = estate.send(view, "POST", address(estate, path), fields(estate))
    was_written = estate.was_written()
    estate.put_back()
    assert answer.status_code == expected, answer.text[-800:]
    assert not was_written


def address(estate: Estate, path: str) -> str:
    """The address with ids in place of names."""
    return path.format(
        **estate.cast.enrolments,
        E003=estate.ids["evidence_id"]["amina E003"],
        E005=estate.ids["submission_item_id"]["amina E005"],
        cara_item=estate.ids["submission_item_id"]["cara E001"],
        olga_draft=estate.ids["evidence_id"]["olga E002"],
        cara_draft=estate.ids["evidence_id"]["cara E002"],
        ben_unit=estate.ids["enrolment_unit_id"]["ben"],
        noel=estate.cast.people["noel"],
        oscar=estate.cast.people["oscar"],
    )


def test_marks_for_claims_of_another_item_are_taken_for_nothing(estate: Estate) -> None:
    """They go with a review that is the assessor's own; what they name stays as it was."""
    foreign = estate.claims["cara E001"][0]
    data = review(estate, "assessor", "amina E005")
    data |= {f"outcome-{foreign}": "met", f"sufficient-{foreign}": "y", f"feedback-{foreign}": "Not hers to say."}
    answer = estate.send("assessor", "POST", address(estate, "/marking/{E005}"), data)
    assert answer.status_code == 303
    with estate.installation.database.engine.connect() as connection:
        marked = connection.exec_driver_sql("SELECT claim_id FROM review_mark").scalars().all()
    estate.put_back()
    assert foreign not in marked


BY_QUERY = (
    ("owner", "/portfolio", "enrolment={cara}"),
    ("owner", "/portfolio", "enrolment={olga}"),
    ("owner", "/", "enrolment={ben}"),
    ("owner", "/enrolments/{amina}/hand-in", "item={cara_draft}"),
    ("owner", "/evidence/{E003}", "version=99"),
    ("owner", "/evidence/{E003}/map", "criterion=999999"),
    ("assessor", "/coverage", "assessor={noel}"),
    ("assessor", "/coverage", "assessor={oscar}"),
    ("assessor", "/coverage", "q=cara"),
    ("eqa", "/coverage", "q=ben"),
    ("eqa", "/coverage", "after=0"),
    ("eqa", "/coverage", "before=999999"),
    ("eqa", "/coverage", "unit=HRCC&q=ben"),
    ("eqa", "/coverage/sums", "assessor={noel}"),
    ("eqa", "/coverage/behind", "q=ben"),
    ("assessor", "/coverage/behind", "q=cara"),
    ("assessor", "/coverage/sums", "assessor={oscar}&by=cohort"),
    ("administrator", "/coverage/criteria", "assessor={oscar}"),
    ("administrator", "/coverage", "q=olga"),
    ("administrator", "/coverage", "assessor={oscar}"),
    ("assessor", "/enrolments", "q=cara"),
    ("trainee", "/enrolments", "q=ben"),
    ("administrator", "/enrolments", "q=olga"),
    ("administrator", "/enrolments", "page=2"),
    ("administrator", "/people", "q=oscar"),
    ("administrator", "/people", "role=owner"),
    ("assessor", "/marking", "after={cara_item}"),
    ("assessor", "/marking", "before=999999"),
    ("trainee", "/marking", "before=999999"),
)
THEIRS = {
    "owner": ("cara", "olga", "ben", "other centre"),
    "assessor": ("cara", "olga", "noel", "oscar", "other centre"),
    "trainee": ("cara", "olga", "ben", "oscar", "other centre"),
    "eqa": ("cara", "olga", "ben", "noel", "oscar", "other centre"),
    "administrator": ("olga whitcombe", "oscar", "odette", "other centre"),
}
"""Words that stand on the pages of people and things which are not theirs to see."""


@pytest.mark.parametrize(("view", "path", "query"), BY_QUERY)
def test_a_foreign_id_or_name_in_the_query_shows_nothing(estate: Estate, view: str, path: str, query: str) -> None:
    asked = f"{address(estate, path)}?{address(estate, query)}"
    answer = estate.send(view, "GET", asked)
    estate.put_back()
    assert answer.status_code in {200, 303, 404}
    shown = re.sub(TOKEN, "", answer.text).lower()
    typed = query.partition("q=")[2]
    said = shown
    for again in (f'value="{typed}"', f"q={typed}", f"“{typed}”") if typed else ():
        said = said.replace(again, "")
    found = [word for word in THEIRS[view] if re.search(rf"\b{word}\b", said)]
    assert [word for word in found if word != typed or said.count(word) > 1] == []


@pytest.mark.parametrize(
    ("view", "path", "word"),
    [
        ("iqa", "/coverage?q=cara", "cara"),
        ("iqa", "/enrolments?q=cara", "cara"),
        ("administrator", "/people?q=noel", "noel@example.org"),
        ("assessor", "/coverage?q=ben", "ben oyelaran"),
    ],
)
def test_the_same_question_answers_who_may_know(estate: Estate, view: str, path: str, word: str) -> None:
    """So it is the person that decides above, and the words would have been found."""
    said = re.sub(r'value="[^"]*"', "", estate.send(view, "GET", path).text).lower()
    assert len(re.findall(rf"\b{re.escape(word)}\b", said)) >= 1
