"""Text of a template (cover, header, footer) copied element by element: what is allowed comes along, nothing else."""

import re
from collections.abc import Callable

from lxml import etree

from portfolio.documents.wordtemplate.allowed import CONTENT, NEEDED, OFTEN, ORDERED, UNWRAPPED, is_drawable, is_fit
from portfolio.documents.wordtemplate.opening import REMOTE_PICTURE, Opened, R, W

DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
SHAPES = "http://schemas.microsoft.com/office/word/2010"
WP, A, PIC = f"{DRAWING}/wordprocessingDrawing", f"{DRAWING}/main", f"{DRAWING}/picture"
WPS, WPG = f"{SHAPES}/wordprocessingShape", f"{SHAPES}/wordprocessingGroup"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
PREFIXES = {"w": W, "r": R, "wp": WP, "a": A, "pic": PIC, "wps": WPS, "wpg": WPG, "mc": MC}
SHAPES_LEFT = "Drawings of an old kind (such as watermarks), charts and diagrams were left out."
DRAWING_LEFT = "A drawing whose size or place is out of all bounds was left out."
PARTS_LEFT = "Parts that Word fills in from document properties became the text that they showed."
FIRST_DRAWING = 0x40000001
"""Numbers of drawings from here on are the template's; those of a book are all below."""

_DRAWN = frozenset((WP, A, PIC, WPS, WPG))
_KINDS = frozenset((PIC, WPS, WPG))
_UNDRAWN = frozenset(
    {"hlinkClick", "hlinkHover", "hlinkMouseOver", "extLst", "audioFile", "videoFile", "wavAudioFile", "quickTimeFile"}
    | {"audioCd", "snd", "linkedTxbx"}
)
_LEAF = re.compile(r"-?[A-Za-z0-9]{1,20}")
_VALUE = re.compile(r"[^\x00-\x1f{}]{0,255}")
_CAPTIONS = frozenset(("tblCaption", "tblDescription"))
_NO_BRACES = str.maketrans("", "", "{}")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_IDENTITIES = re.compile(r"rsid\w*|paraId|textId|cnfStyle")
_LONG_TABLE = 8

Picture = Callable[[str], str | None]
"""Takes the picture that a reference leads to, and answers its reference in the book; None leaves it out."""


