"""A book of less than everything: what was chosen is cut out of what was read, before it is looked through. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TypeVar

from portfolio.errors import Rejected
from portfolio.export.queries import Source, VersionText
from portfolio.export.rules import Choice, Extent

T = TypeVar("T")

NO_UNIT = "Choose one of the {units} of this {portfolio}."
NO_ITEMS = "Choose at least one item that was handed in."


def check(choice: Choice, *, units: Collection[str], refs: Collection[str]) -> None:
    """Raises Rejected, on the field at fault, when the portfolio does not have what was chosen."""
    if choice.extent is Extent.UNIT and choice.unit not in units:
        raise Rejected(NO_UNIT, "unit")
    if choice.extent is Extent.SAMPLE and not (choice.refs and set(choice.refs) <= set(refs)):
        raise Rejected(NO_ITEMS, "refs")


def narrowed(source: Source, choice: Choice) -> Source:
    """What a book of this choice is made of; nothing that it does not show is in it any more. Raises Rejected when the
    portfolio does not have what was chosen (any more).
    """
    check(choice, units=[unit.code for unit in source.units], refs=[item.ref for item in source.items])
    if choice.extent is Extent.UNIT:
        source = _of_unit(source, choice.unit)
    shown = _shown(source, choice)
    told = shown if choice.has_content else frozenset[int]()
    texts = {id_: text if id_ in told else _header(text) for id_, text in source.texts.items()}
    return replace(
        source,
        choice=choice,
        shown=shown,
        texts=texts,
        files={id_: files for id_, files in source.files.items() if id_ in told},
        reviews={} if choice.extent is Extent.MATRIX else source.reviews,
        judgements={} if choice.extent is Extent.MATRIX else source.judgements,
        sightings=_among(source.sightings, {item.evidence_id for item in source.items if item.version_id in shown}),
        amendments=_among(source.amendments, shown),
        sign_offs={} if choice.extent is Extent.MATRIX else source.sign_offs,
    )


def _shown(source: Source, choice: Choice) -> frozenset[int]:
    """The versions whose items have pages of their own."""
    if choice.extent is Extent.MATRIX:
        return frozenset()
    chosen = [item for item in source.items if choice.extent is not Extent.SAMPLE or item.ref in choice.refs]
    return frozenset(item.version_id for item in chosen)


def _of_unit(source: Source, code: str) -> Source:
    """One unit, and what was handed in for it."""
    units = tuple(unit for unit in source.units if unit.code == code)
    set_aside = tuple(one for one in source.set_aside if one.unit_code == code)
    claimed = {claim.evidence_id for unit in units for covered in unit.criteria for claim in covered.claims}
    claimed |= {one.claim.evidence_id for one in set_aside}
    items = tuple(item for item in source.items if item.evidence_id in claimed)
    versions = {item.version_id for item in items}
    return replace(
        source,
        units=units,
        set_aside=set_aside,
        items=items,
        texts=_among(source.texts, versions),
        files=_among(source.files, versions),
        reviews=_among(source.reviews, versions),
    )


def _header(text: VersionText) -> VersionText:
    """What stands of an item beside its content."""
    return replace(text, context="", body="", notes=())


def _among(found: Mapping[int, T], wanted: Collection[int]) -> dict[int, T]:
    return {id_: one for id_, one in found.items() if id_ in wanted}
