"""The page of an item's personal data: what was found stands in its place, and is decided card by card."""

import pytest

from portfolio.web.screening.sheet import numbered, paragraph_at, spans_of
from tests.cast import Cast
from tests.client import Page, StrictClient
from tests.web.screening.scenes import BODY, Item, account, act, card


@pytest.fixture
def amina(client: StrictClient, cast: Cast) -> StrictClient:
    """The learner."""
    assert cast.people
    return client.sign_in("amina")


@pytest.fixture
def item(cast: Cast) -> Item:
    """A call-back in which three are named."""
    return account(cast)


def marked(page: Page) -> list[str]:
    """The words that are marked in the texts."""
    return ["".join(a.itertext()) for a in page.all("a") if a.get("class") == "find"]


def test_everything_found_stands_in_its_place(amina: StrictClient, item: Item) -> None:
    page = amina.get(item.path)
    names = ["Mrs Hollis-Brandt", "Mrs Hollis-Brandt", "07700 900417", "Joanne Hollis-Brandt", "Mr Stannard"]
    assert marked(page) == names
    assert "We found 5 things that may point to a real person. Decide each one; only you can see" in page.words
    assert "5 to decide" in page.words
    assert "0 of 5 decided" in page.words
    assert "told her neighbour Mr Stannard5 <nothing>." in page.words
    anchors = {a.get("id") for a in page.all("a")}
    assert {link for link in page.links() if link.startswith("#h-")} == {f"#{one}" for one in anchors if one}


def test_each_card_says_where_how_sure_and_why(amina: StrictClient, item: Item) -> None:
    words = amina.get(item.path).words
    assert "Mrs Hollis-Brandt, Joanne Hollis-Brandt customer, found 3 times" in words
    assert "07700 900417 ¶1, phone number, almost certain: has the form of a telephone number" in words
    assert "Mr Stannard ¶2, name, almost certain: follows ‘Mr’" in words
    assert "Mrs Hollis-Brandt title, name, almost certain: follows ‘Mrs’" in words


def test_replacing_puts_one_pseudonym_everywhere(amina: StrictClient, item: Item) -> None:
    page = amina.get(item.path)
    done = act(amina, item, "replace", card(page, "Mrs Hollis-Brandt"))
    title, body = item.texts()
    assert title == "Call-back for Customer A"
    assert body == BODY.replace("Mrs Hollis-Brandt", "Customer A").replace("Joanne Hollis-Brandt", "Customer A")
    page = amina.get(done.location)
    assert marked(page) == ["07700 900417", "Mr Stannard"]
    assert "Customer A now stands in 3 places." in page.words
    assert "Customer A stands in place of a name, 3 times" in page.words
    assert "3 of 5 decided" in page.words
    assert done.response.headers["Location"].endswith(f"#{card(page, '07700 900417')['card']}")


def test_somebody_may_be_given_another_part(amina: StrictClient, item: Item) -> None:
    fields = card(amina.get(item.path), "Mr Stannard")
    assert fields["part"] == "other"
    act(amina, item, "replace", {**fields, "part": "manager"})
    assert "her neighbour Manager A" in item.texts()[1]
    page = act(amina, item, "replace", {**card(amina.get(item.path), "Hollis"), "part": "king"}, status=422)
    assert "Choose one of the answers listed." in page.words


def test_only_what_is_ticked_is_replaced(amina: StrictClient, item: Item) -> None:
    fields = card(amina.get(item.path), "Mrs Hollis-Brandt")
    first, *others = fields["finding"]
    act(amina, item, "replace", {**fields, "finding": others})
    assert item.texts()[0] == "Call-back for Mrs Hollis-Brandt"
    assert "Hollis" not in item.texts()[1]
    page = amina.get(item.path)
    assert card(page, "Mrs Hollis-Brandt")["finding"] == first
    page = act(amina, item, "replace", {**fields, "finding": []}, status=422)
    assert "Tick at least one of the places." in page.words


def test_keeping_needs_a_reason(amina: StrictClient, item: Item) -> None:
    fields = card(amina.get(item.path), "07700 900417")
    page = act(amina, item, "keep", {**fields, "said": "Our own front desk"}, status=422)
    assert "Say why it may stay." in page.words
    assert "Our own front desk" in page.words
    assert f"#{fields['card']}" in page.links()
    done = act(amina, item, "keep", {**fields, "reason": "organisation", "said": "Our own front desk"})
    page = amina.get(done.location)
    assert "“07700 900417” kept: Our own front desk" in page.words
    assert "07700 900417" not in marked(page)
    assert item.texts()[1] == BODY


