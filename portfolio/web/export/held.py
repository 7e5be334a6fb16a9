"""What holds a Word portfolio back: the places by item, and the page on which whoever wrote a text decides about it.

Words are shown to nobody else but administrators, who see all that is on record.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from wtforms import RadioField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired

from portfolio.anonymise.findings import LABEL_WORDS
from portfolio.errors import Conflict, InvalidState, NotFound, Rejected
from portfolio.evidence.models import Evidence
from portfolio.export import holding
from portfolio.export.gate import IN_FILES, OF_ITEM, Held
from portfolio.export.held_queries import Seen, held_of, to_check
from portfolio.export.models import WordBook
from portfolio.policy.checks import can
from portfolio.policy.permissions import Permission
from portfolio.screening.rules import REASON_MOST, REASON_WORDS, Reason
from portfolio.web.access import MISSING, load
from portfolio.web.export.blueprint import blueprint
from portfolio.web.forms import BaseForm, ParagraphsField, refuse, status
from portfolio.web.session import actor, commit, database_session, installation

QUOTE = Markup("“{}<mark>{}</mark>{}” {}")


@dataclass(frozen=True, slots=True)
class Group:
    """The places of one item, or of the decisions on a unit, that hold a book back."""

    subject: str
    ref: str
    places: tuple[tuple[str, int], ...]


def groups_of(book: WordBook) -> list[Group]:
    """The places that hold a book back, by item, each with how often something was found there; without any words."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for one in held_of(book.held):
        counts = found.setdefault((one.subject, one.ref), {})
        counts[one.where] = counts.get(one.where, 0) + one.count
    return [Group(subject, ref, tuple(counts.items())) for (subject, ref), counts in found.items()]


class MayStayForm(BaseForm):
    """What of it may stay, and why."""

    words = SelectMultipleField(
        "What may stay?",
        [DataRequired("Choose what may stay.")],
        description="Each wherever it stands in this item. What is a real person’s has to be taken out instead.",
    )
    reason = RadioField(
        "Why may it stay?",
        [InputRequired("Choose why it may stay.")],
        choices={r.value: REASON_WORDS[r] for r in Reason},
    )
    said = ParagraphsField(
        "In your own words",
        most=REASON_MOST,
        description="Needed for another reason. Do not repeat the words that were found.",
    )


@blueprint.route("/books/<int:word_book_id>/held/<subject>", methods=["GET", "POST"])
@load(WordBook, Permission.BOOK_SEE)
def held(book: WordBook, subject: str) -> ResponseReturnValue:
    """What was found in the texts of one item, for whoever decides about it; for others where, and who does."""
    places = [one for one in held_of(book.held) if one.subject == subject]
    if not places:
        raise NotFound(MISSING)
    form = MayStayForm()
    seen = holding.seen_by(database_session(), actor(), book, subject, installation().previews)
    choices = _choices(book, seen)
    form.words.choices = list(choices.items())
    if request.method == "POST" and not choices:
        raise InvalidState(holding.NOT_YOURS if seen else "Nothing is left to decide here.")
    if form.validate_on_submit():
        try:
            tokens = form.words.data or []
            reason, said = Reason(form.reason.data), form.said.data or ""
            derived, enrolment_id = installation().previews, book.enrolment_id
            count = holding.keep(
                database_session(), actor(), book, tokens, subject=subject, reason=reason, said=said, derived=derived
            )
            commit()
            flash(
                f"Kept in {count} {'place' if count == 1 else 'places'}. Once nothing is left, have it made again.",
                "met",
            )
            return redirect(url_for("export.show", enrolment_id=enrolment_id), 303)
        except Rejected as refused:
            database_session().rollback()
            refuse(form, refused)
        except Conflict as refused:
            raise InvalidState(refused.sentence) from refused
    return _page(book, places, seen, form), status(form)


@blueprint.post("/books/<int:word_book_id>/held/<subject>/checked")
@load(WordBook, Permission.BOOK_SEE)
def check_held(book: WordBook, subject: str) -> ResponseReturnValue:
    """An administrator has checked a file that cannot be read here."""
    if not any(one.subject == subject for one in held_of(book.held)):
        raise NotFound(MISSING)
    word_book_id = book.id
    holding.check(database_session(), actor(), book, subject, request.form.get("file", ""))
    commit()
    flash("Noted that you have checked it. Once nothing is left, have it made again.", "met")
    return redirect(url_for("export.held", word_book_id=word_book_id, subject=subject), 303)


def _may_decide(book: WordBook, seen: Seen) -> bool:
    return holding.may_decide(actor(), seen, book.enrolment.learner_id)


def _choices(book: WordBook, seen: Sequence[Seen]) -> dict[str, Markup]:
    """What this person may decide: by token, the words in their sentence, with where and as what they were found."""
    found: dict[str, Markup] = {}
    for one in seen:
        if not _may_decide(book, one):
            continue
        for hit in one.hits:
            quote = one.quote(hit)
            where = f"{one.held.where}: {LABEL_WORDS[hit.label].lower()}"
            drawn = QUOTE.format(quote.before, quote.words, quote.after, where)
            found[hit.token] = Markup("<br>").join([found[hit.token], drawn]) if hit.token in found else drawn
    return found


def _to_check(book: WordBook, places: Sequence[Held], evidence: Evidence | None) -> list[tuple[str, str]]:
    """The files that this person may check, as an administrator: each with its name."""
    if evidence is None or not holding.is_for_administrators(actor(), evidence.author_id, book.enrolment.learner_id):
        return []
    files = to_check(database_session(), book.enrolment, [one.as_json for one in places])
    return [(file.uid, file.name) for file in files]


def _page(book: WordBook, places: Sequence[Held], seen: Sequence[Seen], form: MayStayForm) -> str:
    evidence_id = places[0].evidence_id
    evidence = database_session().get(Evidence, evidence_id) if evidence_id else None
    others = [one for one in seen if not _may_decide(book, one)]
    return render_template(
        "export/held.html",
        book=book,
        ref=places[0].ref,
        form=form,
        evidence=evidence,
        others=[(one.held.where, len(one.hits), one.author) for one in others],
        files=[one for one in places if one.kind in IN_FILES],
        to_check=_to_check(book, places, evidence),
        is_left=bool(form.words.choices),
        is_own_text=any(one.held.kind in OF_ITEM for one in seen),
        is_maker=evidence is not None and evidence.author_id == actor().person_id,
        may_hide=evidence is not None and can(actor(), Permission.EVIDENCE_HIDE, evidence),
        asks=actor().settings.asks_an_administrator,
    )
