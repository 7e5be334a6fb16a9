"""Saving the draft of an item, whichever page shows it: its words, and the files that came with them or before them."""

from collections.abc import Callable, Collection

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portfolio.errors import Conflict, Rejected
from portfolio.evidence import actions
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.web.evidence.forms import AboutFiles, ItemForm, give_rev
from portfolio.web.evidence.sending import take_in
from portfolio.web.forms import refuse
from portfolio.web.session import actor, attempt, commit, database_session, installation


def change(form: ItemForm, evidence: Evidence, draft: EvidenceVersion, *, waiting: Collection[str] = ()) -> None:
    """Have the draft say what the form says; what the form has no field for stays. The caller commits."""
    actions.change(
        database_session(),
        actor(),
        evidence,
        installation().store,
        details=form.details_beside(draft),
        rev=form["rev"].data or 0,
        waiting=waiting,
    )


def saved(evidence: Evidence) -> ResponseReturnValue:
    """Keep what was changed, say so, and go back to the item."""
    commit()
    flash(f"{evidence.ref} is saved.", "met")
    return redirect(url_for("evidence.show", evidence_id=evidence.id), 303)


def nothing() -> None:
    """What most pages do besides."""


def save_with_files(
    form: AboutFiles, evidence: Evidence, draft: EvidenceVersion, *, then: Callable[[], None] = nothing
) -> ResponseReturnValue | Conflict | None:
    """Where to go once the draft is saved; a conflict, or None, when the form is to be shown again.

    The files that came wait in any case, whatever else is wrong. `then` is done together with the change, or not at
    all.
    """
    form.validate()
    has_taken, conflict = take_in(form, evidence.enrolment), None
    if not form.errors:
        try:
            with attempt():
                change(form, evidence, draft, waiting=form.waiting.data or ())
                then()
            return saved(evidence)
        except Rejected as refused:
            refuse(form, refused)
        except Conflict as found:
            conflict = found
            give_rev(form, draft)
    if has_taken:
        commit()
    return conflict
