"""What every book must be: looked at as a package of XML, without any Word library."""

import io
import itertools
import posixpath
import re
import zipfile

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_LONG_TABLE = 8
_MAX_NAME = 40


def body(data: bytes) -> etree._Element:
    """The root of the text part."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return etree.fromstring(package.read("word/document.xml"))


def visible(data: bytes) -> str:
    """What a reader sees, a line for each paragraph; breaks and tabs inside count."""
    marks = {f"{_W}br": "\n", f"{_W}tab": "\t"}
    lines = []
    for paragraph in body(data).iter(f"{_W}p"):
        pieces = (e.text or "" if e.tag == f"{_W}t" else marks.get(str(e.tag), "") for e in _in_runs(paragraph))
        lines.append("".join(pieces))
    return "\n".join(lines)


def _in_runs(paragraph: etree._Element) -> list[etree._Element]:
    return [child for run in paragraph.iter(f"{_W}r") for child in run]


def lacks(data: bytes) -> list[str]:
    """Everything that a well-made book has and this one has not."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
        names = package.namelist()
    trees = {name: etree.fromstring(part) for name, part in parts.items() if name.endswith((".xml", ".rels"))}
    root = trees["word/document.xml"]
    faults = [] if len(names) == len(set(names)) else ["a part stands twice"]
    faults += _headings(root) + _links(root) + _tables(root) + _pictures(root) + _fields(trees)
    faults += _relationships(root, trees["word/_rels/document.xml.rels"], parts)
    faults += _styles(root, trees["word/styles.xml"])
    if any(re.search(rb"/(home|work|root|tmp|srv|var)/", part) for name, part in parts.items() if "docProps" in name):
        faults.append("a path of the server in the properties")
    return faults


def _headings(root: etree._Element) -> list[str]:
    styles = [str(style.get(f"{_W}val")) for style in root.iter(f"{_W}pStyle")]
    levels = [int(style[-1]) for style in styles if style.startswith("Heading")]
    faults = [] if levels and levels[0] == 1 else ["the first heading is not of level 1"]
    return faults + [f"a heading jumps from {a} to {b}" for a, b in itertools.pairwise(levels) if b > a + 1]


def _links(root: etree._Element) -> list[str]:
    marks = [(mark.get(f"{_W}id"), str(mark.get(f"{_W}name"))) for mark in root.iter(f"{_W}bookmarkStart")]
    names = [name for _, name in marks]
    anchors = {link.get(f"{_W}anchor") for link in root.iter(f"{_W}hyperlink")} - {None}
    faults = [f"no target {anchor}" for anchor in anchors - set(names)]
    if len({number for number, _ in marks}) < len(marks) or len({name.casefold() for name in names}) < len(names):
        faults.append("a bookmark stands twice")
    bad = [name for name in names if len(name) > _MAX_NAME or not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII)]
    return faults + [f"a bookmark Word would not take: {name}" for name in bad]


def _tables(root: etree._Element) -> list[str]:
    faults = []
    for table in root.iter(f"{_W}tbl"):
        rows = table.findall(f"{_W}tr")
        columns = len(table.findall(f"{_W}tblGrid/{_W}gridCol"))
        if len(rows) > _LONG_TABLE and rows[0].find(f".//{_W}tblHeader") is None:
            faults.append("a long table without a head that comes again")
        for row in rows:
            spans = [cell.find(f"{_W}tcPr/{_W}gridSpan") for cell in row.findall(f"{_W}tc")]
            if sum(1 if span is None else int(str(span.get(f"{_W}val"))) for span in spans) != columns:
                faults.append("a row with other columns than its table")
            if any(cell[-1].tag != f"{_W}p" for cell in row.findall(f"{_W}tc")):
                faults.append("a cell without a paragraph at its end")
    return faults


def _pictures(root: etree._Element) -> list[str]:
    drawings = list(root.iter(_DRAWING))
    faults = ["a picture without words"] if any(not str(d.get("descr", "")).strip() for d in drawings) else []
    return faults + (["a drawing's number twice"] if len({d.get("id") for d in drawings}) < len(drawings) else [])


def _fields(trees: dict[str, etree._Element]) -> list[str]:
    written = " ".join(
        [e.text or "" for tree in trees.values() for e in tree.iter(f"{_W}instrText")]
        + [str(e.get(f"{_W}instr")) for tree in trees.values() for e in tree.iter(f"{_W}fldSimple")]
    )
    faults = [f"no field {word}" for word in ("TOC", "PAGE", "NUMPAGES") if not re.search(rf"\b{word}\b", written)]
    root = trees["word/document.xml"]
    kinds = [e.get(f"{_W}fldCharType") for e in root.iter(f"{_W}fldChar")]
    if not kinds.count("begin") == kinds.count("separate") == kinds.count("end"):
        faults.append("a field that does not close")
    asks = trees["word/settings.xml"].find(f"{_W}updateFields") is not None or b"w:dirty" in etree.tostring(root)
    return [*faults, "fields that make Word ask"] if asks else faults


def _relationships(root: etree._Element, listed: etree._Element, parts: dict[str, bytes]) -> list[str]:
    targets = {str(r.get("Id")): r for r in listed}
    faults = [] if len(targets) == len(listed) else ["a relationship's name twice"]
    used = {str(value) for e in root.iter() for key, value in e.attrib.items() if str(key).startswith(_R)}
    faults += [f"no relationship {key}" for key in used - set(targets)]
    for relationship in targets.values():
        part = posixpath.normpath(posixpath.join("word", str(relationship.get("Target"))))
        if relationship.get("TargetMode") != "External" and part not in parts:
            faults.append(f"no part {part}")
    return faults


def _styles(root: etree._Element, styles: etree._Element) -> list[str]:
    known = {str(style.get(f"{_W}styleId")) for style in styles.iter(f"{_W}style")}
    used = {str(e.get(f"{_W}val")) for kind in ("pStyle", "rStyle", "tblStyle") for e in root.iter(f"{_W}{kind}")}
    faults = [f"no style {name}" for name in used - known]
    languages = {e.get(f"{_W}val") for e in styles.iter(f"{_W}lang")}
    return faults if languages == {"en-GB"} else [*faults, "another language than British English"]
