"""What was found in an item's files, what nobody could read, and what is on record already."""

import pytest

from portfolio.evidence.models import Evidence
from portfolio.screening.models import Scan
from portfolio.screening.rules import ScanState
from portfolio.web.screening import page as review_page
from tests import screened
from tests.cast import Cast
from tests.client import StrictClient
from tests.policy.kinds import observe
from tests.web.screening.scenes import Item, account, act, card, script, with_file

LETTER = b"Dear Mrs Abernethy,\n\nI am sorry that nobody rang you back on 07700 900417.\n"


@pytest.fixture
def amina(client: StrictClient, cast: Cast) -> StrictClient:
    """The learner."""
    assert cast.people
    return client.sign_in("amina")


def test_a_file_that_waits_says_so(amina: StrictClient, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    item = with_file(cast, LETTER, "letter.txt")
    page = amina.get(item.path)
    assert "letter.txt Being looked through" in page.words
    assert "Nothing is left to decide now. One file is still being looked through." in page.words
    assert "Nothing left to decide" not in page.words
    [waiting] = [span for span in page.all("span") if span.get("data-review-waiting")]
    assert waiting.get("data-review-waiting") == f"{item.path}/state"
    before = amina.get(f"{item.path}/state").response.get_json()
    assert before == {"mark": waiting.get("data-review-mark")}
    screened.by_worker(cast.installation)
    with monkeypatch.context() as patch:
        patch.setattr(review_page, "review_of", lambda *_arguments: pytest.fail("all of the page was read"))
        after = amina.get(f"{item.path}/state").response.get_json()
    assert after == {"mark": "done2"}


def test_what_was_found_in_a_file_is_shown_with_its_words(amina: StrictClient, cast: Cast) -> None:
    item = with_file(cast, LETTER, "letter.txt")
    screened.by_worker(cast.installation)
    page = amina.get(item.path)
    assert "Dear Mrs Abernethy, name, almost certain: follows ‘Mrs’" in page.words
    assert "2 to decide" in page.words
    [see] = [link for link in page.links() if "/preview#file-" in link and "Mrs Abernethy" in page.words][:1]
    address, _, anchor = see.partition("#")
    assert f'id="{anchor}"' in amina.get(address).text


def test_what_is_real_is_to_be_taken_out_of_the_file(amina: StrictClient, cast: Cast) -> None:
    item = with_file(cast, LETTER, "letter.txt")
    screened.by_worker(cast.installation)
    done = act(amina, item, "confirm", card(amina.get(item.path), "Mrs Abernethy"))
    page = amina.get(done.location)
    assert "You said that this is personal data. It goes when the redacted version of the file is made" in page.words
    assert f"/evidence/{item.id}/edit" in page.links()
    act(amina, item, "keep", {**card(page, "07700 900417"), "reason": "organisation"})
    page = amina.get(item.path)
    assert "Nothing is left to decide now. One thing is to be taken out of a file." in page.words
    assert "Nothing left to decide" not in page.words


def test_what_stands_in_the_text_is_not_for_the_file(amina: StrictClient, cast: Cast) -> None:
    item = account(cast)
    page = act(amina, item, "confirm", card(amina.get(item.path), "07700 900417"), status=422)
    assert "Replace this in the text instead" in page.words


def test_what_cannot_be_read_is_looked_at_by_hand(amina: StrictClient, cast: Cast) -> None:
    item = with_file(cast, b"ID3\x04\x00\x00\x00\x00\x00\x00", "call.mp3", "audio/mpeg")
    screened.by_worker(cast.installation)
    page = amina.get(item.path)
    assert "To look at yourself" in page.words
    assert "One file is left for you to look at yourself." in page.words
    check = next(form["fields"] for form in page.forms() if form["action"].endswith("/check"))
    act(amina, item, "check", {"file": "nothing"}, status=409)
    page = amina.get(act(amina, item, "check", check).location)
    assert "Amina Ramachandran-Hughes looked at it on" in page.words
    assert "Nothing left to decide" in page.words
    assert "It is noted already" in act(amina, item, "check", check, status=409).words


def test_a_preview_that_was_lost_leaves_the_rest(amina: StrictClient, cast: Cast) -> None:
    item = with_file(cast, LETTER, "letter.txt")
    screened.by_worker(cast.installation)
    with cast.installation.database.reading() as session:
        scan = session.query(Scan).filter(Scan.source != "").order_by(Scan.id.desc()).first()
        assert scan is not None
        assert scan.state is ScanState.DONE
        evidence = session.get_one(Evidence, item.id)
        cast.installation.previews.remove(evidence.enrolment.centre.uid, scan.source)
    assert "Its words cannot be shown just now" in amina.get(item.path).words


def test_an_assessors_record_is_looked_through_by_whoever_made_it(client: StrictClient, cast: Cast) -> None:
    with cast.installation.database.writing() as session:
        record = observe(session, cast, "Mrs Quennell at the desk", "E005")
        session.commit()
        item = Item(cast, record.id)
    marguerite = client.sign_in("marguerite")
    page = marguerite.get(item.path)
    assert "Mrs Quennell" in page.words
    act(marguerite, item, "replace", card(page, "Mrs Quennell"))
    assert item.texts()[0] == "Customer A at the desk"
    client.another().sign_in("amina").get(item.path, status=404)


def test_what_is_on_record_can_only_be_kept_or_taken_out(amina: StrictClient, cast: Cast) -> None:
    item = Item(cast, cast.evidence["amina E002"])
    word = item.texts()[1].split()[-1].strip(".")
    act(amina, item, "mark", {"words": word, "label": "USERNAME", "card": "missed"})
    page = amina.get(item.path)
    assert "The item was handed in, so others can see it." in page.words
    assert "This stands in what was handed in, so it cannot be rewritten here." in page.words
    assert f"/evidence/{item.id}/hide" in page.links()
    fields = card(page, word)
    assert "on record" in act(amina, item, "replace", fields, status=409).words
    page = amina.get(act(amina, item, "keep", {**fields, "reason": "not_personal"}).location)
    assert "Nothing left to decide" in page.words
    assert f"/evidence/{item.id}" in page.links()


def test_a_script_is_told_what_changes(amina: StrictClient, cast: Cast) -> None:
    item = account(cast)
    page = amina.get(item.path, headers={"Accept": "application/json"})
    told = page.response.get_json()
    assert told["title"].startswith("Check personal data in E")
    assert "<html" not in told["html"]
    phone = card(amina.get(item.path), "07700 900417")
    told = script(amina, item, "replace", phone)
    assert told["said"] == "[phone 1] now stands in one place. 4 to decide."
    assert told["at"] == phone["then"]
    told = script(amina, item, "keep", phone, status=422)
    assert told["said"] == "Say why it may stay."
    told = script(amina, item, "keep", {**phone, "reason": "public"}, status=409)
    assert told["html"]


def test_words_that_changed_what_is_looked_for_ask_for_another_look(amina: StrictClient, cast: Cast) -> None:
    item = account(cast)
    assert "What is looked for has changed" not in amina.get(item.path).words
    with cast.installation.database.writing() as session:
        session.query(Scan).filter_by(source="").update({"detector": "0 old"})
        session.commit()
    page = amina.get(item.path)
    assert "What is looked for has changed" in page.words
    page = amina.get(act(amina, item, "look", {}).location)
    assert "What is looked for has changed" not in page.words


def test_the_words_of_one_maker_are_not_shown_to_another(client: StrictClient, cast: Cast) -> None:
    item = account(cast)
    amina = client.sign_in("amina")
    act(amina, item, "replace", card(amina.get(item.path), "Mrs Hollis-Brandt"))
    assert "Customer A (Mrs Hollis-Brandt" in amina.get(item.path).words
    with cast.installation.database.writing() as session:
        record = observe(session, cast, "Mr Hollis-Quennell at the desk", "E006")
        session.commit()
    page = client.another().sign_in("marguerite").get(f"/evidence/{record.id}/personal-data")
    assert "Mr Hollis-Quennell" in page.words
    assert "Hollis-Brandt" not in page.text
    assert "Hollis-Quennell" not in amina.get(item.path).text