class Copier:
    """Copies the stories of one template; drawings are numbered through all of them."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._drawings = FIRST_DRAWING

    def copied(self, source: etree._Element, tag: str, picture: Picture, words: str) -> etree._Element:
        """The story under a root of this name; `words` stand for pictures that have none."""
        root = etree.Element(f"{{{W}}}{tag}", nsmap=PREFIXES)
        self._opened.check_story(source)
        self._fill(source, root, picture, words)
        _mend(root)
        return root

    def properties(self, source: etree._Element) -> etree._Element:
        """An element of styles or numbering with what may stand in it."""
        made = etree.Element(source.tag, nsmap={"w": W})
        self._with_values(source, made)
        self._fill(source, made, lambda _key: None, "")
        return made

    def _fill(self, source: etree._Element, target: etree._Element, picture: Picture, words: str) -> None:
        """Put the copies of an element's children into another."""
        parent = _name(target)
        allowed = ORDERED.get(parent) or CONTENT.get(parent) or ()
        for child in source:
            space, name = _parted(child)
            if space == MC and name == "AlternateContent":
                self._choose(child, target, picture, words)
            elif space != W:
                continue
            elif name == "drawing" and parent == "r":
                self._draw(child, target, picture, words)
            elif name in allowed and not (name == "fldSimple" and _is_no_number(child)):
                self._copy(child, target, picture, words)
            elif name in UNWRAPPED:
                self._unwrap(child, target, picture, words)
            elif name == "pict":
                self._opened.note(SHAPES_LEFT)
        if parent in ORDERED:
            _put_in_order(target, ORDERED[parent])

    def _unwrap(self, child: etree._Element, target: etree._Element, picture: Picture, words: str) -> None:
        """What an element holds, without the element itself."""
        if child.find(f"{{{W}}}sdtPr/{{{W}}}dataBinding") is not None:
            self._opened.note(PARTS_LEFT)
        self._fill(child, target, picture, words)

    def _copy(self, child: etree._Element, target: etree._Element, picture: Picture, words: str) -> None:
        made = etree.SubElement(target, child.tag)
        if not self._with_values(child, made):
            target.remove(made)
            return
        if _name(made) == "t":
            made.text = child.text
        self._fill(child, made, picture, words)

    def _with_values(self, child: etree._Element, made: etree._Element) -> bool:
        """Copy the attributes; False when one has a value that Word would stumble over."""
        name = _name(child)
        for key, value in child.attrib.items():
            space, attribute = _split(str(key))
            if (name, attribute) == ("fldSimple", "instr"):
                made.set(key, value)
            elif str(key) == _SPACE:
                made.set(key, "preserve")
            elif space == W and not _IDENTITIES.fullmatch(attribute):
                if not is_fit(name, attribute, str(value)):
                    return False
                made.set(key, str(value).translate(_NO_BRACES) if name in _CAPTIONS else value)
        return True

    def _choose(self, child: etree._Element, target: etree._Element, picture: Picture, words: str) -> None:
        """Of two ways to draw the same, the one of today in a run; elsewhere the one that everything reads."""
        if _name(target) != "r":
            for fallback in child.findall(f"{{{MC}}}Fallback"):
                self._fill(fallback, target, picture, words)
            return
        for choice in child.findall(f"{{{MC}}}Choice"):
            required = (choice.get("Requires") or "").split()
            spaces = [choice.nsmap.get(prefix) for prefix in required]
            if not spaces or not set(spaces) <= {WPS, WPG}:
                continue
            around = etree.SubElement(target, child.tag)
            wanted = " ".join("wps" if space == WPS else "wpg" for space in spaces)
            made = etree.SubElement(around, choice.tag, {"Requires": wanted})
            for drawing in choice.findall(f"{{{W}}}drawing"):
                self._draw(drawing, made, picture, words)
            if len(made):
                return
            target.remove(around)
        if child.find(f".//{{{W}}}pict") is not None or len(child):
            self._opened.note(SHAPES_LEFT)

    def _draw(self, child: etree._Element, target: etree._Element, picture: Picture, words: str) -> None:
        """A drawing, when it is a picture, a shape or a group of these."""
        kinds = {one.get("uri") for one in child.iter(f"{{{A}}}graphicData")}
        if len(child) != 1 or not kinds or not kinds <= _KINDS:
            self._opened.note(SHAPES_LEFT)
            return
        made = etree.SubElement(target, child.tag)
        if not self._drawn(child[0], made, picture, words):
            target.remove(made)

    def _drawn(self, child: etree._Element, target: etree._Element, picture: Picture, words: str) -> bool:
        """Copy an element of a drawing; False when it holds what is left out."""
        space, name = _parted(child)
        if space == W and name == "txbxContent":
            made = etree.SubElement(target, child.tag)
            self._fill(child, made, picture, words)
            return True
        if space == MC and name == "AlternateContent":
            inside = [one for fallback in child.findall(f"{{{MC}}}Fallback") for one in fallback]
            return self._all_drawn(inside, target, picture, words)
        if space not in _DRAWN or name in _UNDRAWN:
            return True
        made = etree.SubElement(target, child.tag)
        if not (self._is_in_bounds(child) and self._with_drawing_values(child, made, picture)):
            return False
        if name in {"docPr", "cNvPr"}:
            self._number(made, words)
        if not len(child) and _LEAF.fullmatch(child.text or ""):
            made.text = child.text
        return self._all_drawn(list(child), made, picture, words)

    def _all_drawn(self, children: list[etree._Element], target: etree._Element, picture: Picture, words: str) -> bool:
        """Each is looked at, so that everything that is wrong is named."""
        drawn = [self._drawn(one, target, picture, words) for one in children]
        return all(drawn)

    def _is_in_bounds(self, child: etree._Element) -> bool:
        """Whether the numbers of a drawing's element are such that Word can draw it."""
        name = _name(child)
        given = {"": (child.text or "").strip(), **{str(key): str(value) for key, value in child.attrib.items()}}
        is_good = all(is_drawable(name, key, value) for key, value in given.items())
        if not (is_good and all(key in given for key in NEEDED.get(name, ()))):
            self._opened.note(DRAWING_LEFT)
            return False
        return True

    def _with_drawing_values(self, child: etree._Element, made: etree._Element, picture: Picture) -> bool:
        """Copy the attributes of a drawing's element; False when it shows a picture that is left out."""
        for key, value in child.attrib.items():
            of, attribute = _split(str(key))
            if of == R:
                if attribute == "link":
                    self._opened.fault(REMOTE_PICTURE)
                kept = picture(str(value)) if (_name(made), attribute) == ("blip", "embed") else None
                if kept is None:
                    return False
                made.set(key, kept)
            elif not of and _VALUE.fullmatch(str(value)):
                made.set(key, value)
        return True

    def _number(self, made: etree._Element, words: str) -> None:
        made.set("id", str(self._drawings))
        made.set("name", f"Picture {self._drawings - FIRST_DRAWING + 1}")
        if not (made.get("descr") or "").strip():
            made.set("descr", made.get("title") or words)
        self._drawings += 1


