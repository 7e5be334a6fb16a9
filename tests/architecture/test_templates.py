"""Templates as text: each can be read by Jinja, none holds inline style or script, POST forms sit in their components.

The content security policy would refuse the inline parts in a browser; here they are refused before a page is opened.
"""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, TemplateError

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
POST_FORMS = {"components/form.html", "components/button_form.html"}
"""The only places where a POST form begins, so that its token and its error summary cannot be forgotten."""

JINJA = Environment(autoescape=True)
EXPRESSION = "x"
"""Stands for the value of a Jinja expression while the markup round it is read."""


def markup(source: str) -> str:
    """The HTML of a template without its statements and comments."""
    parts = []
    for _, kind, text in JINJA.lex(source):
        if kind == "data":
            parts.append(text)
        elif kind == "variable_begin":
            parts.append(EXPRESSION)
    return "".join(parts)


class Tags(HTMLParser):
    """Gathers what start tags hold against the rules."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.has_post_form = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the faults of one start tag."""
        names = {name: value or "" for name, value in attrs}
        if tag == "style" or "style" in names:
            self.fault("inline style", tag)
        if tag == "script" and "src" not in names:
            self.fault("inline script", tag)
        for name, value in names.items():
            if name.startswith("on"):
                self.fault(f"inline handler {name}", tag)
            if value.lower().lstrip().startswith("javascript:"):
                self.fault(f"script in {name}", tag)
        if tag == "form" and names.get("method", "get").lower() != "get":
            self.has_post_form = True

    def fault(self, what: str, tag: str) -> None:
        """Keep a fault with its line."""
        self.faults.append(f"{what} in <{tag}>, line {self.getpos()[0]}")


def faults_in(name: str, source: str) -> Iterator[str]:
    """What one template does against the rules, as sentences."""
    try:
        JINJA.parse(source, name)
    except TemplateError as why:
        yield f"{name}: {why}"
        return
    tags = Tags()
    tags.feed(markup(source))
    tags.close()
    yield from (f"{name}: {fault}" for fault in tags.faults)
    if tags.has_post_form and name not in POST_FORMS:
        yield f"{name}: a POST form outside {' and '.join(sorted(POST_FORMS))}"
    if tags.has_post_form and "csrf_token" not in source:
        yield f"{name}: a POST form without a CSRF token"


def test_every_template_keeps_the_rules() -> None:
    """All faults at once, each with its file."""
    found = [
        fault
        for path in sorted(TEMPLATES.rglob("*.html"))
        for fault in faults_in(path.relative_to(TEMPLATES).as_posix(), path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("{% if x %}", "Unexpected end of template"),
        ('<p style="color: red">', "inline style in <p>"),
        ('<p {% if x %}style="{{ x }}"{% endif %}>', "inline style in <p>"),
        ("<style>p { color: red }</style>", "inline style in <style>"),
        ("\n<script>go()</script>", "inline script in <script>, line 2"),
        ('<a href="{{ url }}" onclick="go()">', "inline handler onclick in <a>"),
        ('<a href="javascript:go()">', "script in href"),
        ('<form method="post">{{ csrf_token() }}</form>', "a POST form outside"),
        ('<form method="{{ method }}">{{ csrf_token() }}</form>', "a POST form outside"),
    ],
)
def test_a_planted_fault_is_found(source: str, fault: str) -> None:
    """The checks see what they are there for."""
    assert any(fault in found for found in faults_in("evidence/show.html", source))


def test_a_post_form_without_a_token_is_found_in_its_own_component() -> None:
    """Being in the right file is not enough."""
    assert list(faults_in("components/form.html", "<form method='post'></form>")) == [
        "components/form.html: a POST form without a CSRF token"
    ]


@pytest.mark.parametrize(
    "source",
    [
        '<form method="get"><input {% if x %}checked{% endif %}></form>',
        '{{ button("Go", style="quiet", onclick=1) }}{# <p style=""> #}',
        '<script src="{{ asset("js/guard.js") }}" defer></script>',
    ],
)
def test_what_is_allowed_is_let_through(source: str) -> None:
    """Arguments of macros and comments are not markup."""
    assert list(faults_in("evidence/show.html", source)) == []
