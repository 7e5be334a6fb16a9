"""The table that is joined from text is the one that Jinja would draw, whatever people are called."""

from random import Random

from jinja2 import Environment

from portfolio.assessment.coverage_queries import Column, LearnerRow
from portfolio.mapping.coverage import STATE_WORDS, State
from portfolio.web.coverage.heat import LOOKS, MISSING, heat

AS_TEMPLATE = """
<thead><tr><th scope="col">Learner</th><th scope="col">Met</th>
{%- for column in columns %}<th scope="col" class="c{{ ' lo-start' if column.opens_outcome }}">{{ column.code }}</th>
{%- endfor %}</tr></thead>
<tbody>
{% for row in rows %}{% set url = '/enrolments/' ~ row.enrolment_id ~ '/units/' ~ row.enrolment_unit_id -%}
<tr><th scope="row"><a class="fw-semibold" href="{{ url }}">{{ row.learner }}</a>
{#- -#}<span class="d-block small muted">{{ row.assessors|join(', ') or 'Nobody assesses yet' }}</span></th>
<td class="num nowrap"><b>{{ row.cells|select('equalto', 'met')|list|length }}</b> of {{ row.cells|select|list|length }}
{#- -#}</td>
{% for cell in row.cells %}{% set column = columns[loop.index0] -%}
{% if cell %}<td class="c {{ looks[cell][0] }}{{ ' lo-start' if column.opens_outcome }}">
{#- -#}<a href="{{ url }}#k{{ column.code }}">
{#- -#}<span class="bi bi-{{ looks[cell][1] }}" aria-hidden="true"></span>
{#- -#}<span class="visually-hidden">{{ column.code }} {{ words[cell] }}</span></a></td>
{% else %}<td class="c{{ ' lo-start' if column.opens_outcome }}"><span>
{#- -#}<span class="visually-hidden">{{ missing }}</span></span></td>
{% endif %}{% endfor -%}
</tr>
{% endfor -%}
</tbody>"""
PIECES = [
    "<b>",
    "</td>",
    "&amp;",
    "&",
    '"',
    "'",
    "{{ 7 }}",
    "{% x %}",
    "Zoë",
    "李",
    " ",
    "javascript:",
    "\\",
    "%s",
    "é",
]


def test_the_table_is_what_jinja_would_draw() -> None:
    random, template = Random(7), Environment(autoescape=True).from_string(AS_TEMPLATE)

    def text() -> str:
        return "".join(random.choices(PIECES, k=random.randint(1, 6)))

    for _ in range(60):
        columns = [Column(text(), text(), text(), text(), random.random() < 0.3) for _ in range(random.randint(1, 6))]
        rows = [
            LearnerRow(
                enrolment_id=random.randint(1, 10**6),
                enrolment_unit_id=random.randint(1, 10**6),
                learner=text(),
                assessors=[text() for _ in range(random.randint(0, 2))],
                cells=[random.choice([*State, None]) for _ in columns],
            )
            for _ in range(random.randint(0, 5))
        ]
        drawn = template.render(columns=columns, rows=rows, looks=LOOKS, words=STATE_WORDS, missing=MISSING)
        assert str(heat(columns, rows)) == drawn.lstrip("\n")
