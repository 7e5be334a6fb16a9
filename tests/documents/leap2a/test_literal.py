"""What some readers compare sign by sign where its meaning would do: it is written in the very form that they know."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from lxml import etree

from portfolio.documents.blocks import CodeBlock, Heading, ListItem, Paragraph, Table, plain
from portfolio.documents.leap2a.content import Post
from portfolio.documents.leap2a.profiles import NAMES, Profile
from portfolio.documents.leap2a.writer import write_leap2a
from portfolio.documents.leap2a.xhtml import xhtml
from tests.documents.leap2a.test_writer import AT, some_portfolio, written

WAITING = 100_000
"""How many bytes may wait before they are written."""


@pytest.mark.parametrize("profile", list(Profile))
def test_namespaces_are_declared_at_the_top_under_the_names_that_readers_look_for(profile: Profile) -> None:
    said, names = written(some_portfolio(), profile).getvalue().decode(), NAMES[profile]
    root = re.findall(r"<feed [^>]*>", said)[0]
    for prefix, name in (("leap2", names.leap2), ("categories", names.categories), ("mahara", names.mahara)):
        assert f'xmlns:{prefix}="{name}"' in root
    assert 'xmlns="http://www.w3.org/2005/Atom"' in root
    below = set(re.findall(r'xmlns(?::\w+)?="[^"]*"', said.replace(root, "")))
    assert below == {'xmlns="http://www.w3.org/1999/xhtml"'}


def test_each_text_stands_in_a_div_that_says_nothing_but_its_namespace() -> None:
    said = written(some_portfolio("a <b> & c")).getvalue().decode()
    divs = re.findall(r'<content type="xhtml"><div xmlns="http://www\.w3\.org/1999/xhtml"/?>', said)
    assert len(divs) == said.count('<content type="xhtml">') == said.count("<div") == 3


def test_no_element_is_empty_that_may_hold_words() -> None:
    """A reader that writes it anew would close it in itself, and a browser would not."""
    head, cells = (plain("Criterion"), ()), ((), plain("Met"))
    of = (Heading(1, ()), Paragraph(()), ListItem(()), CodeBlock(""), Table((head, cells)), Paragraph(plain("Last")))
    made = etree.tostring(etree.fromstring(f"<div>{xhtml(of)}</div>"), encoding="unicode")
    assert re.findall(r"<(\w+)/>", made) == []
    assert made.endswith("<p>Last</p></div>")


def test_ids_and_paths_need_no_quoting_anywhere() -> None:
    feed = etree.parse(written(some_portfolio("It's <me>"))).getroot()
    atom = "{http://www.w3.org/2005/Atom}"
    for entry in feed.iterfind(f"{atom}entry"):
        assert re.fullmatch(r"portfolio:[a-z0-9-]+", entry.findtext(f"{atom}id") or "")
        for link in entry.iterfind(f"{atom}link"):
            assert re.fullmatch(r"[A-Za-z0-9._:/-]+", link.attrib["href"])


def test_entries_go_out_as_they_come() -> None:
    """Nothing waits in memory for the end."""
    target, gone = io.BytesIO(), list[int]()

    def posts() -> Iterator[Post]:
        for number in range(400):
            body = tuple(Paragraph(plain(f"Paragraph {line} of {number}. " * 10)) for line in range(20))
            gone.append(target.tell())
            yield Post(f"item-{number}", f"E{number}", AT, body)

    write_leap2a(target, replace(some_portfolio(), posts=posts()), Profile.STANDARD)
    size = len(target.getvalue())
    assert size > 1_000_000
    assert all(out > size * number / 400 - WAITING for number, out in enumerate(gone))
