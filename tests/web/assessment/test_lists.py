"""The rows that are joined from text are those that Jinja would draw, whatever people and items are called."""

from datetime import UTC, datetime, timedelta

from markupsafe import Markup, escape

from portfolio.assessment.presence_queries import Here
from portfolio.assessment.queue_queries import QueueRow, QueueState
from portfolio.assessment.released_queries import ReleasedRow
from portfolio.mapping.rules import Outcome
from portfolio.web.assessment.lists import NOBODY, countersigning_rows, released_rows, waiting_rows
from portfolio.web.looks import OUTCOMES, QUEUE
from tests.web.by_jinja import Words, drawn, told

HEAD = """<tr><th scope="row"><a href="/marking/{{ row.item_id }}"><span class="ref">{{ row.ref }}</span>
{{ row.title }}</a>
{% if row.version_no > 1 %}<span class="small muted">version {{ row.version_no }}</span>{% endif %}
"""
WAITING = (
    """{% for row in rows %}{% set look = looks[row.state] %}"""
    + HEAD
    + """
{% if row.recorded_by %}<span class="small muted d-block">recorded by {{ row.recorded_by }}</span>{% endif %}</th>
<td>{{ row.learner }}</td>
<td data-l="Since" class="nowrap">{{ row.handed_in_at|day }}
{%- if row.recorded_by %}<span class="small muted d-block">put on record</span>{% endif %}</td>
<td data-l="Criteria" class="r nowrap">{% if row.state == 'saved' %}{{ row.decided }} of {% endif %}{{ row.criteria }}
{#- -#}</td>
<td><span class="state {{ look[0] }}"><span class="bi bi-{{ look[1] }}" aria-hidden="true"></span>{{ look[2] }}</span>
{% for name in row.others %}<span class="small muted d-block">{{ name }} has saved a review</span>{% endfor %}
{% for one in row.here %}<span class="small muted d-block">{{ one.words }}</span>{% endfor %}
{{ ends[row.item_id] }}</td></tr>{% endfor %}"""
)
COUNTERSIGNING = """{% for row in rows %}<tr><th scope="row"><a href="/marking/{{ row.item_id }}">
<span class="ref">{{ row.ref }}</span> {{ row.title }}</a></th>
<td>{{ row.learner }}</td>
<td data-l="Since" class="nowrap">{{ row.handed_in_at|day }}
{%- if row.recorded_by %}<span class="small muted d-block">put on record</span>{% endif %}</td>
<td data-l="Criteria" class="r">{{ row.criteria }}</td>
<td data-l="Decided by">{{ row.trainee }}
{% if row.decided %} <span class="small muted">your own review is saved</span>{% endif %}</td></tr>{% endfor %}"""
RELEASED = (
    """{% for row in rows %}"""
    + HEAD
    + """</th>
<td>{{ row.learner }}</td>
<td data-l="Released" class="nowrap">{{ row.released_at|day }}</td>
<td><span class="counts">{% for outcome in looks if row.outcomes[outcome] %}{% set look = looks[outcome] %}
<span class="state {{ look[0] }}"><span class="bi bi-{{ look[1] }}" aria-hidden="true"></span>
{{ row.outcomes[outcome] }} {{ look[2]|lower }}</span>{% endfor %}</span></td>
{% if awaits %}<td data-l="Countersigns">{{ row.countersigners|join(' or ') or nobody }}</td>{% endif %}
</tr>{% endfor %}"""
)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Made(Words):
    """Rows with anything in them."""

    def texts(self) -> tuple[str, ...]:
        """Up to two of them."""
        return tuple(self.text() for _ in range(self.random.randint(0, 2)))

    def waiting(self) -> QueueRow:
        """A row of the queue."""
        pick = self.random
        return QueueRow(
            item_id=pick.randint(1, 10**6),
            learner=self.text(),
            ref=self.text(),
            title=self.text(),
            version_no=pick.randint(1, 3),
            handed_in_at=NOON - timedelta(days=pick.randint(0, 400)),
            criteria=pick.randint(1, 9),
            decided=pick.randint(0, 9),
            sound=0,
            state=pick.choice(list(QUEUE)),
            trainee=self.text(),
            others=self.texts(),
            here=tuple(Here(name, NOON) for name in self.texts()),
            recorded_by=self.text() if pick.random() < 0.3 else "",
        )

    def released(self) -> ReleasedRow:
        """A row of what was released."""
        pick = self.random
        return ReleasedRow(
            item_id=pick.randint(1, 10**6),
            learner=self.text(),
            ref=self.text(),
            title=self.text(),
            version_no=pick.randint(1, 3),
            released_at=NOON - timedelta(days=pick.randint(0, 400)),
            outcomes={outcome: pick.randint(0, 3) for outcome in Outcome},
            countersigners=self.texts(),
        )


def test_rows_that_wait_are_what_jinja_would_draw() -> None:
    for seed in range(60):
        made = Made(seed)
        rows = [made.waiting() for _ in range(4)]
        ends = {row.item_id: Markup("<i>{}</i>").format(escape(row.title)) for row in rows[:2]}
        assert told(waiting_rows(rows, ends)) == drawn(WAITING, rows=rows, looks=QUEUE, ends=ends)
        assert {row.state for row in rows} <= set(QueueState)


def test_rows_to_countersign_are_what_jinja_would_draw() -> None:
    for seed in range(60):
        made = Made(seed)
        rows = [made.waiting() for _ in range(4)]
        assert told(countersigning_rows(rows)) == drawn(COUNTERSIGNING, rows=rows)


def test_rows_that_were_released_are_what_jinja_would_draw() -> None:
    for seed in range(60):
        made, awaits = Made(seed), bool(seed % 2)
        rows = [made.released() for _ in range(4)]
        expected = drawn(RELEASED, rows=rows, looks=OUTCOMES, awaits=awaits, nobody=NOBODY)
        assert told(released_rows(rows, "Released", awaits=awaits)) == expected
