"""What the items of a framework are: told by the file, or by how deep they stand. What is missing between two ranks is
put in.
"""

from collections.abc import Callable
from typing import TypeAlias

from portfolio.criteria.exchange.forest import CREDIT, FIGURES, HOURS, INWARDS, KIND, Item, What
from portfolio.criteria.exchange.places import Places
from portfolio.criteria.fields import CODE
from portfolio.criteria.rules import GroupKind

Remark: TypeAlias = Callable[[str], None]
"""Takes a sentence on what was assumed or left out."""

DEPTH_MOST = 4


class Ranks:
    """Settles what each item is, so that groups hold units, units outcomes and outcomes criteria."""

    def __init__(self, places: Places, top: Item, remark: Remark) -> None:
        self._places, self._top, self._remark = places, top, remark

    def settle(self) -> None:
        """Say of each item what it is, and put in what is missing between two ranks."""
        items = list(self._top.inside())
        for item in items:
            kind = item.fact(KIND)
            if item.what is None and kind and kind.value in set(GroupKind):
                item.what = What.GROUP
            elif item.what is None and item.fact(CREDIT):
                item.what = What.UNIT
        if not any(item.what is What.UNIT for item in items):
            self._by_depth()
        self._within(self._top, 0)

    def _by_depth(self) -> None:
        """The innermost items are criteria."""
        ranks: list[list[Item]] = [self._top.items]
        while deeper := [inner for item in ranks[-1] for inner in item.items]:
            ranks.append(deeper)
        if len(ranks) > DEPTH_MOST:
            self._places.fault(
                ranks[DEPTH_MOST][0].place,
                "this stands five deep: a pack has groups, units, outcomes and criteria, and nothing within those",
            )
        for what, rank in zip(INWARDS[-len(ranks) :], ranks[:DEPTH_MOST], strict=False):
            for item in rank:
                item.what = item.what or what

    def _within(self, item: Item, rank: int) -> None:
        """Settle the items within one that must be of this rank."""
        if rank == len(INWARDS):
            for inner in item.items:
                self._places.fault(inner.place, "nothing can stand within a criterion")
            return
        item.items = self._ranked(item, INWARDS[rank])
        for inner in item.items:
            if inner.what is What.OUTCOME and not inner.items:
                title, _rest = title_of(inner)
                inner.items = [Item(inner.place, "", title, body=inner.body, what=What.CRITERION)]
                self._remark("An outcome has no criteria: it is its own one criterion too.")
            self._within(inner, rank + 1)

    def _ranked(self, item: Item, wanted: What) -> list[Item]:
        ranked: list[Item] = []
        made: Item | None = None
        for inner in item.items:
            found = inner.what or self._guess(inner, wanted)
            inner.what = found
            if INWARDS.index(found) < INWARDS.index(wanted):
                self._places.fault(inner.place, f"this is a {found.lower()}, which cannot stand here")
            elif found is wanted:
                ranked.append(inner)
                made = None
            else:
                if made is None:
                    made = self._made(item, wanted)
                    ranked.append(made)
                made.items.append(inner)
        return ranked

    def _guess(self, item: Item, wanted: What) -> What:
        """A unit may stand where a group is looked for, when no group is there."""
        if wanted is not What.GROUP:
            return wanted
        return What.GROUP if any(inner.what is What.UNIT for inner in item.inside()) else What.UNIT

    def _made(self, item: Item, what: What) -> Item:
        """What the file leaves out between two ranks; it has the title of what it stands in."""
        if what is What.GROUP:
            return Item(item.place, "units", "Units", what=what)
        around = self._top if item.code == "units" and item.name == "Units" else item
        title, _rest = title_of(around)
        made = Item(item.place, "", title, what=what)
        if what is What.UNIT:
            made.code = around.code or (title if CODE.fullmatch(title) else "")
            made.facts = [fact for fact in around.facts if fact.label in {CREDIT, HOURS, FIGURES}]
        self._remark(
            f"There is no {what.lower()} around some items: one is made, with the title of what they stand in."
        )
        return made


def title_of(item: Item) -> tuple[str, str]:
    """The title of an item, and what is said of it beyond that."""
    name, body = item.name, item.body
    if not body or not name:
        return (name or body), ""
    if body == name or (item.is_cut and body.startswith(name.rstrip("….").rstrip())):
        return body, ""
    return name, body


def statement_of(item: Item) -> str:
    """All words of a criterion: its name and its body, unless one says the other."""
    title, rest = title_of(item)
    return f"{title.rstrip('.')}. {rest}" if rest else title
