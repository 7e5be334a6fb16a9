"""Who is told what of an item with personal data in it: its maker, whoever hid it, and its assessors afterwards."""

import re

from portfolio.evidence.models import Evidence
from portfolio.mapping.actions import map_to
from tests.cast import Cast, wanted
from tests.client import StrictClient
from tests.evidence.breaches import NAME
from tests.policy.kinds import put_on_record
from tests.web.evidence.test_breaches import cleaned, hidden, item, letter_field, mend_fields

__all__ = ["item"]


def test_the_learner_sees_of_a_hidden_record_only_that_it_is_hidden(client: StrictClient, cast: Cast) -> None:
    with cast.installation.database.writing() as session:
        record = put_on_record(session, cast, "E005").id
        session.commit()
    hidden(client, record, "iris")
    amina = client.sign_in("amina")
    page = amina.get(f"/enrolments/{cast.enrolments['amina']}/evidence")
    assert "E005, since" in page.words
    for each in (page, amina.get("/")):
        assert f"/evidence/{record}" not in each.links()
        assert f"/evidence/{record}/mend" not in each.links()
    amina.get(f"/evidence/{record}", status=404)
    amina.get(f"/evidence/{record}/mend", status=404)
    assert f"/evidence/{record}/mend" in client.another().sign_in("marguerite").get("/marking").links()


def test_assessors_are_told_that_it_was_amended(client: StrictClient, cast: Cast, item: int) -> None:
    hidden(client, item)
    amina = client.sign_in("amina")
    fields = mend_fields(amina, item)
    amina.post(f"/evidence/{item}/mend", cleaned(fields) | {letter_field(fields): "remove"})
    marguerite, dafydd = client.another().sign_in("marguerite"), client.another().sign_in("dafydd")
    page = marguerite.get("/marking")
    assert re.search(r"E005 of Amina Ramachandran-Hughes was amended on .*: look at what changed", page.words)
    assert f"/evidence/{item}/amended" in page.links()
    assert "was amended on" not in dafydd.get("/marking").words
    page = marguerite.get(f"/marking/{cast.items['amina E005']}")
    assert "A name was in it. Changed: the title" in page.words


def test_only_the_criteria_that_hold_it_stand_open(client: StrictClient, item: int) -> None:
    hidden(client, item)
    page = client.sign_in("amina").get(f"/evidence/{item}/mend")
    claims = re.findall(r'<details class="breach-claim"( open)?><summary><span class="ref">([\d.]+)', page.text)
    assert claims == [(" open", "1.3"), ("", "2.2")]
    assert "further criteria" not in page.words


def test_what_is_written_for_further_criteria_is_said_to_go(client: StrictClient, cast: Cast, item: int) -> None:
    words, address = "What is written for further criteria and not handed in yet is emptied", f"/evidence/{item}/mend"
    with cast.installation.database.writing() as session:
        evidence, amina = session.get_one(Evidence, item), cast.actor("amina", session)
        map_to(session, amina, evidence, wanted=wanted(session, evidence.enrolment, {"3.1": "It tells more."}))
        session.commit()
    hidden(client, item)
    assert words in client.sign_in("amina").get(address).words


def test_whoever_hid_it_may_take_that_back_without_seeing_it(client: StrictClient, cast: Cast, item: int) -> None:
    hidden(client, item)
    marguerite = client.sign_in("marguerite")
    for path in ("/marking", f"/enrolments/{cast.enrolments['amina']}/evidence"):
        assert f"/evidence/{item}/show-again" in marguerite.get(path).links()
    page = marguerite.get(f"/evidence/{item}/show-again")
    assert "by you. Where it was said to be" in page.words
    assert "Letter" not in page.words
    refused = marguerite.post(f"/evidence/{item}/show-again", {"why": " "}, status=422)
    assert "Say why" in refused.words
    done = marguerite.post(f"/evidence/{item}/show-again", {"why": "It is a street."})
    assert NAME in marguerite.get(done.location).words


def test_who_made_it_does_not_overrule_who_hid_it(client: StrictClient, item: int) -> None:
    hidden(client, item)
    amina = client.sign_in("amina")
    page = amina.get(f"/evidence/{item}/mend")
    assert f"/evidence/{item}/show-again" not in page.text
    assert "Marguerite Okonkwo-Lindqvist, who hid it, or one of your centre administrators can show it" in page.words
    amina.get(f"/evidence/{item}/show-again", status=403)
    amina.post(f"/evidence/{item}/show-again", {"why": "It is a street."}, status=403)
    client.another().sign_in("iris").post(f"/evidence/{item}/show-again", {"why": "It is a street."}, status=404)
