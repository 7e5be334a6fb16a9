"""The word lists: kept in order, credited, and read as they are searched."""

import re
from importlib.resources import files

import pytest

from portfolio.anonymise import gazetteers

LISTS = sorted(path.name.removesuffix(".txt") for path in (files("portfolio.anonymise") / "lists").iterdir())
NAMES = ["given_names", "surnames"]


def test_every_list_is_there() -> None:
    """The detector asks for these by name."""
    wanted = {"famous", "nicknames", "organisations", "places", "theorists", "titles", "vocabulary", *NAMES}
    assert wanted <= set(LISTS)


@pytest.mark.parametrize("list_name", LISTS)
def test_a_list_says_what_it_is(list_name: str) -> None:
    """Whoever opens a list finds its purpose on the first line."""
    text = (files("portfolio.anonymise") / "lists" / f"{list_name}.txt").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert text.endswith("\n")


@pytest.mark.parametrize("list_name", LISTS)
def test_a_list_is_sorted_and_says_nothing_twice(list_name: str) -> None:
    """So that an addition has one place and a difference of versions reads well."""
    entries = gazetteers.entries(list_name)
    assert len(set(entries)) == len(entries)
    keys = [(gazetteers.fold(entry), entry) for entry in entries]
    assert keys == sorted(keys)


@pytest.mark.parametrize("list_name", NAMES)
def test_lists_of_others_carry_their_licence(list_name: str) -> None:
    """What was gathered from Faker's locale data says so, with the notice that its licence asks for."""
    text = (files("portfolio.anonymise") / "lists" / f"{list_name}.txt").read_text(encoding="utf-8")
    assert "Copyright (c) 2012 Daniele Faraglia" in text
    assert "MIT" in text


def test_the_vocabulary_carries_its_licence() -> None:
    """SCOWL asks that its notice goes with every copy."""
    text = (files("portfolio.anonymise") / "lists" / "vocabulary.txt").read_text(encoding="utf-8")
    assert "Kevin Atkinson" in text
    assert all(re.fullmatch("[a-z]+", word) for word in gazetteers.entries("vocabulary"))


def test_names_that_are_words_are_in_both_lists() -> None:
    """Such a name needs more around it to be one; a name that is hardly ever a word does not."""
    names = gazetteers.words("given_names") | gazetteers.words("surnames")
    words = gazetteers.words("vocabulary")
    assert {"will", "mark", "grant", "rose", "grace", "bill", "price", "april", "may", "june"} <= names & words
    assert not {"john", "jack", "carol", "peter", "lily", "smith"} & words


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Siân", "sian"), ("O’BRIEN", "o'brien"), ("Łukasz", "lukasz"), ("Y\u0131ld\u0131z", "yildiz"),
        ("Nguyễn", "nguyen"), ("Bjørn", "bjorn"), ("SMITH", "smith"),
    ],
)  # fmt: skip
def test_words_are_searched_without_accents_and_capitals(written: str, folded: str) -> None:
    """However a name is typed, it is the same name."""
    assert gazetteers.fold(written) == folded


@pytest.mark.parametrize(
    "name",
    ["Siân", "Declan", "Agnieszka", "Ionuț", "Gurpreet", "Hetal", "Shazia", "Karthika", "Babatunde", "Chinedu",
     "Akosua", "Hodan", "Selamawit", "Tendai", "Delroy", "Xiaoming", "Thuy", "Maricel", "Zeynep", "Layla", "Parisa",
     "Androulla", "Giuseppe", "João", "Rivka", "Oksana", "Jurgita"],
)  # fmt: skip
def test_given_names_of_every_origin_are_listed(name: str) -> None:
    """One everyday name of each."""
    assert gazetteers.fold(name) in gazetteers.words("given_names")


def test_nicknames_go_both_ways() -> None:
    """A short form leads to the names that it stands for, and a name to its short forms."""
    found = gazetteers.nicknames()
    assert {"elizabeth"} <= found["liz"]
    assert {"liz", "beth", "betty"} <= found["elizabeth"]
    assert {"christopher", "christine"} <= found["chris"]
    assert "zosia" in found["zofia"]


def test_no_reader_of_the_lists_can_change_them() -> None:
    """They are shared by every scan of the process."""
    assert isinstance(gazetteers.words("places"), frozenset)
    assert gazetteers.words("places") is gazetteers.words("places")