def test_a_reason_that_names_somebody_is_refused_and_comes_back(amina: StrictClient, item: Item) -> None:
    fields = card(amina.get(item.path), "Mr Stannard")
    said = "Mr Stannard is famous"
    page = act(amina, item, "keep", {**fields, "reason": "public", "said": said}, status=422)
    areas = ["".join(area.itertext()).strip() for area in page.all("textarea") if area.get("aria-invalid")]
    assert areas == [said]
    assert not item.decisions()


def test_undoing_gives_the_words_back(amina: StrictClient, item: Item) -> None:
    act(amina, item, "replace", card(amina.get(item.path), "Mrs Hollis-Brandt"))
    undo = next(form["fields"] for form in amina.get(item.path).forms() if form["action"].endswith("/undo"))
    done = act(amina, item, "undo", undo)
    assert item.texts()[1] == BODY
    assert "Taken back in 3 places." in amina.get(done.location).words
    page = act(amina, item, "undo", {"act": "nothing"}, status=409)
    assert marked(page)


def test_two_may_be_one(amina: StrictClient, item: Item) -> None:
    fields = card(amina.get(item.path), "Mr Stannard")
    other = card(amina.get(item.path), "Mrs Hollis-Brandt")["entity"]
    page = act(amina, item, "merge", {**fields, "into": ""}, status=422)
    assert "Choose whom or what it is the same as." in page.words
    done = act(amina, item, "merge", {**fields, "into": other})
    assert "found 4 times" in amina.get(done.location).words


def test_replacing_as_somebody_known_joins_the_two(amina: StrictClient, item: Item) -> None:
    act(amina, item, "replace", card(amina.get(item.path), "Mrs Hollis-Brandt"))
    known = offered(amina.get(item.path), "Customer A (")
    act(amina, item, "replace", {**card(amina.get(item.path), "Mr Stannard"), "into": known})
    assert "told her neighbour Customer A <nothing>" in item.texts()[1]


def offered(page: Page, words: str) -> str:
    """What stands for this choice in a list."""
    options = [(o.get("value", ""), "".join(o.itertext())) for o in page.all("option")]
    return next(value for value, said in options if said.startswith(words))


def test_one_may_be_two(amina: StrictClient, item: Item) -> None:
    fields = card(amina.get(item.path), "Mrs Hollis-Brandt")
    done = act(amina, item, "split", {**fields, "finding": fields["finding"][2:]})
    page = amina.get(done.location)
    assert "found 2 times" in page.words
    assert card(page, "Joanne")["finding"] == fields["finding"][2]
    page = act(amina, item, "split", card(page, "Mrs Hollis-Brandt"), status=422)
    assert "Leave something unticked." in page.words


def test_a_label_may_be_changed(amina: StrictClient, item: Item) -> None:
    fields = card(amina.get(item.path), "07700 900417")
    act(amina, item, "relabel", {**fields, "label": "ACCOUNT_REF"})
    page = amina.get(item.path)
    assert "07700 900417 account or case reference, found once" in page.words
    page = act(amina, item, "relabel", {**fields, "label": "NOTHING"}, status=422)
    assert "Choose one of the answers listed." in page.words


def test_what_was_missed_is_marked_by_its_words(amina: StrictClient, item: Item) -> None:
    assert "Zebedee" not in marked(amina.get(item.path))
    page = act(amina, item, "mark", {"words": "Zebedee the cat", "label": "PERSON", "card": "missed"}, status=422)
    assert "These words are in none of the texts." in page.words
    assert [field.get("value") for field in page.all("input") if field.get("id") == "words"] == ["Zebedee the cat"]
    done = act(amina, item, "mark", {"words": "zebedee", "label": "PERSON", "card": "missed"})
    page = amina.get(done.location)
    assert "Zebedee" in marked(page)
    act(amina, item, "replace", card(page, "Zebedee"))
    assert "Zebedee" not in item.texts()[1]
    page = act(amina, item, "mark", {"words": "", "label": "PERSON", "card": "missed"}, status=422)
    assert "Say which words." in page.words


