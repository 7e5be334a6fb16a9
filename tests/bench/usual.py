"""The same pages in the usual way, to measure against: Flask-Login, mapped objects loaded eagerly, Jinja with macros.

Each shows what ours shows, in bare markup: the same rows, cells, links and form fields, so less is drawn, not more.
"""

from collections.abc import Sequence

from flask import Flask, abort, render_template
from flask_login import LoginManager, UserMixin, current_user
from jinja2 import DictLoader
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session, joinedload, selectinload
from wtforms import BooleanField, FieldList, Form, FormField, RadioField, TextAreaField

from portfolio.accounts.models import Person, SignInSession
from portfolio.assessment.models import ItemReview, Judgement, Submission, SubmissionItem
from portfolio.assessment.rules import ItemState
from portfolio.criteria.models import Criterion, UnitVersion
from portfolio.enrolment.models import Allocation, Enrolment, EnrolmentUnit
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.mapping.models import Claim

BASE = """
{% macro link(endpoint, text) %}<a class="link" href="{{ url_for(endpoint, **kwargs) }}">{{ text }}</a>{% endmacro %}
{% macro icon(name) %}<span class="bi bi-{{ name }}" aria-hidden="true"></span>{% endmacro %}
{% macro field(f) %}<div class="field{{ ' bad' if f.errors }}">{{ f.label }}{{ f(class='form-control') }}
{% for error in f.errors %}<p>{{ error }}</p>{% endfor %}</div>{% endmacro %}
{% macro cell(claim, item) %}<td class="x">{% if claim %}<a href="{{ url_for('show', id=item.id) }}">
{{ icon(claim.state) }}{{ item.ref }} {{ claim.place }}</a>{% endif %}</td>{% endmacro %}
"""
PAGE = """<!doctype html><title>{{ title }}</title><nav>{{ current_user.person.name }}
{{ link('home', 'Home') }}{{ link('queue', 'Marking') }}{{ link('audit', 'Coverage') }}</nav><h1>{{ title }}</h1>"""
TOP = "{% from 'macros.html' import link, icon, field, cell with context %}"
TEMPLATES = {
    "macros.html": BASE,
    "matrix.html": TOP + PAGE + """<table>{% for one in criteria %}<tr id="c{{ one.id }}"><th>{{ one.code }}
{{ one.text }}
{{ one.outcome.title }}</th>{% for item in items %}{{ cell(cells.get((one.id, item.id)), item) }}{% endfor %}</tr>
{% endfor %}</table>""",
    "home.html": TOP + PAGE + """{% for unit in units %}<h2>{{ unit.unit.title }}</h2>
{% for one in unit.unit.criteria %}
<i class="{{ states.get(one.id, 'gap') }}"></i>{% endfor %}{% endfor %}<ul>{% for item in items %}<li>
{{ link('show', item.ref, id=item.id) }} {{ icon(item.state) }} {{ item.versions[-1].title }}</li>{% endfor %}</ul>""",
    "queue.html": TOP + PAGE + """<table>{% for item, criteria in items %}<tr>
<td>{{ item.submission.enrolment.learner.name }}</td>
<td>{{ link('mark', item.version.evidence.ref, id=item.id) }} {{ item.version.title }}</td>
<td>{{ icon(item.state) }}</td><td>{{ criteria }}</td>
<td>{{ item.submission.submitted_at }}</td></tr>{% endfor %}</table><p>{{ total }}</p>
<table>{% for review in released %}{% set item = review.item %}<tr>
<td>{{ item.submission.enrolment.learner.name }}</td>
<td>{{ link('mark', item.version.evidence.ref, id=item.id) }} {{ item.version.title }}</td>
<td>{{ review.released_at }}</td>
<td>{% for outcome, marks in review.marks|groupby('outcome') %}{{ icon(outcome) }}{{ marks|length }}{% endfor %}</td>
</tr>{% endfor %}</table>""",
    "mark.html": TOP + PAGE + """<article>{{ item.version.body }}</article><form method="post">
{% for claim in claims %}<h3>{{ claim.criterion.code }} {{ claim.criterion.text }}</h3><p>{{ claim.annotation }}</p>
{% for f in form.rows[loop.index0] %}{{ field(f) }}{% endfor %}{% endfor %}{{ field(form.feedback) }}</form>""",
    "audit.html": TOP + PAGE + """<table>{% for row in rows %}<tr>
<th>{{ link('show', row.learner.name, id=row.id) }}</th>
{% for one in row.units[0].unit.criteria %}<td>{{ link('show', one.code, id=row.id) }}
{{ icon(states.get((row.id, one.id), 'gap')) }}</td>{% endfor %}</tr>{% endfor %}</table>""",
}  # fmt: skip


