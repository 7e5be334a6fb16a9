"""Tab stops: those of styles, with what they stand on, and where they are on a page of another width."""

import re
from collections.abc import Mapping

from lxml import etree

from portfolio.documents.wordbook.styles import Page
from portfolio.documents.wordtemplate.allowed import ORDERED
from portfolio.documents.wordtemplate.looks import value
from portfolio.documents.wordtemplate.opening import W

_MOVED = frozenset(("center", "right", "end"))

Stops = Mapping[int, tuple[str, str]]
"""Kind and leader of each stop, by its place."""


def _w(name: str) -> str:
    return f"{{{W}}}{name}"


def stops_by_style(styles: Mapping[str, etree._Element]) -> dict[str, Stops]:
    """The tab stops of each style with those that it takes over, worked out once, from the lowest style upwards."""
    found: dict[str, Stops] = {}
    for key in styles:
        chain, at = dict[str, None](), key
        while at in styles and at not in found and at not in chain:
            chain[at] = None
            at = value(styles[at], "basedOn")
        for one in reversed(chain):
            found[one] = {**found.get(value(styles[one], "basedOn"), {}), **_stops_in(styles[one])}
    return found


def stretched(story: etree._Element, by_style: Mapping[str, Stops], text_width: int, page: Page) -> etree._Element:
    """A story with its centred and right tab stops where they are on a page of another width."""
    copy = etree.fromstring(etree.tostring(story))
    for one in copy.iter(_w("p")):
        inherited = by_style.get(value(one.find(_w("pPr")), "pStyle"), {})
        stops = {at: stop for at, stop in {**inherited, **_stops_in(one)}.items() if stop[0] != "clear"}
        moved = {at for at, stop in stops.items() if stop[0] in _MOVED}
        if moved:
            factor = page.text_width / _edge(moved, text_width)
            fresh = {round(at * factor) if at in moved else at: stop for at, stop in stops.items()}
            cleared = {at: ("clear", "") for at in inherited if at not in fresh}
            _set_stops(one, {**cleared, **fresh})
    return copy


def put_in_order(properties: etree._Element) -> None:
    """The children of what holds properties, in the order of the schema."""
    order = ORDERED[_name(properties)]
    properties[:] = sorted(properties, key=lambda child: order.index(_name(child)))


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _edge(stops: set[int], text_width: int) -> int:
    """The right edge of the text as the tab stops have it; many a style has it not quite where the page has."""
    last = max(stops)
    return last if 0.9 * text_width <= last <= 1.2 * text_width else max(text_width, 1)


def _set_stops(one: etree._Element, stops: Stops) -> None:
    properties = one.find(_w("pPr"))
    if properties is None:
        properties = etree.Element(_w("pPr"))
        one.insert(0, properties)
    for present in properties.findall(_w("tabs")):
        properties.remove(present)
    tabs = etree.SubElement(properties, _w("tabs"))
    for at, (kind, leader) in sorted(stops.items()):
        tab = etree.SubElement(tabs, _w("tab"))
        tab.set(_w("val"), kind)
        if leader:
            tab.set(_w("leader"), leader)
        tab.set(_w("pos"), str(at))
    put_in_order(properties)


def _stops_in(holder: etree._Element) -> Stops:
    found = holder.findall(f"{_w('pPr')}/{_w('tabs')}/{_w('tab')}")
    return {
        int(tab.get(_w("pos")) or 0): (tab.get(_w("val")) or "left", tab.get(_w("leader")) or "")
        for tab in found
        if re.fullmatch(r"-?[0-9]+", tab.get(_w("pos")) or "")
    }
