"""What templates call is called as Jinja's own context would call it."""

import pytest
from flask import Flask
from jinja2 import UndefinedError, pass_context
from jinja2.runtime import Context

from portfolio.web.jinja import Calling, Templates


class Person:
    """Somebody with methods."""

    def said(self, *given: object, **named: object) -> str:
        """What it was given."""
        return f"{given}{named}"

    @pass_context
    def told(self, context: Context, word: str) -> str:
        """What it knows of the context."""
        return f"{word} {context['name']} {context.get('one', '')}"


GIVEN = {
    "person": Person(),
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
        "{{ person.said(name, 1, called=2) }}",
        "{% for one in [1] %}{{ person.told('of') }}{{ person.said(one) }}{% endfor %}",
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
