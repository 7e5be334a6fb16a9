"""The writing page: it opens with what was left, prompts from the learner's units, ticks that become claims."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from portfolio.audit.models import AuditEvent
from portfolio.criteria.models import Criterion
from portfolio.drafts import actions as drafts
from portfolio.drafts.queries import find, row_at
from portfolio.evidence.models import Evidence
from portfolio.mapping import actions as mapping
from portfolio.mapping.actions import Wanted
from portfolio.mapping.models import Claim
from tests.cast import Cast
from tests.client import Page, StrictClient
from tests.web.enrolment.diplomas import add_unit, moved


@pytest.fixture
def amina(client: StrictClient, cast: Cast) -> StrictClient:
    """A signed-in browser of amina's."""
    assert cast.people
    return client.sign_in("amina")


def write_path(cast: Cast, query: str = "") -> str:
    """Where amina writes a new account."""
    return f"/enrolments/{cast.enrolments['amina']}/evidence/write{query}"


def place_in(cast: Cast) -> str:
    """Where it is kept while she types."""
    return f"evidence.write.{cast.enrolments['amina']}"


def leave(cast: Cast, content: dict[str, Any], place: str, name: str = "amina") -> None:
    """Something was typed and not saved."""
    with cast.installation.database.writing() as session:
        drafts.save(session, cast.people[name], place, content)
        session.commit()


def left(cast: Cast, place: str) -> dict[str, Any] | None:
    """What is kept of amina's."""
    with cast.installation.database.reading() as session:
        draft = find(session, cast.people["amina"], place)
        return draft.content if draft else None


def version_place(cast: Cast, name: str) -> str:
    """Where changes to an item are kept."""
    with cast.installation.database.reading() as session:
        return f"evidence.edit.{session.get_one(Evidence, cast.evidence[name]).latest.uid}"


def form_on(page: Page) -> dict[str, Any]:
    """The fields of the account's form."""
    fields: dict[str, Any] = next(form["fields"] for form in page.forms() if "body" in form["fields"])
    return fields


def ids(cast: Cast, *codes: str) -> list[str]:
    """Criteria of the cast's one unit, by code."""
    with cast.installation.database.reading() as session:
        found = {c.code: str(c.id) for c in session.scalars(select(Criterion).order_by(Criterion.id.desc()))}
        return [found[code] for code in codes]


def claims(cast: Cast, name: str) -> dict[str, str]:
    """What the newest version of an item claims: annotation by code."""
    with cast.installation.database.reading() as session:
        version = session.get_one(Evidence, cast.evidence[name]).latest
        rows = session.scalars(select(Claim).where(Claim.evidence_version_id == version.id)).all()
        return {row.criterion.code: row.annotation for row in rows}


def verbs(cast: Cast) -> list[str]:
    """The trail's events, in order."""
    with cast.installation.database.reading() as session:
        return list(session.scalars(select(AuditEvent.verb).order_by(AuditEvent.id)))


def added(cast: Cast, done: Page) -> str:
    """The name of the item that a redirect to its map is about."""
    number = int(re.findall(r"\d+", done.location)[0])
    cast.evidence["new"] = number
    return "new"


ACCOUNT = {"title": "A call", "method": "RA", "body": "I rang.", "role": "", "event_on": "", "claimed": ""}


def test_the_page_opens_with_what_was_left(amina: StrictClient, cast: Cast) -> None:
    """Half a date included, with the way to begin anew."""
    tick = ids(cast, "1.2")
    leave(cast, {**ACCOUNT, "title": "Half", "event_on": "2026-1", "criterion": tick, "method": "AS"}, place_in(cast))
    page = amina.get(write_path(cast))
    fields = form_on(page)
    assert (fields["title"], fields["event_on"], fields["method"]) == ("Half", "2026-1", "AS")
    assert fields["criterion"] == tick[0]
    assert "You were writing this on" in page.words
    done = amina.post(write_path(cast), {"afresh": "1"})
    assert done.location == write_path(cast)
    page = amina.get(done.location)
    assert form_on(page)["title"] == ""
    assert "You were writing this on" not in page.words
    assert left(cast, place_in(cast)) is None