class User(UserMixin):  # type: ignore[misc]
    """Who is signed in, loaded as a mapped object for each request."""

    def __init__(self, person: Person) -> None:
        self.person = person


class MarkRow(Form):
    """What is decided on one claim."""

    outcome = RadioField(choices=[("met", "Met"), ("not_yet_met", "Not yet met"), ("insufficient", "Insufficient")])
    sufficient = BooleanField("Sufficient")
    feedback = TextAreaField("Feedback")


class MarkForm(Form):
    """What is decided on an item."""

    rows = FieldList(FormField(MarkRow))
    feedback = TextAreaField("Feedback")


def usual(database_url: str, secret: str, *, person_id: int) -> Flask:
    """The application; whoever asks is this person, once their session has been looked up."""
    app = Flask("usual")
    app.config.update(SECRET_KEY=secret)
    app.jinja_env.loader = DictLoader(TEMPLATES)
    engine = create_engine(database_url)
    manager = LoginManager(app)

    def load(_request: object) -> User:
        with Session(engine) as session:
            session.scalars(select(SignInSession).where(SignInSession.person_id == person_id)).first()
            person = session.scalars(
                select(Person).options(selectinload(Person.memberships)).where(Person.id == person_id)
            ).one()
            return User(person)

    manager.request_loader(load)
    _learner_pages(app, engine)
    _staff_pages(app, engine)
    return app


def _must_be_signed_in() -> None:
    if not current_user.is_authenticated:
        abort(401)


def _learner_pages(app: Flask, engine: Engine) -> None:
    @app.get("/show/<int:id>")
    def show(id: int) -> str:  # noqa: A002 - the usual name
        _must_be_signed_in()
        return str(id)

    @app.get("/home/<int:id>")
    @app.get("/home")
    def home(id: int = 0) -> str:  # noqa: A002
        _must_be_signed_in()
        with Session(engine) as session:
            enrolment, items = _portfolio(session, id)
            claims = _claims(session, [id])
            judged = _judged(session, claims)
            states = {claim.criterion_id: judged.get(claim.id, "claimed") for claim in claims}
            return render_template("home.html", title="Home", units=enrolment.units, items=items, states=states)

    @app.get("/matrix/<int:id>")
    def matrix(id: int) -> str:  # noqa: A002
        _must_be_signed_in()
        with Session(engine) as session:
            enrolment, items = _portfolio(session, id)
            claims = _claims(session, [id])
            judged = _judged(session, claims)
            cells = {
                (claim.criterion_id, claim.version.evidence_id): {
                    "state": judged.get(claim.id, "claimed"),
                    "place": claim.place,
                }
                for claim in claims
            }
            criteria = enrolment.units[0].unit.criteria
            return render_template("matrix.html", title="Unit", criteria=criteria, items=items, cells=cells)


