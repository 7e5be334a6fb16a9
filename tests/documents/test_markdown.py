"""Markdown: what shows is what was meant, and nothing that was typed ever runs."""

import html
import re
import time
from html.parser import HTMLParser

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.documents.blocks import (
    Block,
    CodeBlock,
    Heading,
    ListItem,
    Paragraph,
    Quote,
    Rule,
    Run,
    Table,
    text_of,
)
from portfolio.documents.html_blocks import blocks_of_html
from portfolio.documents.markdown import safe_html, to_blocks, to_html

ALLOWED = {
    *("p", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "hr", "br"),
    *("table", "thead", "tbody", "tr", "th", "td", "strong", "em", "code", "a"),
}
PIECES = st.sampled_from(
    [
        *("# ", "## ", "- ", "1. ", "> ", "    ", "\n", "\n\n", "|a|b|\n|-|-|\n|c|d|\n", "```\n", "***", "---\n", "\\"),
        *("*", "**", "_", "`", "[", "](", ")", "![", "<", ">", "&", '"', "'", "word ", "<!--", "-->", "]]>"),
        *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "<a href='x'>"),
        *(
            "[b](http://e.org/ 't')",
            "<http://e.org>",
            "<m@e.org>",
            "&lt;script&gt;",
            "[c]: javascript:x",
            "\x00",
            "\x02",
        ),
        *(
            "<style>*{}</style>",
            "<svg/onload=alert(1)>",
            "[d](data:text/html,x)",
            "{: onclick=x }",
            "[e](HTTP://E.org)",
        ),
    ]
)
SLOW_BEFORE = [
    "[" * 20_000,
    "[a](" * 20_000,
    "![" * 20_000,
    "> " * 3000 + "x",
    "*a" * 20_000,
    "`a " * 20_000,
    "<" * 20_000,
]


class Seen(HTMLParser):
    """Collects tags with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def assert_safe(result: str) -> None:
    seen = Seen()
    seen.feed(result)
    for tag, attributes in seen.tags:
        assert tag in ALLOWED
        assert set(attributes) <= ({"href", "rel"} if tag == "a" else set())
        if "href" in attributes:
            assert re.match(r"(?:https?|mailto):", str(attributes["href"]), re.IGNORECASE)
            assert attributes["rel"] == "noopener noreferrer"
    assert safe_html(result) == result


@given(st.lists(PIECES | st.text(max_size=8), max_size=25).map("".join))
def test_nothing_typed_ever_runs(text: str) -> None:
    assert_safe(to_html(text))
    to_blocks(text)


@given(st.text(st.characters()))
def test_any_text_is_taken(text: str) -> None:
    assert_safe(to_html(text.encode(errors="replace").decode()))


@pytest.mark.parametrize("text", SLOW_BEFORE, ids=lambda text: text[:4])
def test_time_grows_with_length(text: str) -> None:
    started = time.process_time()
    to_html(text)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# One", "<h3>One</h3>"),
        ("###### Six", "<h3>Six</h3>"),
        ("## a\n\n# b\n\n###### c\n\n## d", "<h3>a</h3>\n<h3>b</h3>\n<h4>c</h4>\n<h4>d</h4>"),
        ("## \n\n# A", "<p></p>\n<h3>A</h3>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("**a** *b* `c`", "<p><strong>a</strong> <em>b</em> <code>c</code></p>"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
        ("![a cat](http://e.org/cat.png)", "<p>a cat</p>"),
        ("[x](https://e.org/a_(b))", '<p><a href="https://e.org/a_(b)" rel="noopener noreferrer">x</a></p>'),
        ("[x](/local)", "<p>[x](/local)</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
    ],
)
def test_what_shows(text: str, expected: str) -> None:
    assert to_html(text) == expected


def test_blocks() -> None:
    text = "# Head\n\nA **b**\nc\n\n- one\n    1. two\n\n        more\n\n> said\n\n```\nx = [1]\n```\n\n---\n\n"
    text += "|h|\n|-|\n|d|\n"
    assert to_blocks(text) == (
        Heading(1, (Run("Head"),)),
        Paragraph((Run("A "), Run("b", bold=True), Run("\nc"))),
        ListItem((Run("one"),), 0, ordered=False, list_no=1),
        ListItem((Run("two"),), 1, ordered=True, list_no=2),
        Paragraph((Run("more"),), 2),
        Quote((Run("said"),)),
        CodeBlock("x = [1]"),
        Rule(),
        Table((((Run("h", bold=True),),), ((Run("d"),),))),
    )


def words_of(block: Block) -> str:
    match block:
        case CodeBlock(text):
            return text
        case Table(rows):
            return " ".join(text_of(cell) for row in rows for cell in row)
        case Heading() | Paragraph() | ListItem() | Quote():
            return text_of(block.runs)
        case _:
            return ""


@given(st.lists(PIECES, max_size=20).map("".join))
def test_blocks_say_what_the_screen_says(text: str) -> None:
    """The book and the page show the same words."""
    page = html.unescape(nh3.clean(to_html(text), tags=set()))
    book = " ".join(words_of(block) for block in to_blocks(text))
    assert "".join(book.split()) == "".join(page.split())


def test_blocks_of_html_without_end_tags() -> None:
    assert blocks_of_html("<p>a<ul><li>b<td>c") != ()
