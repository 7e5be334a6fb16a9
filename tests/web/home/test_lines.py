"""The lists of a learner's first page, joined from text, are those that Jinja would draw, whatever is in them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import g
from markupsafe import Markup

from portfolio.assessment.learner_queries import FeedbackRow
from portfolio.assessment.queries import OutcomeCoverage, UnitCoverage
from portfolio.assessment.replacing import Replaced
from portfolio.assessment.sign_off_queries import SignedUnit
from portfolio.assessment.worklist import Gap, ItemTask, Said, TaskKind
from portfolio.criteria.rules import Method, OutcomeKind, Status
from portfolio.drafts.queries import Begun
from portfolio.evidence.queries import ItemRow
from portfolio.evidence.rules import Carrier, EvidenceState
from portfolio.installation import Installation
from portfolio.mapping.coverage import Tally
from portfolio.mapping.rules import Outcome
from portfolio.web.app import create_app
from portfolio.web.home import lines
from portfolio.web.home.page import Feedback, Next, Task, UnitGaps, UnitLine, WaitingItem
from tests.web.by_jinja import Words, drawn, told

BEGUN = """<li><span>{{ state('draft', 'Begun') }}</span><div class="what"><a href="/w">Go on with the account you
began</a><p class="why">{% if begun.content.title %}“{{ begun.content.title }}”. {% endif %}It is kept as you typed it,
and not saved as an item yet.</p></div><span class="when">{{ begun.saved_at|day }}</span></li>"""
TASKS = """{% for line in rows %}{% set task = line.what %}<li>
{%- if task.kind == 'mend' %}<span>{{ state('held', 'Hidden') }}</span><div class="what"><a href="{{ line.url }}">Take
personal data out of {{ task.ref }}</a><p class="why">Nobody else sees the item until that is done.</p></div>
<span class="when"></span>
{%- elif task.kind == 'answer' %}<span>{{ state('needs_more') }}</span><div class="what"><a href="{{ line.url }}">Answer
the feedback on {{ line.name }}</a><p class="why">{{ line.codes }}{% if task.said and task.said.feedback %}: {{
task.said.feedback|truncate(160) }}{% endif %}</p></div><span class="when">{{ task.said.at|day if task.said }}</span>
{%- elif task.kind == 'decide' %}<span>{{ state('found') }}</span><div class="what"><a href="{{ line.url }}">Decide what
was found in {{ line.name }}</a><p class="why">{{ line.found[0]|upper }}{{ line.found[1:] }}. It can go in after
that.</p></div><span class="when"></span>
{%- elif task.kind == 'wait' %}<span>{{ state('running', 'Looked through') }}</span><div class="what">
<a href="{{ line.url }}">See how far {{ line.name }} is</a><p class="why">Its files are still being looked through for
personal data. It can go in after that.</p></div><span class="when"></span>
{%- else %}<span>{{ state('draft', 'Ready' if task.kind == 'hand_in' else none) }}</span><div class="what">
<a href="{{ line.url }}">
{%- if task.kind == 'map' %}Map {{ line.name }}</a><p class="why">Not mapped to any criterion yet.
{%- elif task.kind == 'explain' %}Say how {{ line.name }}, meets {{ line.codes }}</a><p class="why">It can go in once
each criterion has a sentence.
{%- elif task.is_further %}Hand in further criteria of {{ line.name }}</a><p class="why">It was handed in before. It is
claimed for {{ line.codes }} as well.
{%- else %}Hand in {{ line.name }}</a><p class="why">Mapped to {{ line.codes }}.{% if task.is_revision %} This is a new
version.{% endif %}{% if task.replaces %} {{ task.replaces.again|join }} was met by the version before; it counts as
claimed until this version is marked.{% endif %}{% endif %}</p></div><span class="when"></span>{% endif -%}
</li>{% endfor %}"""
WAITING = """{% for line in rows %}{% set item, awaits = line.item, line.awaits_countersignature %}
<li><span>{{ state('awaiting' if awaits else 'submitted', 'On record' if is_record and not awaits else none) }}</span>
<div class="what"><a href="/evidence/{{ item.evidence_id }}">{{ item.ref }}, {{ item.title }}</a><p class="why">
{% if is_record %}{{ item.recorded_by }} recorded this. It shows {{ line.codes }}.{% else %}Shows {{ line.codes }}
{% endif %}</p></div><span class="when">{{ item.changed_at|day }}</span></li>{% endfor %}"""
GAPS = """{% for group in rows %}
{% if named %}<h3 class="gaps-unit"><a href="{{ group.url }}">{{ group.title }}</a></h3>{% endif %}
{% if group.gaps %}<ul class="gaps">
{% for gap in group.gaps %}<li><span class="code">{{ gap.code }}</span><span>{{ gap.text }}</span>
<a class="btn btn-line btn-s" href="/a?criterion={{ gap.criterion_id }}">Add evidence for {{ gap.code }}</a></li>
{% endfor %}</ul>{% endif %}
{% if group.gaps|length > 5 %}<details class="gaps-all"><summary><span>Show {{ group.gaps|length - 5 }} more</span>
<span>Show only five</span>{% if named %}<span class="visually-hidden"> in {{ group.title }}</span>{% endif %}</summary>
</details>{% endif %}
{% if group.more %}<p class="small"><a href="{{ group.url }}?show=gaps">{{ group.more }}{{ ' more' if group.gaps }}
{{ 'gap' if group.more == 1 else 'gaps' }}{% if named %} in {{ group.title }}{% endif %}</a></p>
{% endif %}{% endfor %}"""
UNITS = """{% for line in rows %}{% set unit = line.unit %}{% set counts = unit.tally %}<li>
<div><h3><a href="{{ line.url }}">{{ unit.title }}</a></h3><p class="meta">{{ unit.code }}
{%- if unit.level %}, level {{ unit.level }}{% endif %}
{%- if unit.credit %}, {{ unit.credit }} {{ 'credit' if unit.credit == 1 else 'credits' }}{% endif %}
{%- if unit.status == 'draft' and not unit.is_outline %}. Draft criteria{% endif %}
{%- if unit.enrolment_unit_id in signed %}. <strong>Signed off</strong> on {{ signed[unit.enrolment_unit_id].at|day }}
{% endif %}</p></div>
{% if unit.is_outline %}<p class="small muted mb-0">Known in outline only; your centre loads its criteria.</p>
{% else %}<div>{{ line.ruler }}<ul class="tally">
{%- if counts.met %}<li>{{ state('met', counts.met ~ ' met') }}</li>{% endif %}
{%- if counts.claimed %}<li>{{ state('claimed', counts.claimed ~ ' claimed') }}</li>{% endif %}
{%- if counts.needs_more %}<li>
{{ state('needs_more', counts.needs_more ~ (' needs more' if counts.needs_more == 1 else ' need more')) }}</li>
{% endif %}
{%- if counts.gap %}<li>{{ state('gap', counts.gap ~ (' gap' if counts.gap == 1 else ' gaps')) }}</li>{% endif %}</ul>
</div>
{% endif %}</li>{% endfor %}"""
FEEDBACK = """{% for line in rows %}{% set said = line.said %}<li>
<div class="actions"><a class="ref" href="/evidence/{{ said.evidence_id }}">{{ said.ref }}</a>
{{ state('met' if said.met == said.decided else 'needs_more') }}{% if 0 < said.met < said.decided %}
<span class="small muted">{{ said.met }} of {{ said.decided }} met</span>{% endif %}</div>
<p class="small muted">{{ said.title }}</p>
{% if line.text %}<blockquote class="verbatim">{{ line.text|truncate(420) }}</blockquote>{% endif %}
<p class="by">{{ said.by }}, {{ said.at|day }}</p></li>{% endfor %}"""
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
OUTCOME = OutcomeCoverage("1", "", OutcomeKind.PERFORMANCE, ())
SEEDS = range(60)


@pytest.fixture(autouse=True)
def _in_a_request(installation: Installation) -> Iterator[None]:
    with create_app(installation.settings).test_request_context("/"):
        g.actor = None
        yield


class Made(Words):
    """Lines with anything in them."""

    def number(self, most: int = 3) -> int:
        """From nothing to a few."""
        return self.random.randint(0, most)

    def task(self) -> Task:
        """Something to do."""
        pick = self.random
        said = Said(Outcome.INSUFFICIENT, pick.choice(["", self.text()]), self.text(), NOON)
        what = ItemTask(
            pick.choice(list(TaskKind)),
            self.number(),
            self.text(),
            self.text(),
            (),
            is_revision=pick.random() < 0.5,
            is_further=pick.random() < 0.3,
            said=pick.choice([None, said]),
            replaces=pick.choice([None, Replaced((self.text().strip(),), ())]),
        )
        return Task(what, self.text(), self.text(), f"/evidence/{self.number()}", self.text())

    def waiting(self) -> WaitingItem:
        """Something that was handed in."""
        item = ItemRow(
            self.number(), self.text(), Method.OBSERVATION, Carrier.WRITTEN, EvidenceState.SUBMITTED, 1, 1, self.text(),
            None, False, 0, NOON, 1, self.text(), None, None,
        )  # fmt: skip
        return WaitingItem(item, self.text(), awaits_countersignature=self.random.random() < 0.5)

    def gaps(self) -> UnitGaps:
        """The gaps of a unit."""
        found = [Gap(1, "", number, self.text(), self.text()) for number in range(self.number(7))]
        return UnitGaps(self.text(), "/units/1", found, self.number())

    def unit(self) -> UnitLine:
        """A unit, perhaps in outline."""
        pick = self.random
        tally = Tally(self.number(), self.number(), self.number(), self.number())
        unit = UnitCoverage(
            self.number(), 1, "", self.text(), "", self.text(), pick.choice([None, 3]), pick.choice([None, 1, 7]),
            pick.choice(list(Status)), pick.choice([(), (OUTCOME,)]), (), tally,
        )  # fmt: skip
        return UnitLine(unit, Markup("<i></i>"), "/units/1")

    def feedback(self) -> Feedback:
        """What somebody said."""
        said = FeedbackRow(1, self.text(), self.text(), "", None, self.number(), 3, self.text(), NOON)
        return Feedback(said, self.random.choice(["", self.text()]))


def test_tasks_are_what_jinja_would_draw() -> None:
    for seed in SEEDS:
        made = Made(seed)
        rows = [made.task() for _ in range(5)]
        assert told(lines.task_lines(rows)) == drawn(TASKS, rows=rows)


def test_what_was_begun_is_what_jinja_would_draw() -> None:
    for seed in SEEDS:
        begun = Begun({"title": Made(seed).text()} if seed % 2 else {}, NOON)
        assert told(lines.begun_line(begun, "/w")) == drawn(BEGUN, begun=begun)


def test_items_that_wait_are_what_jinja_would_draw() -> None:
    for seed in SEEDS:
        made, is_record = Made(seed), bool(seed % 2)
        rows = [made.waiting() for _ in range(3)]
        assert told(lines.waiting_lines(rows, is_record=is_record)) == drawn(WAITING, rows=rows, is_record=is_record)


def test_gaps_are_what_jinja_would_draw() -> None:
    for seed in SEEDS:
        made, is_named = Made(seed), bool(seed % 2)
        rows = [made.gaps() for _ in range(3)]
        assert told(lines.gap_lists(rows, "/a", is_named=is_named)) == drawn(GAPS, rows=rows, named=is_named)


def test_units_are_what_jinja_would_draw() -> None:
    for seed in SEEDS:
        made = Made(seed)
        rows, signed = [made.unit() for _ in range(4)], {1: SignedUnit("", NOON)}
        assert told(lines.unit_items(rows, signed)) == drawn(UNITS, rows=rows, signed=signed)


def test_feedback_is_what_jinja_would_draw() -> None:
    for seed in SEEDS:
        made = Made(seed)
        rows = [made.feedback() for _ in range(3)]
        assert told(lines.feedback_notes(rows)) == drawn(FEEDBACK, rows=rows)


def test_the_first_step_says_what_was_said_or_else_what_is_at_stake() -> None:
    step = Next("A <b>", "/x?item=1", "Go & look")
    assert lines.first_step(step) == {"why": "A &lt;b&gt;", "first_url": "/x?item=1", "first_label": "Go &amp; look"}
    replaced = Replaced(("1.1", "<2>"), ())
    assert "“so &lt;i&gt;”" in lines.first_step(replace(step, said="so <i>", replaces=replaced))["why"]
    assert "1.1 and &lt;2&gt; were met" in lines.first_step(replace(step, replaces=replaced))["why"]
