"""What templates call is called as Jinja's own context would call it."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, UndefinedError, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from portfolio.mapping.coverage import State
from portfolio.web.jinja import Calling, Templates, written

GIVEN = {
    "plain": lambda *given, **named: f"{given}{named}",
    "told": pass_context(lambda context, word: f"{word} {context['name']} {context.get('one', '')}"),
    "name": "<Amina>",
    "words": {"a": "&"},
}


SAID = "{% macro said(word, loud=false) %}{{ word }}{{ '.' if loud }}{{ caller() if caller }}{% endmacro %}"


def drawn(kind: type[Context], source: str) -> str:
    environment = Templates(Flask("calling"), autoescape=True)
    environment.context_class = kind
    return environment.from_string(source).render(GIVEN)


@pytest.mark.parametrize(
    "source",
    [
        "{{ plain(name, 1, called=2, self=3) }}",
        "{{ told('of') }}{% for one in [1, 2] %}{{ told('of') }}{{ plain(one) }}{% endfor %}",
        "{{ words.get('a') }}{{ name.lower() }}{{ range(3)|join(',') }}{{ cycler('x', 'y').next() }}{{ dict(a=1) }}",
        SAID + "{{ said(name) }}{{ said('b', loud=true) }}{% call said('c') %}{{ name }}{% endcall %}",
        "{% autoescape false %}{% macro said(word) %}{{ word }}{% endmacro %}{{ said(name) }}{% endautoescape %}",
        "{% block title %}{{ plain(name) }}{% endblock %}{{ self.title() }}",
    ],
)
def test_a_call_comes_to_the_same(source: str) -> None:
    assert drawn(Calling, source) == drawn(Context, source)


def test_functions_macros_and_others_are_called() -> None:
    assert drawn(Calling, "{{ plain(name, called=2) }}") == "(&#39;&lt;Amina&gt;&#39;,){&#39;called&#39;: 2}"
    assert drawn(Calling, "{{ told('of') }} {{ words.get('a') }}") == "of &lt;Amina&gt;  &amp;"
    assert drawn(Calling, "{% macro said(word) %}{{ word }}!{% endmacro %}{{ said(name) }}") == "&lt;Amina&gt;!"


def test_what_is_not_there_cannot_be_called() -> None:
    with pytest.raises(UndefinedError, match="missing"):
        drawn(Calling, "{{ missing(1) }}")


class Drawn:
    """Knows itself how it is written."""

    def __html__(self) -> str:
        """As markup."""
        return "<hr>"


@given(st.text() | st.text().map(Markup) | st.integers() | st.floats() | st.booleans() | st.lists(st.text()))
def test_what_is_written_is_what_the_library_escapes(value: Any) -> None:
    assert str(written(value)) == str(escape(value))


def test_what_knows_how_it_is_written_is_asked() -> None:
    assert written(Drawn()) == "<hr>"
    assert written(State.MET) == "met"
    assert written(type("Hostile", (str,), {})("<b>")) == "&lt;b&gt;"
    assert written(type("Hostile", (int,), {"__str__": lambda _self: "<b>"})(1)) == "&lt;b&gt;"


def test_templates_write_with_it_and_escape_all_the_same() -> None:
    environment = Templates(Flask("written"), autoescape=True, auto_reload=False)
    environment.loader = DictLoader(
        {
            "base": "{% block title %}{% endblock %}|{{ name }}",
            "page": "{% extends 'base' %}{% block title %}{% set said %}{{ name }}{% endset %}{{ said }}"
            "{{ mark }}{{ 1 }}{{ none }}{{ ['<', mark]|join }}{{ name ~ mark }}{% endblock %}",
        }
    )
    template = environment.get_template("page")
    assert template.root_render_func.__globals__["escape"] is written
    said = template.render(name="<b>", mark=Markup("<i>"))
    assert said == "&lt;b&gt;<i>1None&lt;<i>&lt;b&gt;<i>|&lt;b&gt;"