def test_a_text_that_was_left_cannot_hurt_the_page(amina: StrictClient, cast: Cast) -> None:
    """Markup in it is text, and what no field takes is passed over."""
    nasty = "</textarea><script>alert(1)</script>"
    leave(
        cast,
        {"title": '"><b>', "body": nasty, "criterion": ["x", "9" * 5000], "claimed": "9" * 5000 + ",a"},
        place_in(cast),
    )
    page = amina.get(write_path(cast))
    assert form_on(page)["body"] == nasty
    assert form_on(page)["title"] == '"><b>'
    assert not [script for script in page.all("script") if not script.get("src")]


def test_saving_for_good_lets_go_of_what_was_left(amina: StrictClient, cast: Cast) -> None:
    """A refusal does not."""
    leave(cast, ACCOUNT, place_in(cast))
    amina.post(write_path(cast), {**ACCOUNT, "title": ""}, status=422)
    assert left(cast, place_in(cast)) == ACCOUNT
    amina.post(write_path(cast), {**ACCOUNT, "preview": "1"}, status=200)
    assert left(cast, place_in(cast)) == ACCOUNT
    amina.post(write_path(cast), ACCOUNT)
    assert left(cast, place_in(cast)) is None
    with cast.installation.database.reading() as session:
        row = row_at(session, cast.people["amina"], place_in(cast))
        assert row is not None
        assert f'data-rev="{row.rev}"' in amina.get(write_path(cast)).text


def test_others_drafts_are_not_opened(client: StrictClient, cast: Cast) -> None:
    """Even at the same place."""
    leave(cast, {**ACCOUNT, "title": "Ben was here"}, place_in(cast), name="ben")
    assert "Ben was here" not in client.sign_in("amina").get(write_path(cast)).text


def test_prompts_come_from_the_unit(amina: StrictClient, cast: Cast) -> None:
    """Objectives, tips and marking points, with the codes of their criteria; never its mistakes."""
    page = amina.get(write_path(cast))
    for words in (
        "What the unit is for",
        "Tips",
        "What your assessor looks for (",
        "1.2, 1.3, 1.4 The investigation",
    ):
        assert words in page.words
    assert "Common mistakes" not in page.words


def test_a_criterion_or_a_unit_may_be_asked_for(amina: StrictClient, cast: Cast) -> None:
    """What is not the learner's, or no number, is passed over."""
    tick = ids(cast, "2.1")[0]
    assert form_on(amina.get(write_path(cast, f"?criterion={tick}")))["criterion"] == tick
    leave(cast, {**ACCOUNT, "criterion": ids(cast, "1.2")}, place_in(cast))
    assert set(form_on(amina.get(write_path(cast, f"?criterion={tick}")))["criterion"]) == {tick, *ids(cast, "1.2")}
    amina.post(write_path(cast), {"afresh": "1"})
    for query in ("?criterion=999999", "?criterion=x", "?unit=999999", "?unit=x", "?unit="):
        page = amina.get(write_path(cast, query))
        assert "criterion" not in form_on(page)
        assert "What the unit is for" in page.words


def test_of_several_units_one_is_chosen(amina: StrictClient, cast: Cast) -> None:
    """Its prompts show; the criteria of all of them can be ticked."""
    first = amina.get(write_path(cast)).words
    second_id = add_unit(cast)
    page = amina.get(write_path(cast))
    assert "The investigation follows a clear order" in first
    assert "The investigation follows a clear order" in page.words
    assert "Prompts from your unit" in page.words
    page = amina.get(write_path(cast, f"?unit={second_id}"))
    assert "The investigation follows a clear order" not in page.words
    assert "What your assessor looks for" in page.words
    boxes = [e.get("value", "") for e in page.all("input") if e.get("name") == "criterion"]
    done = amina.post(write_path(cast), {**ACCOUNT, "criterion": [boxes[0], boxes[-1]], "unit": str(second_id)})
    with cast.installation.database.reading() as session:
        version = session.get_one(Evidence, int(re.findall(r"\d+", done.location)[0])).latest
        rows = session.scalars(select(Claim).where(Claim.evidence_version_id == version.id)).all()
        assert {row.enrolment_unit_id for row in rows} >= {second_id}
        assert len(rows) == 2
    page = amina.get(f"/evidence/{version.evidence_id}/edit")
    assert set(form_on(page)["criterion"]) == {boxes[0], boxes[-1]}


