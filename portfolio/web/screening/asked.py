"""What makers of items ask to let stay, for administrators: each opening of the words is in the access log."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.validators import InputRequired

from portfolio.anonymise.findings import LABEL_WORDS
from portfolio.errors import Rejected
from portfolio.policy.checks import visible
from portfolio.policy.permissions import Permission
from portfolio.screening import answering
from portfolio.screening.asked_queries import asked_of, asked_within
from portfolio.screening.models import FindingDecision
from portfolio.screening.rules import REASON_MOST, REASON_WORDS
from portfolio.web.access import load, log_opening, requires
from portfolio.web.forms import BaseForm, ParagraphsField, refuse, status
from portfolio.web.screening.blueprint import blueprint
from portfolio.web.session import SAFE, actor, commit, database_session, installation

ALLOW, REFUSE = "allow", "refuse"


class AnswerForm(BaseForm):
    """May it stay, and why."""

    answer = RadioField(
        "May it stay?",
        [InputRequired("Choose whether it may stay.")],
        choices={ALLOW: "Yes, it may stay", REFUSE: "No, it has to be taken out or replaced"},
    )
    said = ParagraphsField(
        "What you want to say about it",
        most=REASON_MOST,
        description="For whoever asked. Needed for a no. Do not repeat the words that were found.",
    )


@blueprint.get("/centre/personal-data/asked")
@requires(Permission.CENTRE_ANSWER_OVERRIDES)
def asked() -> str:
    """What is asked, without the words: these stand on the page of each."""
    rows = asked_within(database_session(), visible(actor(), Permission.FINDING_DECISION_ANSWER))
    return render_template(
        "screening/asked.html",
        rows=rows,
        labels=LABEL_WORDS,
        reasons=REASON_WORDS,
        asks=actor().settings.asks_an_administrator,
    )


@blueprint.route("/centre/personal-data/asked/<int:finding_decision_id>", methods=["GET", "POST"])
@load(FindingDecision, Permission.FINDING_DECISION_ANSWER)
def answer(finding_decision: FindingDecision) -> ResponseReturnValue:
    """What was found in its sentence, why it should stay, and the answer."""
    session, form = database_session(), AnswerForm()
    found = asked_of(session, finding_decision, installation().previews)
    if form.validate_on_submit():
        try:
            is_allowed, said = form.answer.data == ALLOW, form.said.data or ""
            words = [quote.words for quote in found.quotes]
            answering.answer(session, actor(), finding_decision, allow=is_allowed, said=said, words=words)
            commit()
            flash("It may stay." if is_allowed else "It may not stay. Whoever asked is told.", "met")
            return redirect(url_for("screening.asked"), 303)
        except Rejected as refused:
            refuse(form, refused)
    if request.method in SAFE:
        log_opening(actor(), found.evidence)
    page = render_template(
        "screening/answer.html",
        form=form,
        asked=found,
        sorts=", ".join(LABEL_WORDS[label] for label in found.labels),
        reason=REASON_WORDS[found.reason] if found.reason else "",
    )
    return page, status(form)
