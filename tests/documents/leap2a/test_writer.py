"""What is written arrives, in every system that the profile is for, whatever the texts say."""

import io
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from portfolio.documents.blocks import Block, CodeBlock, Heading, ListItem, Paragraph, Quote, Rule, Table, plain
from portfolio.documents.leap2a.content import Note, Page, Person, Portfolio, Post, Resource
from portfolio.documents.leap2a.profiles import Profile
from portfolio.documents.leap2a.writer import write_leap2a
from tests.documents.leap2a.reader import XHTML, Arrived, CannotRead, arrives_of

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
READERS = {Profile.STANDARD: ("22.04", "23.04"), Profile.MAHARA_22_10: ("22.10", "23.04")}
"""Which versions read the files of a profile."""


def some_portfolio(words: str = "Words", name: str = "Amina Okafor") -> Portfolio:
    """One of everything, with the words in every place that people fill in."""
    body: tuple[Block, ...] = (
        Heading(1, plain(words)),
        Paragraph(plain(words)),
        ListItem(plain(words)),
        Quote(plain(words)),
        CodeBlock(words),
        Rule(),
        Table(((plain("Criterion"), plain(words)), (plain("1.1"), plain(words)))),
    )
    return Portfolio(
        key="0a1b",
        title=words,
        at=AT,
        person=Person(name, words),
        folder=words,
        journal=words,
        about=words,
        files=[Resource("file-1", words, "files/E001_a.txt", "text/plain", 3, AT, words, (words, "E001"))],
        posts=[
            Post("item-1", words, AT, body, words, date(2026, 3, 1), ("file-1",), (words,)),
            Post("review-1", words, AT, ()),
        ],
        pages=[
            Page("unit-1", words, words, body, ("file-1",), (("item-1", words),), (Note("note-1", words, AT, body),)),
            Page("unit-2", words, words, ()),
        ],
    )


def written(portfolio: Portfolio, profile: Profile = Profile.STANDARD) -> io.BytesIO:
    """The XML of it."""
    target = io.BytesIO()
    write_leap2a(target, portfolio, profile)
    target.seek(0)
    return target


def arrived(portfolio: Portfolio, profile: Profile = Profile.STANDARD) -> Arrived:
    """What arrives of it."""
    return arrives_of(written(portfolio, profile), READERS[profile][0])


@pytest.mark.parametrize(("profile", "version"), [(one, version) for one in READERS for version in READERS[one]])
def test_everything_arrives(profile: Profile, version: str) -> None:
    there = arrives_of(written(some_portfolio(), profile), version)
    assert there.person == {
        "full_name": "Amina Okafor", "legal_given_name": "Amina", "legal_family_name": "Okafor", "email": "Words",
    }  # fmt: skip
    assert there.folders == {"portfolio:files": ["portfolio:file-1"]}
    assert there.journals == {"portfolio:journal": ["portfolio:item-1", "portfolio:review-1"]}
    assert there.attached == {"portfolio:item-1": ["portfolio:file-1"], "portfolio:review-1": []}
    assert there.notes == {"portfolio:note-1": "portfolio:unit-1"}
    assert there.collections == {"portfolio:collection": ["portfolio:unit-1", "portfolio:unit-2"]}
    blocks = {id_: [(one.kind, one.shows) for one in page] for id_, page in there.pages.items()}
    assert blocks == {
        "portfolio:unit-1": [
            ("text", []),
            ("filedownload", ["portfolio:file-1"]),
            ("blogpost", ["portfolio:item-1"]),
            ("annotation", ["portfolio:note-1"]),
        ],
        "portfolio:unit-2": [("text", [])],
    }
    assert there.catch_all == []
    assert there.tags["portfolio:file-1"] == ["Words", "E001"]


@pytest.mark.parametrize(("profile", "version"), [(Profile.STANDARD, "22.10"), (Profile.MAHARA_22_10, "22.04")])
def test_a_file_with_other_names_is_read_by_none(profile: Profile, version: str) -> None:
    with pytest.raises(CannotRead):
        arrives_of(written(some_portfolio(), profile), version)


@pytest.mark.parametrize("profile", list(Profile))
@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(), max_size=40))
@example("<script>alert(1)</script>")
@example("]]>\x00\x08\x1f&nbsp;&bogus;")
@example("\ud800\ufffe\uffff")
@example("a\r\nb\rc\x0bd\x0ce\x85f\u2028g")
@example("👩‍👩‍👧‍👦 \u202eعربي\u200f")
@example('"<br><hr>\\"')
@example("")
def test_it_is_read_whatever_the_texts_say(profile: Profile, words: str) -> None:
    there = arrived(some_portfolio(words, words), profile) if words.split() else arrived(some_portfolio(words), profile)
    tags = {str(one.tag) for post in there.posts.values() for one in post.iter()}
    assert not [tag for tag in tags if "script" in tag]
    [text] = [one.text for one in there.pages["portfolio:unit-1"] if one.kind == "text"]
    div = etree.fromstring(f'<div xmlns="{XHTML}">{text}</div>')
    assert [one.tag for one in div if isinstance(one.tag, str)][-1] == f"{{{XHTML}}}table"


def test_words_are_as_they_were() -> None:
    said = 'Käse & "Brot" <b>fett</b> 👩‍👧 عربي'
    there = arrived(some_portfolio(said))
    assert set(there.titles.values()) == {said, "Amina Okafor"}
    assert "".join(there.posts["portfolio:item-1"].itertext()).count(said) == 7
    assert "&lt;b&gt;fett&lt;/b&gt;" in there.pages["portfolio:unit-1"][0].text


def test_what_xml_cannot_carry_is_seen_to_be_missing() -> None:
    there = arrived(some_portfolio("a\x00b"))
    assert there.titles["portfolio:item-1"] == "a\ufffdb"


def test_it_is_the_same_each_time() -> None:
    assert written(some_portfolio()).getvalue() == written(some_portfolio()).getvalue()


@pytest.mark.parametrize(
    ("name", "given_name", "family"),
    [("Amina Okafor", "Amina", "Okafor"), ("Ana de la Cruz", "Ana de la", "Cruz"), ("Madonna", "Madonna", None)],
)
def test_a_name_is_parted_for_those_who_ask_for_two(name: str, given_name: str, family: str | None) -> None:
    person = arrived(some_portfolio(name=name)).person
    assert person["full_name"] == name
    assert (person["legal_given_name"], person.get("legal_family_name")) == (given_name, family)
