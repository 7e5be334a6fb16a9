"""What every form shares: tidy text, days, ids, our words, and refusals beside their fields."""

from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms.validators import DataRequired, Email, Length

from portfolio.errors import Rejected
from portfolio.web.forms import (
    WORDS,
    DayField,
    FilterForm,
    LineField,
    ParagraphsField,
    PickField,
    one_line,
    paragraphs,
    refuse,
    status,
)


class Sample(FilterForm):
    """One of each."""

    line = LineField("Line", [DataRequired("Give a line.")], most=10)
    text = ParagraphsField("Text", [Length(min=2)], most=20)
    day = DayField("Day")
    pick = PickField("Pick")
    email = LineField("Address", [Email()])


@pytest.fixture(autouse=True)
def request_context() -> Iterator[None]:
    """Forms are made within a request."""
    app = Flask("sample")
    app.secret_key = "sample"
    with app.test_request_context("/"):
        yield


def sent(**values: str) -> Sample:
    """The form as somebody sent it."""
    form = Sample(MultiDict({"line": "x", "text": "xx", "email": "a@b.example", "pick": "", **values}))
    form.pick.choices = {"": "None", "7": "Seven"}
    return form


@given(st.text())
def test_a_line_never_breaks(text: str) -> None:
    """Nothing that a log, a header or a database stumbles over is left."""
    kept = one_line(text) or ""
    assert len(kept.splitlines()) <= 1
    assert "\x00" not in kept
    assert kept == kept.strip()


@given(st.text())
def test_paragraphs_have_one_kind_of_break(text: str) -> None:
    """And lose nothing that can be seen."""
    kept = paragraphs(text) or ""
    assert not {"\r", "\x00", "\x0b", "\x1b"} & set(kept)
    assert [c for c in text if c.isprintable()] == [c for c in kept if c.isprintable()]


@pytest.mark.parametrize(
    ("typed", "day"), [("2026-03-05", "2026-03-05"), ("5/3/2026", "2026-03-05"), ("5.3.2026", "2026-03-05")]
)
def test_a_day_is_understood_as_it_is_written_here(typed: str, day: str) -> None:
    """Day before month."""
    form = sent(day=typed)
    form.validate()
    assert not form.day.errors
    assert str(form.day.data) == day


@pytest.mark.parametrize("typed", ["2026-13-01", "31/02/2026", "tomorrow", "05-03-26", "0000-00-00"])
def test_no_day_is_told_in_our_words(typed: str) -> None:
    """And the field shows what was typed."""
    form = sent(day=typed)
    assert not form.validate()
    assert list(form.day.errors) == ["Give a whole date: day, month and year."]
    assert typed in str(form.day())


@pytest.mark.parametrize(("typed", "chosen"), [("7", 7), ("", None)])
def test_a_choice_is_an_id_or_none(typed: str, chosen: int | None) -> None:
    """Nothing else."""
    form = sent(pick=typed)
    form.validate()
    assert not form.pick.errors
    assert form.pick.data == chosen


@pytest.mark.parametrize("typed", ["8", "seven", "7 OR 1=1", "9" * 40])
def test_what_no_list_offers_is_refused(typed: str) -> None:
    """Not stored, not an error page."""
    form = sent(pick=typed)
    assert not form.validate()
    assert set(form.pick.errors) == {"Choose one of the answers listed."}


def test_messages_are_ours() -> None:
    """WTForms' own words never show."""
    form = sent(line="x" * 11, text="x", email="nobody")
    assert not form.validate()
    assert form.errors == {
        "line": ["Keep this to 10 characters."],
        "text": ["Use at least 2 characters."],
        "email": ["Give a whole e-mail address, such as name@example.org."],
    }
    assert not [words for words in WORDS.values() if "!" in words]


def test_a_refusal_stands_on_its_field_or_on_the_form() -> None:
    """And makes the page a 422."""
    form = sent()
    assert form.validate()
    assert status(form) == 200
    refuse(form, Rejected("Not that line.", "line"))
    refuse(form, Rejected("Not this either.", "elsewhere"))
    refuse(form, Rejected("Not now."))
    assert list(form.line.errors) == ["Not that line."]
    assert form.form_errors == ["Not this either.", "Not now."]
    assert status(form) == 422
