"""Looking through what is typed for personal data before it is saved.

Nothing of what is looked at is kept, and nothing waits for it: every form works without.
"""

from collections.abc import Mapping
from typing import Any

from flask import jsonify, request, url_for
from flask.typing import ResponseReturnValue

from portfolio.enrolment.models import Enrolment
from portfolio.errors import TooLarge
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import BODY_MOST
from portfolio.policy.permissions import Permission
from portfolio.screening.scanning import pointing_at
from portfolio.web.access import load
from portfolio.web.evidence.blueprint import blueprint
from portfolio.web.pointing import Points, notes_in
from portfolio.web.session import commit, installation

TEXTS_MOST, LENGTH_MOST = 1_000, 3 * BODY_MOST
"""How many texts are looked at together, and how many characters they may have."""
ITEMS_OWN = ("title", "context", "role", "body")
BESIDE = "\x00"
"""Before the names of texts that are looked at for who is named in them, and not asked about."""


@blueprint.post("/enrolments/<int:enrolment_id>/look-through")
@load(Enrolment, Permission.ENROLMENT_SEND_FILES)
def look_through(enrolment: Enrolment) -> ResponseReturnValue:
    """What may point to somebody in the fields of an item that is not saved yet."""
    return _looked(enrolment.id, None)


@blueprint.post("/evidence/<int:evidence_id>/look-through")
@load(Evidence, Permission.EVIDENCE_CHANGE)
def look_through_item(evidence: Evidence) -> ResponseReturnValue:
    """The same in what is changed of an item; not what was decided of it already."""
    return _looked(evidence.enrolment_id, evidence.id)


def _looked(enrolment_id: int, evidence_id: int | None) -> ResponseReturnValue:
    """Nothing is written, so the database is let go of first and only read after that."""
    commit()
    texts = texts_in(request.get_json(silent=True))
    with installation().database.reading() as database:
        enrolment = database.get_one(Enrolment, enrolment_id)
        evidence = database.get_one(Evidence, evidence_id) if evidence_id is not None else None
        beside = _said_besides(evidence, texts) if evidence is not None else {}
        placed = pointing_at(database, enrolment, texts | beside, evidence=evidence)
    return jsonify(notes=notes_in((one.place, one.words) for one in placed if one.place in texts))


def texts_in(sent: Any) -> dict[str, str]:
    """The texts of a request by the names of their fields. Raises TooLarge for more than a form has."""
    said = sent.get("texts") if isinstance(sent, dict) else None
    pairs = said.items() if isinstance(said, dict) else ()
    texts = {name: text for name, text in pairs if isinstance(text, str) and not name.startswith(BESIDE)}
    if len(texts) > TEXTS_MOST or sum(map(len, texts.values())) > LENGTH_MOST:
        raise TooLarge("This is too much to look through while it is typed. It is looked through once it is saved.")
    return texts


def _said_besides(evidence: Evidence, texts: Mapping[str, str]) -> dict[str, str]:
    """What the item says where it is not changed: who is named there is found here by a first name alone."""
    return {f"{BESIDE}{name}": getattr(evidence.latest, name) for name in ITEMS_OWN if name not in texts}


def points_for_new(enrolment: Enrolment) -> Points:
    """For a form that makes an item."""
    return Points(url_for("evidence.look_through", enrolment_id=enrolment.id), is_typed=True)
