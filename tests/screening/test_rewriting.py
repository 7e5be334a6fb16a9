"""Pseudonyms in the place of words and back: words never go where they did not stand."""

from portfolio.screening.rewriting import Spot, put_back, renamed, with_pseudonym

BODY = "Ann Tolliver rang. The next day Bob Haverstock wrote to us."


def _spot(text: str, words: str) -> Spot:
    start = text.index(words)
    return Spot("body", start, start + len(words))


def test_where_it_never_stood_nothing_is_put() -> None:
    """Two that were made one have one pseudonym: the words of the one do not go where the other stands."""
    texts, [bob] = with_pseudonym({"body": BODY}, [_spot(BODY, "Bob Haverstock")], "Customer A")
    texts, [ann] = with_pseudonym(texts, [_spot(texts["body"], "Ann Tolliver")], "Customer A")
    assert texts["body"] == "Customer A rang. The next day Customer A wrote to us."
    assert put_back({"body": "Customer A rang."}, [bob], "Customer A", [ann]) == ({}, 0)
    assert put_back({"body": "So far nobody. Then Customer A rang. And Customer A went."}, [bob], "Customer A") == (
        {},
        0,
    )
    assert put_back(texts, [bob], "Customer A", [ann])[0] == {
        "body": "Customer A rang. The next day Bob Haverstock wrote to us."
    }


def test_a_place_that_another_fits_better_is_left_to_it() -> None:
    text = "I told Bob Haverstock that I would. I told Ann Tolliver that I could."
    texts, [bob] = with_pseudonym({"body": text}, [_spot(text, "Bob Haverstock")], "Customer A")
    texts, [ann] = with_pseudonym(texts, [_spot(texts["body"], "Ann Tolliver")], "Customer A")
    left = {"body": "I told Customer A that I could."}
    assert put_back(left, [bob], "Customer A", [ann]) == ({}, 0)
    assert put_back(left, [ann], "Customer A", [bob]) == ({"body": "I told Ann Tolliver that I could."}, 1)


def test_names_in_a_row_each_go_back() -> None:
    """Beside each of them stood others, which have gone back already."""
    text = "There were Ann Tolliver, Bob Haverstock, Orla Quillfeather."
    puts = []
    texts = {"body": text}
    names = {"Ann Tolliver": "Customer A", "Bob Haverstock": "Customer B", "Orla Quillfeather": "Customer C"}
    for words, name in names.items():
        texts, [put] = with_pseudonym(texts, [_spot(texts["body"], words)], name)
        puts.append(put)
    for put, name in zip(puts, names.values(), strict=True):
        texts, count = put_back(texts, [put], name)
        assert count == 1
    assert texts["body"] == text


def test_a_thing_right_beside_letters_is_found() -> None:
    text = "x07700900312y"
    texts, puts = with_pseudonym({"body": text}, [Spot("body", 1, 12)], "[phone 1]")
    assert texts == {"body": "x[phone 1]y"}
    assert put_back(texts, puts, "[phone 1]") == ({"body": text}, 1)
    assert renamed(texts, "[phone 1]", "[phone 2]") == {"body": "x[phone 2]y"}
    assert renamed({"body": "Customer Ann"}, "Customer A", "Customer B") == {}