def test_other_prompts_without_script_keep_what_was_typed(amina: StrictClient, cast: Cast) -> None:
    """And save nothing."""
    before = verbs(cast)
    page = amina.post(write_path(cast), {**ACCOUNT, "title": "", "prompts": "1", "unit": "1"}, status=200)
    assert form_on(page)["body"] == "I rang."
    assert verbs(cast) == before


def test_ticks_become_claims_that_say_nothing_yet(amina: StrictClient, cast: Cast) -> None:
    """With an event of their own, and ticked on the mapping page."""
    ticks = ids(cast, "1.2", "4.1")
    done = amina.post(write_path(cast), {**ACCOUNT, "criterion": ticks})
    assert claims(cast, added(cast, done)) == {"1.2": "", "4.1": ""}
    assert verbs(cast)[-2:] == ["evidence.add", "evidence.map"]
    page = amina.get(done.location)
    boxes = {e.get("value") for e in page.all("input") if e.get("name") == "criterion" and e.get("checked") is not None}
    assert boxes == set(ticks)


def test_without_ticks_there_is_nothing_to_map(amina: StrictClient, cast: Cast) -> None:
    """And no event that says so."""
    done = amina.post(write_path(cast), ACCOUNT)
    assert claims(cast, added(cast, done)) == {}
    assert verbs(cast)[-1] == "evidence.add"


def test_a_criterion_that_is_not_the_learners_is_refused(amina: StrictClient, cast: Cast) -> None:
    """Beside the ticks, and nothing is saved."""
    before = verbs(cast)
    page = amina.post(write_path(cast), {**ACCOUNT, "criterion": "999999"}, status=422)
    assert "does not belong to your units" in page.words
    assert "#criterion" in page.links()
    amina.post(write_path(cast), {**ACCOUNT, "criterion": "x"}, status=422)
    assert verbs(cast) == before


def test_changing_ticks_keeps_what_was_said_of_the_others(amina: StrictClient, cast: Cast) -> None:
    """Unticked goes, ticked comes, the rest stays as it was."""
    address = f"/evidence/{cast.evidence['amina E003']}/edit"
    assert claims(cast, "amina E003") == {"3.1": "I counted them."}
    fields = form_on(amina.get(address))
    kept, new = ids(cast, "3.1", "3.2")
    assert (fields["criterion"], fields["claimed"]) == (kept, kept)
    amina.post(address, {**fields, "criterion": [kept, new]})
    assert claims(cast, "amina E003") == {"3.1": "I counted them.", "3.2": ""}
    assert verbs(cast)[-2:] == ["evidence.change", "evidence.map"]
    fields = form_on(amina.get(address))
    amina.post(address, {**fields, "title": "Only the title"})
    assert verbs(cast)[-1] == "evidence.change"
    fields = form_on(amina.get(address))
    amina.post(address, {**fields, "criterion": [new]})
    assert claims(cast, "amina E003") == {"3.2": ""}


def test_what_was_mapped_in_another_window_stays(amina: StrictClient, cast: Cast) -> None:
    """Only what was ticked or unticked on this page changes."""
    name = "amina E003"
    address = f"/evidence/{cast.evidence[name]}/edit"
    fields = form_on(amina.get(address))
    kept, elsewhere, new = ids(cast, "3.1", "1.1", "1.2")
    with cast.installation.database.writing() as session:
        evidence = session.get_one(Evidence, cast.evidence[name])
        unit = session.scalars(
            select(Claim.enrolment_unit_id).where(Claim.evidence_version_id == evidence.latest.id)
        ).one()
        wanted = [Wanted(unit, int(kept), "I counted them."), Wanted(unit, int(elsewhere), "From the map.")]
        mapping.map_to(session, cast.actor("amina", session), evidence, wanted=wanted)
        session.commit()
    amina.post(address, {**fields, "criterion": [kept, new]})
    assert claims(cast, name) == {"3.1": "I counted them.", "1.1": "From the map.", "1.2": ""}


