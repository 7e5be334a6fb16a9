"""Blocks as a page shows them: flat list items become lists within lists, headings go down one level at a time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from portfolio.documents.blocks import Block, Heading, ListItem, Paragraph, Run

LOWEST = 6


@dataclass(slots=True)
class Entry:
    """An item of a list, with the lists that stand under it."""

    runs: tuple[Run, ...]
    lists: list["Listed"] = field(default_factory=list)


@dataclass(slots=True)
class Listed:
    """A list; `list_no` tells two ordered lists apart that follow each other."""

    is_ordered: bool
    list_no: int
    entries: list[Entry] = field(default_factory=list)


def nested(blocks: Iterable[Block], *, top: int = 2) -> Iterator[Block | Listed]:
    """The blocks with their items in lists and their headings from level `top` downwards, none left out in between."""
    open_lists: list[Listed] = []
    last = top - 1
    for block in blocks:
        if isinstance(block, ListItem):
            if not open_lists or _is_another(open_lists[0], block):
                yield from open_lists[:1]
                open_lists = [Listed(block.ordered, block.list_no, [Entry(block.runs)])]
            else:
                _place(open_lists, block)
            continue
        if isinstance(block, Paragraph) and block.indent and open_lists:
            entry = open_lists[-1].entries[-1]
            entry.runs = (*entry.runs, Run("\n"), *block.runs)
            continue
        yield from open_lists[:1]
        open_lists = []
        if isinstance(block, Heading):
            last = min(top - 1 + max(block.level, 1), last + 1, LOWEST)
            yield replace(block, level=last)
        else:
            yield block
    yield from open_lists[:1]


def _is_another(first: Listed, item: ListItem) -> bool:
    """Whether an item begins a new list at the outermost level."""
    return item.level == 0 and (item.ordered, item.list_no) != (first.is_ordered, first.list_no)


def _place(open_lists: list[Listed], item: ListItem) -> None:
    """Put an item where its level says, at most one level below the last one."""
    depth = min(item.level, len(open_lists))
    del open_lists[depth + 1 :]
    if depth < len(open_lists):
        present = open_lists[depth]
        if depth == 0 or (present.is_ordered, present.list_no) == (item.ordered, item.list_no):
            present.entries.append(Entry(item.runs))
            return
        open_lists.pop()
    fresh = Listed(item.ordered, item.list_no, [Entry(item.runs)])
    open_lists[depth - 1].entries[-1].lists.append(fresh)
    open_lists.append(fresh)