def test_a_place_that_was_selected_is_marked_where_it_is(amina: StrictClient, item: Item) -> None:
    start = BODY.index("cat sat")
    sent = {
        "words": "cat sat",
        "place": "body",
        "start": start,
        "end": start + 7,
        "label": "USERNAME",
        "card": "missed",
    }
    act(amina, item, "mark", sent)
    assert [(one.place, one.start) for one in item.findings() if one.label == "USERNAME"] == [("body", start)]


def test_when_all_is_decided_the_page_says_so_and_leads_on(amina: StrictClient, item: Item) -> None:
    for words in ("Mrs Hollis-Brandt", "07700 900417"):
        act(amina, item, "replace", card(amina.get(item.path), words))
    done = act(amina, item, "replace", card(amina.get(item.path), "Mr Stannard"))
    assert done.response.headers["Location"].endswith("#done")
    page = amina.get(done.location)
    assert "Nothing left to decide" in page.words
    assert "You decided all 5. Others see it as it stands now." in page.words
    assert f"/evidence/{item.id}/map" in page.links()
    assert "anonymous" not in page.words.lower()


def test_it_is_shown_as_others_will_see_it(amina: StrictClient, item: Item) -> None:
    page = amina.get(f"{item.path}?as=others")
    assert not marked(page)
    assert "Call-back for Customer A" in page.words
    assert "Her mobile is [phone 1]" in page.words
    assert "What is left to decide is shown as if you had replaced it." in page.words


def test_an_item_that_names_nobody_says_that_it_may_have_missed_something(amina: StrictClient, cast: Cast) -> None:
    page = amina.get(account(cast, "A quiet day", "Nothing happened.").path)
    assert "Nothing that points to a real person was found. Things can be missed" in page.words
    assert "Nothing left to decide" in page.words


def test_what_changed_meanwhile_is_not_decided_and_nothing_typed_is_lost(amina: StrictClient, item: Item) -> None:
    page = amina.get(item.path)
    phone, person = card(page, "07700 900417"), card(page, "Mr Stannard")
    act(amina, item, "replace", phone)
    page = act(amina, item, "keep", {**phone, "reason": "other", "said": "It is the office"}, status=409)
    assert "It is the office" in page.words
    assert [one.outcome.value for one in item.decisions()] == ["replaced"]
    page = act(amina, item, "replace", {**person, "entity": "nobody"}, status=409)
    assert "Mr Stannard" in marked(page)
    act(amina, item, "replace", person)


@pytest.mark.parametrize(("who", "status"), [("ben", 404), ("olga", 404), ("marguerite", 404), ("iris", 404)])
def test_nobody_else_comes_here(client: StrictClient, item: Item, who: str, status: int) -> None:
    other = client.sign_in(who)
    other.get(item.path, status=status)
    other.get(f"{item.path}/state", status=status)
    for what in ("look", "replace", "keep", "confirm", "merge", "split", "relabel", "mark", "check", "undo"):
        act(other, item, what, {"words": "Zebedee", "label": "PERSON"}, status=status)
    assert not item.decisions()


def test_what_is_in_the_trash_is_left_alone(amina: StrictClient, item: Item) -> None:
    fields = card(amina.get(item.path), "Mr Stannard")
    amina.post(f"/evidence/{item.id}/discard")
    assert "This is in the trash." in amina.get(item.path, status=409).words
    act(amina, item, "replace", fields, status=409)


def test_as_many_statements_for_many_findings_as_for_few(amina: StrictClient, cast: Cast, item: Item) -> None:
    many = account(
        cast, "A long day", "\n\n".join(f"Mrs Abernethy-{name} rang." for name in ("Cole", "Dunn", "Eady")) * 9
    )
    assert amina.get(many.path).statements == amina.get(item.path).statements


def test_paragraphs_are_what_stands_between_empty_lines() -> None:
    text = "One\ntwo\n\n \nthree\n\n\n"
    assert [text[start:end] for start, end in spans_of(text)] == ["One\ntwo", "three"]
    assert spans_of("") == []
    assert numbered("title", "One") == [(0, 0, 3)]
    assert [number for number, _start, _end in numbered("body", "One")] == [1]
    assert paragraph_at("body", text, text.index("three")) == 2
    assert paragraph_at("title", "One", 1) == 0
