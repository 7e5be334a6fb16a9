"""One item: begin, note, correct, release; refused input comes back whole; nobody sees or does what is not theirs."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.accounts.rules import Role
from portfolio.assessment import marking, submitting
from portfolio.assessment.models import ItemReview, Judgement
from portfolio.assessment.rules import ItemState, SubmissionState
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import Evidence
from portfolio.mapping import actions as mapping
from portfolio.mapping.rules import Outcome
from tests.assessment.desk import allocate_row, give_role, handed_in_by, judged, opened, save
from tests.cast import EVERYTHING, Cast, hand_in, item, wanted
from tests.client import Page, StrictClient
from tests.web.enrolment.diplomas import moved

MET, NOT_YET, INSUFFICIENT = Outcome.MET, Outcome.NOT_YET_MET, Outcome.INSUFFICIENT


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


def sheet(page: Page) -> dict[str, Any]:
    """The fields of the marking form as the page shows them."""
    (form,) = [form for form in page.forms() if "rev" in form["fields"]]
    assert form["method"] == "post"
    return dict(form["fields"])


def filled(page: Page, *outcomes: str, feedback: str = "Add the note.") -> dict[str, Any]:
    """The form with every tick of the item and these decisions."""
    fields = sheet(page) | dict.fromkeys(("valid", "authentic", "reliable", "current"), "y")
    for claim_id, outcome in zip(claim_ids(fields), outcomes, strict=True):
        if outcome:
            fields[f"outcome-{claim_id}"] = outcome
        if outcome == "met":
            fields[f"sufficient-{claim_id}"] = "y"
        elif outcome:
            fields[f"feedback-{claim_id}"] = feedback
            fields.pop(f"sufficient-{claim_id}", None)
    return fields


def claim_ids(fields: dict[str, Any]) -> list[str]:
    """The claims of a form, in its order."""
    return [name.removeprefix("feedback-") for name in fields if name.startswith("feedback-")]


def test_before_marking_begins_the_page_says_what_beginning_means(cast: Cast, client: StrictClient, at: str) -> None:
    page = client.sign_in("marguerite").get(at)
    assert "This can still be taken back by" in page.words
    assert "Start marking" in page.words
    assert "She rang twice." not in page.words
    assert cast.items
    assert client.post(f"{at}/open").location == at
    opened_page = client.get(at)
    assert "She rang twice." in opened_page.words
    assert "Start marking" not in opened_page.words
    assert client.post(f"{at}/open").location == at, "a second press does no harm"


def test_the_page_shows_claims_beside_their_hints(begun: StrictClient, at: str) -> None:
    page = begun.get(at)
    for words in (
        "I chose within my limit.", "She agreed on the phone.", "Marking points, hints only", "page 1",
        "Reflective account, 5 November 2026", "2 criteria claimed, 0 decided", "Nothing saved yet",
    ):  # fmt: skip
        assert words in page.words


def test_a_review_is_saved_corrected_and_released(cast: Cast, begun: StrictClient, at: str, session: Session) -> None:
    assert begun.post(at, filled(begun.get(at), "met", "")).location == at
    saved = begun.get(at)
    assert "Saved. The learner sees nothing of it until you release it." in saved.words
    assert "2 criteria claimed, 1 decided" in saved.words
    data = filled(saved, "not_yet_met", "met") | {"feedback": "A calm account.\r\nWell told.", "then": "release"}
    assert begun.post(at, data).location == "/marking", "nothing else waits"
    assert "E002 is released." in begun.get("/marking").words
    review = session.scalars(
        select(ItemReview).where(ItemReview.released_at.is_not(None)).order_by(-ItemReview.id)
    ).first()
    assert review is not None
    assert review.feedback == "A calm account.\nWell told."
    made = session.scalars(select(Judgement).where(Judgement.review_id == review.id).order_by(Judgement.id)).all()
    assert [(j.outcome, j.feedback, j.sufficient) for j in made] == [(NOT_YET, "Add the note.", False), (MET, "", True)]
    page = begun.get(at)
    assert "Released on" in page.words
    assert "Save and release" not in page.words
    assert item(session, cast, "amina E002").state is ItemState.RELEASED


def test_after_a_release_the_next_item_comes(cast: Cast, begun: StrictClient, at: str, session: Session) -> None:
    following = handed_in_by(session, cast, "ben", "The next one", {"1.1": "So."}).id
    session.commit()
    page = begun.get(at)
    assert f"/marking/{following}" in page.links()
    assert "1 of 2 in your queue" in page.words
    data = filled(page, "met", "met") | {"then": "release"}
    assert begun.post(at, data).location == f"/marking/{following}"


def test_what_is_refused_comes_back_as_it_was_typed(begun: StrictClient, at: str) -> None:
    page = begun.get(at)
    first, second = claim_ids(sheet(page))
    data = sheet(page) | {
        "valid": "y", f"outcome-{first}": "met", f"feedback-{first}": "<b>Good</b>\n\nindeed",
        f"outcome-{second}": "insufficient", f"feedback-{second}": " ", "feedback": "  Mine.", "then": "release",
    }  # fmt: skip
    refused = begun.post(at, data, status=422)
    for sentence in (
        "Three things need your attention",
        "2.1 cannot be met while the evidence is not ticked authentic, reliable and current.",
        "2.1 cannot be met while the evidence is not ticked sufficient for it.",
        "Say what 2.3 still needs, so that the learner can act on it.",
    ):
        assert sentence in refused.words
    assert {"#authentic", f"#outcome-{first}", f"#feedback-{second}"} <= refused.links()
    kept = sheet(refused)
    assert (kept["valid"], kept[f"outcome-{first}"], kept[f"outcome-{second}"]) == ("y", "met", "insufficient")
    assert kept[f"feedback-{first}"] == "<b>Good</b>\n\nindeed"
    assert kept["feedback"].strip() == "Mine."
    assert "Nothing saved yet" in refused.words


def test_what_is_undecided_is_named_at_the_release_only(begun: StrictClient, at: str) -> None:
    data = filled(begun.get(at), "met", "")
    second = claim_ids(data)[1]
    refused = begun.post(at, data | {"then": "release"}, status=422)
    assert "Decide 2.3 before you release." in refused.words
    assert f"#outcome-{second}" in refused.links()
    begun.post(at, data)


def test_feedback_that_is_too_long_is_refused(begun: StrictClient, at: str) -> None:
    page = begun.get(at)
    first = claim_ids(sheet(page))[0]
    refused = begun.post(at, sheet(page) | {"feedback": "x" * 6001, f"feedback-{first}": "y" * 6001}, status=422)
    assert {"#feedback", f"#feedback-{first}"} <= refused.links()
    assert "x" * 6001 in refused.text
    assert "y" * 6001 in refused.text


def test_two_windows_show_both_and_lose_nothing(begun: StrictClient, at: str) -> None:
    page = begun.get(at)
    begun.post(at, filled(page, "not_yet_met", "", feedback="From the first window.") | {"feedback": "First overall."})
    mine = filled(page, "insufficient", "met", feedback="From the second window.") | {"feedback": "Second overall."}
    shown = begun.post(at, mine, status=409)
    for words in ("Nothing was saved just now.", "From the first window.", "First overall.", "Saved: Not yet met"):
        assert words in shown.words
    kept = sheet(shown)
    assert "From the second window." in kept.values()
    assert kept["feedback"] == "Second overall."
    assert begun.post(at, kept).location == at, "to save again keeps mine"
    assert "Second overall." in begun.get(at).text


def test_a_refused_form_does_not_forget_what_it_had_seen(begun: StrictClient, at: str) -> None:
    """Or a correction would silently overwrite what another window saved in between."""
    page = begun.get(at)
    begun.post(at, filled(page, "met", ""))
    first = claim_ids(sheet(page))[0]
    refused = begun.post(at, sheet(page) | {f"outcome-{first}": "insufficient", "then": "release"}, status=422)
    begun.post(at, sheet(refused) | {f"feedback-{first}": "Add the note."}, status=409)


def test_what_was_typed_survives_somebody_else_s_release(
    cast: Cast, begun: StrictClient, at: str, session: Session
) -> None:
    data = filled(begun.get(at), "met", "insufficient", feedback="I typed this.")
    allocate_row(session, cast, "dafydd", "amina")
    judged(session, cast, "dafydd", item(session, cast, "amina E002"), MET, MET)
    session.commit()
    shown = begun.post(at, data | {"then": "release"}, status=409)
    assert "has been released" in shown.words
    assert "What you typed" in shown.words
    assert "I typed this." in shown.words


def test_a_second_assessor_is_told_that_somebody_is_at_work(
    cast: Cast, begun: StrictClient, at: str, session: Session
) -> None:
    save(session, cast, "tobias", item(session, cast, "amina E002"), MET, None)
    session.commit()
    page = begun.get(at)
    assert "Tobias Achterberg has saved a review of this item." in page.words
    assert "You kept your limit in view." not in page.words, "unreleased notes stay their writer's"
    assert "0 decided" in page.words


def test_odd_input_is_harmless(begun: StrictClient, at: str) -> None:
    page = begun.get(at)
    first = claim_ids(sheet(page))[0]
    data = sheet(page) | {f"outcome-{first}": "excellent", "outcome-99999": "met", "rev": "many", "then": ""}
    assert begun.post(at, data).location == at
    assert "0 decided" in begun.get(at).words


def test_a_new_version_shows_what_changed_and_what_was_said(cast: Cast, client: StrictClient, session: Session) -> None:
    amina = cast.actor("amina", session)
    evidence = session.get_one(Evidence, cast.evidence["amina E001"])
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    version = mapping.revise(session, amina, evidence)
    version.title = "Complaint letter, reply and call note"
    claims = {"1.1": "It names who referred it.", "1.2": "Now with the call note.", "1.4": "The cause is in it."}
    mapping.map_to(session, amina, evidence, wanted=wanted(session, enrolment, claims))
    again = submitting.submit(session, amina, enrolment, evidence_ids=[evidence.id], declared=EVERYTHING).items[0]
    marking.open_item(session, cast.actor("marguerite", session), again)
    session.commit()
    page = client.sign_in("marguerite").get(f"/marking/{again.id}")
    for words in (
        "Version 2, handed in again on",
        "Changed since version 1: the title; also claimed for 1.4; what is said about a criterion.",
        "Earlier feedback, on version 1",
        "A good letter, nearly complete.",
        "Version 1: Insufficient Say where the call note is kept.",
        "changed in this version",
        "new in this version",
    ):
        assert words in page.words
    assert any(link.startswith("/files/") for link in page.links())
    assert f"/evidence/{evidence.id}/versions?from=1&to=2" in page.links()


def test_further_criteria_are_judged_beside_what_was_decided(
    cast: Cast, client: StrictClient, session: Session
) -> None:
    """On a version that was marked before: only the new ones are to judge, the others are there to read."""
    amina = cast.actor("amina", session)
    evidence = session.get_one(Evidence, cast.evidence["amina E001"])
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    mapping.map_to(session, amina, evidence, wanted=wanted(session, enrolment, {"1.4": "The cause is in it."}))
    further = hand_in(session, cast, "amina", evidence, "E001 for more").items[0]
    marking.open_item(session, cast.actor("marguerite", session), further)
    ids, address = [claim.id for claim in marking.claims_on(session, further)], f"/marking/{further.id}"
    session.commit()
    page = client.sign_in("marguerite").get(address)
    for words in (
        "Version 1, claimed for more on", "1 criterion claimed, 0 decided",
        "More criteria on what was handed in before.", "Decided before on this version", "2 criteria decided",
        "Say where the call note is kept.",
    ):  # fmt: skip
        assert words in page.words
    assert claim_ids(sheet(page)) == [str(id_) for id_ in ids]
    client.post(address, filled(page, "met") | {"then": "release"})
    first = client.get(f"/marking/{cast.items['amina E001']}")
    assert "2 criteria claimed" in first.words, "what came later is not put on the first hand-in"


def test_the_learner_sees_nothing_before_the_release(
    cast: Cast, begun: StrictClient, at: str, session: Session
) -> None:
    begun.post(
        at, filled(begun.get(at), "insufficient", "", feedback="Unreleased words.") | {"feedback": "Not yet yours."}
    )
    learner = begun.another().sign_in("amina")
    learner.get(at, status=404)
    for path in (f"/evidence/{cast.evidence['amina E002']}", "/", f"/enrolments/{cast.enrolments['amina']}/evidence"):
        page = learner.open(path)
        assert "Unreleased words." not in page.text
        assert "Not yet yours." not in page.text
    assert session.query(Judgement).count() == 2


@pytest.mark.parametrize("name", ["amina", "ben", "iris", "ewan", "ada", "oscar"])
def test_for_everybody_else_the_item_does_not_exist(cast: Cast, client: StrictClient, at: str, name: str) -> None:
    assert cast.items
    client.sign_in(name).get(at, status=404)
    for path in (at, f"{at}/open", f"{at}/release", f"{at}/countersign"):
        client.post(path, status=404)


def test_nobody_marks_their_own_work(cast: Cast, client: StrictClient, at: str, session: Session) -> None:
    """Not even who is an assessor too, and allocated to themselves by some mistake."""
    give_role(session, cast, "amina", Role.ASSESSOR)
    session.commit()
    client.sign_in("amina").get(at, status=404)
    give_role(session, cast, "ben", Role.ASSESSOR)
    allocate_row(session, cast, "amina", "amina")
    session.commit()
    page = client.get(at)
    assert "it is not yours to decide" in page.words
    assert [form for form in page.forms() if at in str(form["action"])] == []
    for path in (at, f"{at}/open", f"{at}/release"):
        client.post(path, status=403)
    client.post(f"{at}/countersign", status=403)
    assert "Nothing waits to be marked." in client.get("/marking").words
    assert item(session, cast, "amina E002").submission.state is SubmissionState.SUBMITTED


def test_a_page_takes_as_many_statements_for_many_criteria_as_for_few(
    cast: Cast, client: StrictClient, session: Session
) -> None:
    many = {f"{outcome}.{n}": "So." for outcome, last in ((1, 5), (2, 5), (3, 3), (4, 4)) for n in range(1, last + 1)}
    ids = [
        handed_in_by(session, cast, "ben", title, claims).id
        for title, claims in (("Few", {"1.1": "So."}), ("Many", many))
    ]
    for one in ids:
        found = opened(session, cast, "marguerite", "ben " + ("E001" if one == ids[0] else "E002"))
        save(session, cast, "marguerite", found, *[MET] * len(found_claims(session, found)))
    session.commit()
    client.sign_in("marguerite")
    few, all_of_them = (client.get(f"/marking/{one}") for one in ids)
    assert "17 criteria claimed, 17 decided" in all_of_them.words
    assert few.statements == all_of_them.statements <= 15


def test_what_was_decided_on_an_earlier_wording_is_told_as_that(
    cast: Cast, client: StrictClient, session: Session
) -> None:
    """With the words that it was decided on; and what was decided before the unit was moved counts no more."""
    moved(cast, reworded=("1.1",))
    client.sign_in("marguerite")
    old = client.get(f"/marking/{cast.items['amina E001']}")
    assert old.words.count("An earlier wording: the unit has newer criteria now") == 1
    evidence = session.get_one(Evidence, cast.evidence["amina E001"])
    mapping.revise(session, cast.actor("amina", session), evidence)
    handed_in = hand_in(session, cast, "amina", evidence, "E001 again").items[0]
    marking.open_item(session, cast.actor("marguerite", session), handed_in)
    session.commit()
    page = client.get(f"/marking/{handed_in.id}")
    assert page.words.count("worded anew") == 1
    assert "in newer words worded anew" in page.words
    assert "Version 1, on an earlier wording: Met" in page.words
    assert "It read: Establish what was referred, who referred it and why" in page.words
    assert "Version 1: Insufficient" in page.words
    assert "Changed since version 1: newer wording of 1.1." in page.words
    assert page.words.count("Met on an earlier wording") == 1


def found_claims(session: Session, found: Any) -> list[Any]:
    """The claims of an item."""
    return marking.claims_on(session, found)
