"""What the list of evidence can be narrowed to and ordered by. All of it stands in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from flask import request
from wtforms import SelectField

from portfolio.criteria.rules import METHOD_WORDS, Method
from portfolio.evidence.rules import Carrier
from portfolio.mapping.item_queries import Choice, Filters, Order, Standing
from portfolio.mapping.rules import CLAIMS_BELIEVED
from portfolio.web.forms import FilterForm, LineField
from portfolio.web.terms import term

Word = TypeVar("Word", bound=StrEnum)

WORDS_MOST = 100
UNMAPPED, OVER_MAPPED = "none", "many"
OVER_MAPPED_WORDS = f"More than {CLAIMS_BELIEVED} criteria"
CARRIER_WORDS = {
    Carrier.FILES: "Files",
    Carrier.WRITTEN: "Written here",
    Carrier.RECORDING: "Recording",
    Carrier.ELSEWHERE: "Held elsewhere",
}
STANDING_WORDS = {
    Standing.DRAFT: "Draft",
    Standing.SUBMITTED: "Handed in",
    Standing.ON_RECORD: "On record",
    Standing.MARKED: "Marked",
    Standing.HIDDEN: "Hidden",
    Standing.TRASH: "In the trash",
}
ORDER_WORDS = {
    Order.REFERENCE: "Reference",
    Order.TITLE: "Title",
    Order.EVENT: "Happened, newest first",
    Order.CHANGE: "Last change, newest first",
}


def worded(words: Mapping[Word, str]) -> dict[str, str]:
    """The choices of a list."""
    return {word.value: said for word, said in words.items()}


class EvidenceFilter(FilterForm):
    """Words to look for, what an item is and where it stands, and the order."""

    q = LineField("Search", most=WORDS_MOST)
    kind = SelectField("Kind", choices={"": "Every kind"} | worded(METHOD_WORDS), validate_choice=False)
    carrier = SelectField("Carried by", choices={"": "Anything"} | worded(CARRIER_WORDS), validate_choice=False)
    state = SelectField("State", validate_choice=False)
    unit = SelectField("Mapped to", validate_choice=False)
    by = SelectField("Made by", validate_choice=False)
    sort = SelectField("Sort by", choices=worded(ORDER_WORDS), validate_choice=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, and the rows that it can name."""

    filters: Filters
    order: Order
    units: Sequence[Choice]
    authors: Sequence[Choice]

    @property
    def names(self) -> dict[str, str]:
        """Names and values for the address; what is not asked for is left out."""
        filters = self.filters
        mapped = OVER_MAPPED if filters.is_over_mapped else str(filters.enrolment_unit_id or "")
        unit = UNMAPPED if filters.is_unmapped else mapped
        said = {
            "q": filters.words,
            "kind": filters.method or "",
            "carrier": filters.carrier or "",
            "state": filters.standing or "",
            "unit": unit,
            "by": str(filters.author_id or ""),
            "sort": "" if self.order is Order.REFERENCE else self.order,
        }
        return {name: str(value) for name, value in said.items() if value}

    def address(self, filters: Filters) -> str:
        """The first page of the list with other filters."""
        names = replace(self, filters=filters).names
        return f"{request.path}?{urlencode(names)}" if names else request.path

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """Each filter in words, with the address that does without it."""
        filters = self.filters
        found: list[tuple[str, Filters]] = []
        if filters.words:
            found.append((f"Has “{filters.words}”", replace(filters, words="")))
        if filters.method is not None:
            found.append((METHOD_WORDS[filters.method], replace(filters, method=None)))
        if filters.carrier is not None:
            found.append((CARRIER_WORDS[filters.carrier], replace(filters, carrier=None)))
        if filters.standing is not None:
            found.append((STANDING_WORDS[filters.standing], replace(filters, standing=None)))
        if filters.is_unmapped:
            found.append(("Not mapped", replace(filters, is_unmapped=False)))
        if filters.is_over_mapped:
            found.append((OVER_MAPPED_WORDS, replace(filters, is_over_mapped=False)))
        if filters.enrolment_unit_id is not None:
            words = next(unit.words for unit in self.units if unit.id == filters.enrolment_unit_id)
            found.append((words, replace(filters, enrolment_unit_id=None)))
        if filters.author_id is not None:
            words = next(author.words for author in self.authors if author.id == filters.author_id)
            found.append((f"By {words}", replace(filters, author_id=None)))
        return [(words, self.address(without)) for words, without in found]


def standings_for(*, makes_items: bool, has_hidden: bool) -> list[Standing]:
    """Where an item can stand for somebody: only who makes items has drafts and a trash."""
    own = {Standing.DRAFT, Standing.TRASH} if makes_items else set[Standing]()
    hidden = {Standing.HIDDEN} if has_hidden else set[Standing]()
    offered = {Standing.SUBMITTED, Standing.ON_RECORD, Standing.MARKED} | own | hidden
    return [standing for standing in Standing if standing in offered]


def asked_for(
    form: EvidenceFilter, units: Sequence[Choice], authors: Sequence[Choice], standings: Sequence[Standing]
) -> Asked:
    """What the address asks for; whatever it names that is not offered counts as not asked. Also settles the form."""
    form.state.choices = {"": "Every state"} | {one.value: STANDING_WORDS[one] for one in standings}
    ways = {"": f"Any {term('unit')}", UNMAPPED: "Not mapped", OVER_MAPPED: OVER_MAPPED_WORDS}
    form.unit.choices = ways | {str(unit.id): unit.words for unit in units}
    form.by.choices = {"": "Anybody"} | {str(author.id): author.words for author in authors}
    asked = Asked(
        Filters(
            words=(form.q.data or "")[:WORDS_MOST],
            method=_one_of(Method, form.kind.data),
            carrier=_one_of(Carrier, form.carrier.data),
            standing=next((one for one in standings if one.value == form.state.data), None),
            enrolment_unit_id=_id_of(units, form.unit.data),
            is_unmapped=form.unit.data == UNMAPPED,
            is_over_mapped=form.unit.data == OVER_MAPPED,
            author_id=_id_of(authors, form.by.data),
        ),
        _one_of(Order, form.sort.data) or Order.REFERENCE,
        units,
        authors,
    )
    for field in form:
        field.data = asked.names.get(field.name, "")
    return asked


def _one_of(words: type[Word], text: str | None) -> Word | None:
    return next((word for word in words if word.value == text), None)


def _id_of(choices: Sequence[Choice], text: str | None) -> int | None:
    return next((choice.id for choice in choices if str(choice.id) == text), None)