def _parted(element: etree._Element) -> tuple[str, str]:
    return _split(str(element.tag))


def _split(key: str) -> tuple[str, str]:
    space, _, name = key.rpartition("}")
    return space.removeprefix("{"), name


def _name(element: etree._Element) -> str:
    return _parted(element)[1]


def _is_no_number(simple: etree._Element) -> bool:
    return (simple.get(f"{{{W}}}instr") or "") not in {" PAGE ", " NUMPAGES "}


def _put_in_order(target: etree._Element, order: tuple[str, ...]) -> None:
    """Properties as the schema has them: each once, in its place."""
    children = sorted(target, key=lambda child: order.index(_name(child)))
    seen: set[str] = set()
    for child in children:
        target.remove(child)
    for child in children:
        name = _name(child)
        if name in OFTEN or name not in seen:
            target.append(child)
        seen.add(name)


def _mend(root: etree._Element) -> None:
    """As every reader takes it: properties first and once, no table without a row, a paragraph to end every cell."""
    for name in ("tblGrid", "pPr", "rPr", "tblPr", "trPr", "tcPr"):
        for properties in list(root.iter(f"{{{W}}}{name}")):
            _put_first(properties)
    for table in list(root.iter(f"{{{W}}}tbl")):
        _mend_table(table)
    for holder in root.iter(f"{{{W}}}tc", f"{{{W}}}txbxContent"):
        if not len(holder) or holder[-1].tag != f"{{{W}}}p":
            etree.SubElement(holder, f"{{{W}}}p")


def _put_first(properties: etree._Element) -> None:
    holder = properties.getparent()
    if holder is None or _name(holder) not in CONTENT:
        return
    holder.remove(properties)
    if holder.find(str(properties.tag)) is None:
        holder.insert(0, properties)


def _mend_table(table: etree._Element) -> None:
    rows = []
    for one in table.findall(f"{{{W}}}tr"):
        if one.find(f"{{{W}}}tc") is None:
            table.remove(one)
        else:
            rows.append(one)
    holder = table.getparent()
    if rows:
        _complete(table, rows)
    elif holder is not None:
        holder.remove(table)


def _complete(table: etree._Element, rows: list[etree._Element]) -> None:
    """Properties and columns, where there were none; the first row of a long table comes again."""
    if table.find(f"{{{W}}}tblPr") is None:
        table.insert(0, etree.Element(f"{{{W}}}tblPr"))
    if table.find(f"{{{W}}}tblGrid") is None:
        grid = etree.Element(f"{{{W}}}tblGrid")
        table.insert(1, grid)
        for _cell in range(max(len(one.findall(f"{{{W}}}tc")) for one in rows)):
            etree.SubElement(grid, f"{{{W}}}gridCol")
    if len(rows) > _LONG_TABLE and rows[0].find(f".//{{{W}}}tblHeader") is None:
        properties = rows[0].find(f"{{{W}}}trPr")
        if properties is None:
            properties = etree.Element(f"{{{W}}}trPr")
            rows[0].insert(0, properties)
        etree.SubElement(properties, f"{{{W}}}tblHeader")
