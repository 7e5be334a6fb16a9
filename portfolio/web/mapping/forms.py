"""What the mapping page sends: one tick, annotation and place for each criterion, and one note to share.

The rows are plain fields named by criterion id, so that a long list stays quick to draw and to read back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from portfolio.errors import Rejected
from portfolio.mapping.actions import Wanted
from portfolio.mapping.queries import ClaimText, FormerCriterion
from portfolio.mapping.rules import ANNOTATION_MOST
from portfolio.web.forms import BaseForm, ParagraphsField, one_line, paragraphs
from portfolio.web.terms import told

SAY_HOW = "Say in a sentence or two how it shows this."
Units = Mapping[int, int]
"""The enrolment unit of each criterion, by criterion id."""


class MapForm(BaseForm):
    """The token and the shared note; the rows are read by `wanted_from`."""

    shared = ParagraphsField("Use this for every ticked criterion that has none", most=ANNOTATION_MOST)


def ticked(sent: MultiDict[str, str]) -> list[int]:
    """The criteria that were ticked, each once."""
    return list(dict.fromkeys(sent.getlist("criterion", type=int)))


def annotation_for(sent: MultiDict[str, str], criterion_id: int) -> str:
    """What was written for one criterion."""
    return paragraphs(sent.get(f"annotation-{criterion_id}")) or ""


def place_for(sent: MultiDict[str, str], criterion_id: int) -> str:
    """The place that was given for one criterion."""
    return one_line(sent.get(f"place-{criterion_id}")) or ""


def said_in(sent: MultiDict[str, str]) -> dict[int, ClaimText]:
    """What was sent for each ticked criterion, by its id."""
    return {id_: ClaimText(annotation_for(sent, id_), place_for(sent, id_)) for id_ in ticked(sent)}


@dataclass(frozen=True, slots=True)
class LeftOver:
    """What was written for a criterion that is gone."""

    code: str
    criterion: str
    annotation: str
    place: str


def carried(sent: MultiDict[str, str], former: Mapping[int, FormerCriterion]) -> MultiDict[str, str]:
    """What was sent for former criteria, as if it had been sent for the present ones of the same codes."""
    now = {id_: one.present_id for id_, one in former.items() if one.present_id is not None}
    found = MultiDict(sent)
    found.setlist("criterion", [str(now.get(id_, id_)) for id_ in ticked(sent) if id_ in now or id_ not in former])
    for old, new in now.items():
        for name in ("annotation", "place"):
            if text := sent.get(f"{name}-{old}"):
                found[f"{name}-{new}"] = text
    return found


def left_over(sent: MultiDict[str, str], former: Mapping[int, FormerCriterion]) -> list[LeftOver]:
    """What was written for ticked criteria that are gone."""
    return [
        LeftOver(one.code, one.text, annotation_for(sent, id_), place_for(sent, id_))
        for id_, one in former.items()
        if one.present_id is None and (annotation_for(sent, id_) or place_for(sent, id_))
    ]


def wanted_from(sent: MultiDict[str, str], units: Units, shared: str) -> list[Wanted]:
    """The claims that were asked for; an empty annotation takes the shared note. Raises Rejected for a criterion
    that is not the learner's.
    """
    chosen = ticked(sent)
    if any(criterion_id not in units for criterion_id in chosen):
        raise Rejected("One of the criteria does not belong to your {units}. Load the page again.")
    return [
        Wanted(
            units[criterion_id],
            criterion_id,
            annotation_for(sent, criterion_id).strip() or shared.strip(),
            place_for(sent, criterion_id),
        )
        for criterion_id in chosen
    ]


def refuse_unfinished(form: MapForm, wanted: Sequence[Wanted], names: Mapping[int, str]) -> frozenset[int]:
    """Say of what was saved what it lacks before it can go in, with a link to each row; answers those criteria."""
    if not wanted:
        form.form_errors.append("Tick at least one criterion that it shows.")
    lacking = frozenset(one.criterion_id for one in wanted if not one.annotation)
    for id_, name in names.items():
        if id_ in lacking:
            form.form_errors.append(Markup('<a href="#annotation-{}">{}: {}</a>').format(id_, name, SAY_HOW))
    return lacking


def refuse_row(form: MapForm, refused: Rejected, names: Mapping[int, str]) -> str:
    """Put a refusal into the summary, with a link to the row that it names; answers the id of that row's field."""
    kind, _, number = (refused.field or "").partition("-")
    if kind not in {"annotation", "place"} or not number.isdigit():
        form.form_errors.append(told(refused))
        return ""
    name = names.get(int(number), "")
    form.form_errors.append(Markup('<a href="#{}">{}: {}</a>').format(refused.field, name, told(refused)))
    return refused.field or ""