def test_ticks_go_along_when_the_unit_is_moved_meanwhile(amina: StrictClient, cast: Cast) -> None:
    """To the present criteria of the same codes, both of a page that was open and of what was left."""
    address, place = f"/evidence/{cast.evidence['amina E003']}/edit", version_place(cast, "amina E003")
    fields = {k: v for k, v in form_on(amina.get(address)).items() if k != "csrf_token"}
    kept, new, gone, other = ids(cast, "3.1", "3.2", "1.1", "1.2")
    moved(cast, reworded=("3.2",), gone=("1.1",))
    leave(cast, {**fields, "criterion": [kept, new]}, place)
    assert len(form_on(amina.get(address))["criterion"]) == 2
    amina.post(address, {**fields, "criterion": [kept, new, gone]})
    assert claims(cast, "amina E003") == {"3.1": "I counted them.", "3.2": ""}
    done = amina.post(write_path(cast), {**ACCOUNT, "criterion": [gone, other]})
    assert claims(cast, added(cast, done)) == {"1.2": ""}


def test_changes_that_were_left_come_back_with_what_was_mapped_since(amina: StrictClient, cast: Cast) -> None:
    """And go once they are saved."""
    name = "amina E003"
    address, place = f"/evidence/{cast.evidence[name]}/edit", version_place(cast, name)
    fields = {k: v for k, v in form_on(amina.get(address)).items() if k != "csrf_token"}
    kept, new = ids(cast, "3.1", "3.2")
    leave(cast, {**fields, "body": "Ten calls.", "criterion": [new], "claimed": ""}, place)
    page = amina.get(address)
    assert form_on(page)["body"] == "Ten calls."
    assert set(form_on(page)["criterion"]) == {kept, new}
    assert "You were writing this on" in page.words
    amina.post(address, form_on(page))
    assert claims(cast, name) == {"3.1": "I counted them.", "3.2": ""}
    assert left(cast, place) is None
    assert "You were writing this on" not in amina.get(address).words


def test_changes_that_were_left_meet_a_newer_text(amina: StrictClient, cast: Cast) -> None:
    """Both are shown when they are saved, as in any other conflict, and the changes are still kept."""
    name = "amina E004"
    address, place = f"/evidence/{cast.evidence[name]}/edit", version_place(cast, name)
    fields = {k: v for k, v in form_on(amina.get(address)).items() if k != "csrf_token"}
    amina.post(address, {**fields, "body": "Saved on the phone."})
    leave(cast, {**fields, "body": "Typed on the computer."}, place)
    page = amina.get(address)
    assert form_on(page)["body"] == "Typed on the computer."
    page = amina.post(address, form_on(page), status=409)
    assert "Saved on the phone." in page.words
    assert form_on(page)["body"] == "Typed on the computer."
    assert left(cast, place) is not None
    amina.post(address, form_on(page))
    assert "Typed on the computer." in amina.get(address.removesuffix("/edit")).words


def test_starting_afresh_shows_what_is_saved(amina: StrictClient, cast: Cast) -> None:
    """The draft of the item itself is not touched."""
    name = "amina E004"
    address, place = f"/evidence/{cast.evidence[name]}/edit", version_place(cast, name)
    leave(cast, {"title": "Not this", "body": "Nor this.", "rev": "1", "claimed": ""}, place)
    before = verbs(cast)
    amina.post(address, {"afresh": "1"})
    assert form_on(amina.get(address))["body"] == "Not mapped yet."
    assert left(cast, place) is None
    assert verbs(cast) == before


def test_what_was_left_goes_with_its_item(amina: StrictClient, cast: Cast) -> None:
    """It waits while the item lies in the trash, and goes when that is deleted."""
    name = "amina E004"
    place = version_place(cast, name)
    leave(cast, {"title": "Unsaved", "body": "Words."}, place)
    amina.post(f"/evidence/{cast.evidence[name]}/discard")
    assert left(cast, place) is not None
    amina.post(f"/evidence/{cast.evidence[name]}/delete")
    assert left(cast, place) is None


def test_only_the_learner_writes_here(client: StrictClient, cast: Cast) -> None:
    """Starting afresh included."""
    client.sign_in("marguerite").get(write_path(cast), status=403)
    client.post(write_path(cast), {"afresh": "1"}, status=403)
    client.another().sign_in("ben").get(write_path(cast), status=404)