def _staff_pages(app: Flask, engine: Engine) -> None:
    @app.get("/queue")
    def queue() -> str:
        _must_be_signed_in()
        with Session(engine) as session:
            shown = (
                joinedload(SubmissionItem.submission).joinedload(Submission.enrolment).joinedload(Enrolment.learner),
                joinedload(SubmissionItem.version).joinedload(EvidenceVersion.evidence),
            )
            waiting = select(SubmissionItem).where(SubmissionItem.state == ItemState.WAITING)
            criteria = select(func.count()).where(
                Claim.evidence_version_id == SubmissionItem.evidence_version_id,
                Claim.submission_id == SubmissionItem.submission_id,
            )
            items = session.execute(
                waiting.add_columns(criteria.correlate(SubmissionItem).scalar_subquery())
                .options(*shown, selectinload(SubmissionItem.reviews).selectinload(ItemReview.marks))
                .limit(30)
            ).all()
            released = session.scalars(
                select(ItemReview)
                .where(ItemReview.assessor_id == current_user.person.id, ItemReview.released_at.is_not(None))
                .options(*[joinedload(ItemReview.item).options(one) for one in shown], selectinload(ItemReview.marks))
                .order_by(ItemReview.released_at.desc())
                .limit(10)
            ).all()
            total = session.scalar(select(func.count()).select_from(waiting.subquery()))
            return render_template("queue.html", title="Marking", items=items, released=released, total=total)

    @app.get("/mark/<int:id>")
    def mark(id: int) -> str:  # noqa: A002
        _must_be_signed_in()
        with Session(engine) as session:
            item = session.get_one(SubmissionItem, id, options=[joinedload(SubmissionItem.version)])
            claims = session.scalars(
                select(Claim)
                .where(Claim.evidence_version_id == item.evidence_version_id)
                .options(joinedload(Claim.criterion))
            ).all()
            form = MarkForm(data={"rows": [{"outcome": "met"} for _ in claims]})
            return render_template("mark.html", title="Mark", item=item, claims=claims, form=form)

    @app.get("/audit")
    def audit() -> str:
        _must_be_signed_in()
        with Session(engine) as session:
            rows = session.scalars(
                select(Enrolment)
                .join(Enrolment.allocations)
                .where(Allocation.person_id == current_user.person.id)
                .options(
                    joinedload(Enrolment.learner),
                    selectinload(Enrolment.units).joinedload(EnrolmentUnit.unit).selectinload(UnitVersion.criteria),
                )
                .limit(50)
            ).all()
            claims = _claims(session, [row.id for row in rows])
            judged = _judged(session, claims)
            states = {(c.version.evidence.enrolment_id, c.criterion_id): judged.get(c.id, "claimed") for c in claims}
            return render_template("audit.html", title="Coverage", rows=rows, states=states)


def _portfolio(session: Session, enrolment_id: int) -> tuple[Enrolment, Sequence[Evidence]]:
    criteria = selectinload(Enrolment.units).joinedload(EnrolmentUnit.unit).selectinload(UnitVersion.criteria)
    enrolment = session.get_one(Enrolment, enrolment_id, options=[criteria.joinedload(Criterion.outcome)])
    items = session.scalars(
        select(Evidence).where(Evidence.enrolment_id == enrolment_id).options(selectinload(Evidence.versions))
    ).all()
    return enrolment, items


def _claims(session: Session, enrolment_ids: Sequence[int]) -> Sequence[Claim]:
    return session.scalars(
        select(Claim)
        .join(Claim.version)
        .join(EvidenceVersion.evidence)
        .where(Evidence.enrolment_id.in_(enrolment_ids))
        .options(joinedload(Claim.criterion), joinedload(Claim.version).joinedload(EvidenceVersion.evidence))
    ).all()


def _judged(session: Session, claims: Sequence[Claim]) -> dict[int, str]:
    ids = [claim.id for claim in claims]
    rows = session.scalars(
        select(Judgement)
        .where(Judgement.claim_id.in_(ids))
        .options(joinedload(Judgement.assessor))
        .order_by(Judgement.no)
    )
    return {row.claim_id: row.outcome.value for row in rows}
