"""Tracked changes of a Word part, accepted: what was put in stays, what was struck out is shown once and goes."""

from collections.abc import Iterator

from lxml import etree

from portfolio.documents.redaction.office_package import local, remove, unwrap
from portfolio.documents.redaction.work import Work

_PUT_IN = {"ins", "moveTo"}
_STRUCK = {"del", "moveFrom"}
_FORMER = (
    *("rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblPrExChange", "trPrChange", "tcPrChange"),
    *("tblGridChange", "numberingChange", "cellIns", "cellMerge", "moveFromRangeStart", "moveFromRangeEnd"),
    *("moveToRangeStart", "moveToRangeEnd", "customXmlInsRangeStart", "customXmlInsRangeEnd"),
    *("customXmlDelRangeStart", "customXmlDelRangeEnd", "customXmlMoveFromRangeStart", "customXmlMoveFromRangeEnd"),
    *("customXmlMoveToRangeStart", "customXmlMoveToRangeEnd"),
)
_ALL = (*_PUT_IN, *_STRUCK, *_FORMER)
_PLACE = "Tracked changes"


def accept(work: Work, root: etree._Element) -> bool:
    """Answers whether there were any."""
    for author in sorted({name for one in _all(root, _ALL) for name in [_author(one)] if name}):
        work.find(author, "People", is_seen=False)
    changes = _struck_rows(work, root) + _joined(root)
    for element in _all(root, _STRUCK):
        changes += 1
        _show(work, element)
        remove(element)
    for element in _all(root, _PUT_IN):
        changes += 1
        unwrap(element)
    for element in _all(root, _FORMER):
        changes += 1
        remove(element)
    return changes > 0


def _all(root: etree._Element, names: set[str] | tuple[str, ...]) -> list[etree._Element]:
    return list(root.iter(*(f"{{*}}{name}" for name in names)))


def _author(element: etree._Element) -> str:
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith("}author")), "")


def _show(work: Work, element: etree._Element) -> None:
    text = "".join(one.text or "" for one in element.iter("{*}delText", "{*}t", "{*}delInstrText", "{*}instrText"))
    if text:
        work.find(text, _PLACE, is_seen=False)


def _struck_rows(work: Work, root: etree._Element) -> int:
    """Rows and cells of tables that were struck out."""
    count = 0
    for mark in [*root.iter("{*}del"), *root.iter("{*}cellDel")]:
        properties = mark.getparent()
        if properties is None or local(properties) not in {"trPr", "tcPr"}:
            continue
        count += 1
        row = properties.getparent()
        if row is None or (local(mark) == "cellDel" and not _has_brothers(row)):
            remove(mark)
        else:
            _show(work, row)
            table = row.getparent()
            remove(row)
            if table is not None and local(table) == "tbl" and table.find("{*}tr") is None:
                remove(table)
    return count


def _has_brothers(cell: etree._Element) -> bool:
    row = cell.getparent()
    return row is not None and sum(1 for one in row if local(one) == "tc") > 1


def _joined(root: etree._Element) -> int:
    """A paragraph whose end was struck out goes on in the next one."""
    count = 0
    for paragraph in list(root.iter("{*}p")):
        if not any(_is_end_struck(paragraph)):
            continue
        count += 1
        after = paragraph.getnext()
        if after is None or local(after) != "p":
            continue
        at = 1 if len(after) and local(after[0]) == "pPr" else 0
        for child in [one for one in paragraph if local(one) != "pPr"]:
            after.insert(at, child)
            at += 1
        remove(paragraph)
    return count


def _is_end_struck(paragraph: etree._Element) -> Iterator[bool]:
    for properties in paragraph:
        if local(properties) == "pPr":
            for run in properties:
                if local(run) == "rPr":
                    yield any(local(mark) in _STRUCK for mark in run)
