"""The tables that are joined from text are those that Jinja would draw, whatever people and units are called."""

from datetime import timedelta

from jinja2 import Environment

from portfolio import clock
from portfolio.assessment.coverage_filters import Figures
from portfolio.assessment.coverage_queries import Column, Grid, LearnerRow, LetterRow
from portfolio.assessment.coverage_sums import UnitOf
from portfolio.criteria.rules import Status
from portfolio.mapping.coverage import STANDINGS, STATE_WORDS
from portfolio.web.coverage.heat import criteria_heat, heat_of, units_heat
from portfolio.web.coverage.words import MISSING, NOBODY, NOT_CHOSEN, sum_words
from portfolio.web.looks import STATES
from tests.web.by_jinja import Words

BY_CRITERIA = """
<thead><tr><th scope="col">{{ learner }}</th><th scope="col">Met</th>
{%- for column in columns %}<th scope="col" class="c{{ ' lo-start' if column.opens_outcome }}">{{ column.code }}</th>
{%- endfor %}</tr></thead>
<tbody>
{% for row, cells in rows %}{% set url = '/enrolments/' ~ row.enrolment_id ~ '/units/' ~ row.unit_id -%}
<tr><th scope="row"><a class="fw-semibold" href="{{ url }}">{{ row.learner }}</a>
{#- -#}<span class="d-block small muted">{{ row.assessors|join(', ') or nobody }}</span></th>
<td class="num nowrap"><b>{{ cells|select|selectattr('state', 'equalto', 'met')|list|length }}</b>
{#- #} of {{ cells|select|list|length }}</td>
{% for cell in cells %}{% set column = columns[loop.index0] -%}
{% if cell %}<td class="c {{ looks[cell.state][0] }}{{ ' is-one' if cell.is_single_source -}}
{{ ' lo-start' if column.opens_outcome }}"><a href="{{ url }}#k{{ column.code }}">
{#- -#}<i>{{ column.code }} {{ words[cell.state] }}{% if cell.is_single_source %}, single source{% endif -%}
</i></a></td>
{% else %}<td class="c{{ ' lo-start' if column.opens_outcome }}"><i>{{ missing }}</i></td>
{% endif %}{% endfor -%}
</tr>
{% endfor -%}
</tbody>"""
BY_UNITS = """
{%- for row in rows %}{% for code, title in units.items() %}{% set unit = of[row.enrolment_id][code] %}
{%- if unit %}<td class="h"><a class="{{ heat(unit.figures) }}" href="/enrolments/{{ row.enrolment_id }}/units/
{#- -#}{{ unit.unit_id }}{{ '?show=gaps' if 'G' in unit.letters }}"><span><b>
{#- -#}{{ said(unit.figures)[0] }}</b>, {{ said(unit.figures)[1][0] }}</span>
{%- for words in said(unit.figures)[1][1:] %}<small>{{ words }}</small>{% endfor -%}
<span class="visually-hidden">, {{ title }}</span></a></td>
{% else %}<td class="h q0"><span class="cell small">{{ not_chosen }}</span></td>
{% endif %}{% endfor %}{% endfor %}"""
ENVIRONMENT = Environment(autoescape=True)


class Unlike(Words):
    """Words of which no two are alike where they must not be."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.number = 0

    def once(self) -> str:
        """Words that were never said."""
        self.number += 1
        return f"{self.text()}{self.number}"


def test_learners_by_criteria_are_what_jinja_would_draw() -> None:
    say, template = Unlike(7), ENVIRONMENT.from_string(BY_CRITERIA)
    random, letters = say.random, "".join(STANDINGS)
    for _ in range(60):
        columns = [
            Column(say.text(), say.text(), say.text(), say.text(), random.random() < 0.3)
            for _ in range(random.randint(2, 6))
        ]
        versions = {say.once(): tuple(sorted(random.sample(range(len(columns)), random.randint(1, len(columns)))))
                    for _ in range(2)}  # fmt: skip
        grid = Grid("", Status.DRAFT, tuple(columns), versions)
        rows = []
        for number in range(random.randint(0, 5)):
            uid, places = random.choice(list(versions.items()))
            stands = "".join(random.choices(letters, k=len(places)))
            names = tuple(say.text() for _ in range(random.randint(0, 2)))
            row = LetterRow(number, say.text(), random.randint(1, 10**6), uid, stands, names)
            by_place = dict(zip(places, stands, strict=True))
            cells = [STANDINGS[by_place[n]] if n in by_place else None for n in range(len(columns))]
            rows.append((row, cells))
        drawn = template.render(
            columns=columns, rows=rows, looks=STATES, words=STATE_WORDS, missing=MISSING, nobody=NOBODY, learner="<i>"
        )
        assert b"".join(criteria_heat(grid, [row for row, _ in rows], learner="<i>")).decode() == drawn.lstrip("\n")


def test_cells_of_learners_by_units_are_what_jinja_would_draw() -> None:
    say, template = Unlike(8), ENVIRONMENT.from_string(BY_UNITS)
    random = say.random
    for _ in range(40):
        units = {say.once(): say.text() for _ in range(random.randint(1, 4))}
        rows, of = [], {}
        for id_ in range(random.randint(0, 4)):
            figures = Figures(9, 3, 2, 1, 1)
            rows.append(LearnerRow(id_, say.text(), None, 1, None, clock.today(), figures, ()))
            of[id_] = {code: UnitOf(id_, random.randint(1, 10**6), code, "".join(random.choices("MmNCcG", k=9)))
                       for code in units if random.random() < 0.7}  # fmt: skip
        drawn = template.render(units=units, rows=rows, of=of, heat=heat_of, said=sum_words, not_chosen=NOT_CHOSEN)
        table = b"".join(units_heat(units, rows, of, {})).decode()
        body = table.partition("<tbody>\n")[2].partition("</tbody>")[0]
        cells = [line for line in body.splitlines() if line.startswith('<td class="h')]
        assert cells == drawn.splitlines()


def test_a_row_says_how_far_behind_and_how_long_without_progress() -> None:
    today, figures = clock.today(), Figures(9, 3, 2, 1, 1)
    rows = [
        LearnerRow(1, "A", None, 1, today, today - timedelta(days=1), figures, ()),
        LearnerRow(2, "B", None, 1, today - timedelta(days=12), today, figures, ()),
        LearnerRow(3, "C", None, 1, None, today - timedelta(days=30), figures, ()),
    ]
    drawn = b"".join(units_heat({}, rows, {}, {})).decode()
    for behind, last in (("1 day", "Today"), ("On plan", "12 days ago"), ("30 days", "None yet")):
        assert f'<td class="small nowrap">{behind}</td><td class="small nowrap">{last}</td>' in drawn


def test_heat_goes_in_five_steps() -> None:
    met = {0: "q0", 1: "q1", 39: "q1", 40: "q2", 74: "q2", 75: "q3", 99: "q3", 100: "q4"}
    assert {number: heat_of(Figures(100, number, 0, 0, 0)) for number in met} == met
