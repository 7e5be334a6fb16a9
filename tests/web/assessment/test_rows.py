"""The rows that are put together by hand: whatever a text holds, it stays text, as a template would leave it."""

from dataclasses import replace

import pytest
from jinja2 import Environment
from markupsafe import escape

from portfolio.assessment.item_view import ClaimView, EarlierDecision
from portfolio.assessment.rules import Mark
from portfolio.mapping.rules import Outcome
from portfolio.web.assessment import rows
from tests.client import parse

HOSTILE = (
    "</textarea><script>go()</script>",
    '" onfocus="go()',
    "&lt;b&gt; & <i>",
    "'--><!--",
    "}}{{ 7 * 7 }}",
    "é “”",
)
PLAIN = ClaimView(
    claim_id=7,
    enrolment_unit_id=1,
    criterion_id=1,
    code="2.1",
    text="Choose among the options",
    unit_title="A unit",
    annotation="I chose.",
    place="page 2",
    marking_points=(),
    mistakes=(),
    earlier=None,
    earlier_no=0,
    news="",
    is_reworded=False,
    stands=True,
)


def drawn(claim: ClaimView, mark: Mark, **about: object) -> str:
    """A row as it is sent."""
    given: dict[str, object] = {"says": escape("The learner"), "messages": {}, "asks": {}, **about}
    return str(rows.rows([claim], {7: mark}, rows.Round(**given)))  # type: ignore[arg-type]


@pytest.mark.parametrize("text", HOSTILE)
def test_every_text_stays_text(text: str) -> None:
    before = EarlierDecision(1, "2.1", text, Outcome.INSUFFICIENT, text, is_reworded=True)
    claim = replace(
        PLAIN,
        code=text,
        text=text,
        annotation=text,
        place=text,
        marking_points=(text,),
        mistakes=(text,),
        earlier=before,
    )
    other = Mark(7, Outcome.NOT_YET_MET, is_sufficient=False, feedback=text)
    faults = {"outcome-7": text, "feedback-7": text}
    sent = drawn(
        claim,
        Mark(7, Outcome.MET, is_sufficient=True, feedback=text),
        says=escape(text),
        messages=faults,
        asks=faults,
        kept={7: other},
        theirs={7: other},
        who=text,
    )
    escaped = Environment(autoescape=True).from_string("{{ text }}").render(text=text)
    assert sent.count(escaped) == 22, "each as a template writes it"
    root = parse(f"<!doctype html><html><head><title>x</title></head><body><ul>{sent}</ul></body></html>")
    assert {element.tag for element in root.iter()}.isdisjoint({"script", "i", "b"})
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
    (field,) = list(root.iter("textarea"))
    assert "".join(field.itertext()).removeprefix("\n") == text


def test_what_is_kept_of_the_framework_is_used_for_each_claim() -> None:
    one = drawn(PLAIN, rows.NOTHING)
    both = rows.rows(
        [PLAIN, replace(PLAIN, claim_id=8, annotation="I chose again.")], {}, rows.Round(escape("Amina"), {}, {})
    )
    assert 'id="c7"' in one
    assert 'id="c8"' in both
    assert "I chose again." in both
    assert rows.ID not in both
    assert rows.GAP not in both


def test_hints_are_folded_where_it_was_decided_before() -> None:
    claim = replace(PLAIN, marking_points=("Names the limit",))
    before = EarlierDecision(1, "2.1", "Choose", Outcome.MET, "", is_reworded=False)
    assert "<details" not in drawn(claim, rows.NOTHING)
    again = drawn(replace(claim, earlier=before, earlier_no=1), rows.NOTHING)
    assert again.index("<details") < again.index("Names the limit") < again.index("</details>")
    assert "<details" not in drawn(replace(PLAIN, earlier=before, earlier_no=1), rows.NOTHING), "nothing to fold"


def test_the_strip_says_how_each_stands() -> None:
    marks = {7: Mark(7, Outcome.NOT_YET_MET, is_sufficient=False, feedback="")}
    strip = rows.strip([PLAIN, replace(PLAIN, claim_id=8, code="2.2")], marks)
    assert '2.1<span class="visually-hidden">, not yet met</span>' in strip
    assert '2.2<span class="visually-hidden">, not decided</span>' in strip


OTHER = replace(PLAIN, claim_id=8, enrolment_unit_id=2, unit_title="Another <unit>")


def test_criteria_of_several_units_stand_under_their_unit_and_are_heard_with_it() -> None:
    tabs = rows.unit_tabs([PLAIN, OTHER], {})
    assert [(one.unit_id, one.title) for one in tabs] == [(1, "A unit"), (2, "Another <unit>")]
    assert 'not decided</span><span class="visually-hidden">, A unit</span>' in tabs[0].tabs
    page = str(rows.rows([PLAIN, OTHER], {}, rows.Round(says=escape("The learner"), messages={}, asks={})))
    first, second = page.split('<li class="judged-unit"><h3 class="serif">')[1:]
    assert first.startswith("A unit</h3>")
    assert second.startswith("Another &lt;unit&gt;</h3>")
    for words in ("Decision on 2.1", "Feedback on 2.1"):
        assert f'{words}<span class="visually-hidden">, Another &lt;unit&gt;</span>' in second
    assert 'data-place-name="Another &lt;unit&gt; 2.1"' in second
    assert 'data-claim="8" data-name="Another &lt;unit&gt; 2.1"' in page


def test_criteria_of_one_unit_stand_without_it() -> None:
    (tabs,) = rows.unit_tabs([PLAIN, replace(PLAIN, claim_id=8, code="2.2")], {})
    assert "A unit" not in tabs.tabs
    assert "A unit" not in drawn(PLAIN, rows.NOTHING)
    assert "data-name" not in drawn(PLAIN, rows.NOTHING)
