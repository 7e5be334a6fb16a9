"""What holds a Word portfolio or a bundle back in one item: the page on which whoever wrote a text decides about it.

Words are shown to nobody else but administrators, who see all that is on record.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from wtforms import RadioField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired

from portfolio.anonymise.findings import LABEL_WORDS
from portfolio.bundles.kept_models import BundlePart
from portfolio.errors import Conflict, InvalidState, NotFound, Rejected
from portfolio.evidence.models import Evidence
from portfolio.export import holding
from portfolio.export.gate import IN_FILES, Held
from portfolio.export.held_queries import Seen, held_of, to_check
from portfolio.export.holding import HeldBack
from portfolio.export.models import WordBook
from portfolio.policy.checks import can
from portfolio.policy.permissions import Permission
from portfolio.screening.rules import REASON_MOST, REASON_WORDS, Reason
from portfolio.web.access import MISSING, load
from portfolio.web.export.blueprint import blueprint
from portfolio.web.forms import BaseForm, ParagraphsField, refuse, status
from portfolio.web.session import actor, commit, database_session, installation
from portfolio.web.terms import worded

QUOTE = Markup("“{}<mark>{}</mark>{}” {}")


@dataclass(frozen=True, slots=True)
class Place:
    """What holds something back in one item, with the addresses around its page: where one came from, where a decision
    is sent, and where it is said that a file was checked.
    """

    what: HeldBack
    name: str
    subject: str
    back: str
    here: str
    check: str

    @property
    def spots(self) -> list[Held]:
        """The places, of which there is at least one. Raises NotFound."""
        found = [one for one in held_of(self.what.held) if one.subject == self.subject]
        if not found:
            raise NotFound(MISSING)
        return found


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
    return _decide(_in_book(book, subject))


@blueprint.post("/books/<int:word_book_id>/held/<subject>/checked")
@load(WordBook, Permission.BOOK_SEE)
def check_held(book: WordBook, subject: str) -> ResponseReturnValue:
    """An administrator has checked a file that cannot be read here."""
    return _check(_in_book(book, subject))


@blueprint.route("/bundle-parts/<int:bundle_part_id>/held/<subject>", methods=["GET", "POST"])
@load(BundlePart, Permission.BUNDLE_PART_SEE)
def held_part(part: BundlePart, subject: str) -> ResponseReturnValue:
    """The same of a portfolio that is held out of a bundle, which tells more than a book."""
    return _decide(_in_part(part, subject))


@blueprint.post("/bundle-parts/<int:bundle_part_id>/held/<subject>/checked")
@load(BundlePart, Permission.BUNDLE_PART_SEE)
def check_held_part(part: BundlePart, subject: str) -> ResponseReturnValue:
    """Somebody has checked a file that cannot be read here."""
    return _check(_in_part(part, subject))


def _in_book(book: WordBook, subject: str) -> Place:
    named: dict[str, Any] = {"word_book_id": book.id, "subject": subject}
    back = url_for("export.show", enrolment_id=book.enrolment_id)
    here, check = url_for("export.held", **named), url_for("export.check_held", **named)
    return Place(book, "Word {portfolio}", subject, back, here, check)


def _in_part(part: BundlePart, subject: str) -> Place:
    named: dict[str, Any] = {"bundle_part_id": part.id, "subject": subject}
    back = url_for("bundles.show", enrolment_id=part.enrolment_id)
    here, check = url_for("export.held_part", **named), url_for("export.check_held_part", **named)
    return Place(part, "bundle", subject, back, here, check)


def _decide(place: Place) -> ResponseReturnValue:
    spots, what, form = place.spots, place.what, MayStayForm()
    seen = holding.seen_by(database_session(), actor(), what, place.subject, installation().previews)
    choices = _choices(what, seen)
    form.words.choices = list(choices.items())
    if request.method == "POST" and not choices:
        raise InvalidState(holding.NOT_YOURS if seen else "Nothing is left to decide here.")
    if form.validate_on_submit():
        try:
            count = _keep(place, form)
            commit()
            flash(
                f"Kept in {count} {'place' if count == 1 else 'places'}. Once nothing is left, have it made again.",
                "met",
            )
            return redirect(place.back, 303)
        except Rejected as refused:
            database_session().rollback()
            refuse(form, refused)
        except Conflict as refused:
            raise InvalidState(refused.sentence) from refused
    return _page(place, spots, seen, form), status(form)


def _keep(place: Place, form: MayStayForm) -> int:
    return holding.keep(
        database_session(),
        actor(),
        place.what,
        form.words.data or [],
        subject=place.subject,
        reason=Reason(form.reason.data),
        said=form.said.data or "",
        derived=installation().previews,
    )


def _check(place: Place) -> ResponseReturnValue:
    if not place.spots:
        raise NotFound(MISSING)
    holding.check(database_session(), actor(), place.what, place.subject, request.form.get("file", ""))
    commit()
    flash("Noted that you have checked it. Once nothing is left, have it made again.", "met")
    return redirect(place.here, 303)


def _may_decide(what: HeldBack, seen: Seen) -> bool:
    return holding.may_decide(actor(), seen, what.enrolment.learner_id)


def _choices(what: HeldBack, seen: Sequence[Seen]) -> dict[str, Markup]:
    """What this person may decide: by token, the words in their sentence, with where and as what they were found."""
    found: dict[str, Markup] = {}
    for one in seen:
        if not _may_decide(what, one):
            continue
        for hit in one.hits:
            quote = one.quote(hit)
            where = f"{one.held.where}: {LABEL_WORDS[hit.label].lower()}"
            drawn = QUOTE.format(quote.before, quote.words, quote.after, where)
            found[hit.token] = Markup("<br>").join([found[hit.token], drawn]) if hit.token in found else drawn
    return found


def _to_check(what: HeldBack, spots: Sequence[Held], evidence: Evidence | None) -> list[tuple[str, str]]:
    """The files that this person may check here: each with its name."""
    if evidence is None:
        return []
    files = to_check(database_session(), what.enrolment, [one.as_json for one in spots])
    return [(file.uid, file.name) for file in files if holding.may_check(actor(), file, what.enrolment.learner_id)]


def _page(place: Place, spots: Sequence[Held], seen: Sequence[Seen], form: MayStayForm) -> str:
    what, evidence_id = place.what, spots[0].evidence_id
    evidence = database_session().get(Evidence, evidence_id) if evidence_id else None
    others = [one for one in seen if not _may_decide(what, one)]
    return render_template(
        "export/held.html",
        place=place,
        name=worded(place.name),
        enrolment=what.enrolment,
        ref=spots[0].ref,
        form=form,
        evidence=evidence,
        others=[(one.held.where, len(one.hits), one.author) for one in others],
        files=[one for one in spots if one.kind in IN_FILES],
        to_check=_to_check(what, spots, evidence),
        is_left=bool(form.words.choices),
        is_frozen=any(one.kind in {"amendment", "submission"} for one in spots),
        is_maker=evidence is not None and evidence.author_id == actor().person_id,
        may_hide=evidence is not None and can(actor(), Permission.EVIDENCE_HIDE, evidence),
        asks=actor().settings.asks_an_administrator,
    )
