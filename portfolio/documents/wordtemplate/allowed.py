"""What of WordprocessingML is taken over from a template: elements by their parents, in the order of the schema, and
the values that their attributes may have. What is not named here is left out.
"""

import re
from collections.abc import Mapping


def _words(said: str) -> frozenset[str]:
    return frozenset(said.split())


_TOGGLES = _words(
    "b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof rtl cs keepNext keepLines "
    "pageBreakBefore widowControl suppressLineNumbers suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct "
    "autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid contextualSpacing mirrorIndents suppressOverlap cantSplit "
    "tblHeader bidiVisual noWrap tcFitText hideMark semiHidden unhideWhenUsed qFormat isLgl"
)
_NUMBERED = _words(
    "sz szCs kern position w outlineLvl gridSpan ilvl numId uiPriority gridBefore gridAfter trHeight start lvlRestart "
    "tblStyleRowBandSize tblStyleColBandSize abstractNumId startOverride"
)
_MEASURES = _words(
    "left right start end before after line hanging firstLine sz space pos w h x y beforeLines afterLines leftChars "
    "rightChars hangingChars firstLineChars vSpace hSpace leftFromText rightFromText topFromText bottomFromText "
    "tblpX tblpY ilvl numId abstractNumId"
)
_COLOURS = frozenset(("color", "fill"))
_TEXTS = _words(
    "ascii hAnsi eastAsia cs styleId name basedOn next link pStyle rStyle tblStyle lvlText tblCaption "
    "tblDescription char font"
)
_ON_OFF = re.compile(r"[01]|true|false|on|off")
_NUMBER = re.compile(r"-?[0-9]{1,9}")
_NUMBER_OF_DRAWING = re.compile(r"-?[0-9]{1,10}")
_MEASURE = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,4})?(?:%|pt|cm|mm|in|pc|pi)?")
_COLOUR = re.compile(r"auto|[0-9A-Fa-f]{6}")
_TEXT = re.compile(r"[^\x00-\x1f]{0,255}")
_WORD = re.compile(r"[A-Za-z0-9-]{1,40}")
_CHOICES: Mapping[tuple[str, str], frozenset[str]] = {
    key: _words(words)
    for key, words in {
        ("jc", "val"): "left center right both start end distribute",
        ("lvlJc", "val"): "left center right start end",
        ("vAlign", "val"): "top center both bottom",
        ("vertAlign", "val"): "baseline superscript subscript",
        ("textAlignment", "val"): "top center baseline bottom auto",
        ("spacing", "lineRule"): "auto exact atLeast",
        ("trHeight", "hRule"): "auto exact atLeast",
        ("br", "type"): "page column textWrapping",
        ("br", "clear"): "none left right all",
        ("tab", "val"): "clear start center end decimal bar num left right",
        ("tab", "leader"): "none dot hyphen underscore heavy middleDot",
        ("ptab", "alignment"): "left center right",
        ("ptab", "relativeTo"): "margin indent",
        ("ptab", "leader"): "none dot hyphen underscore middleDot",
        ("tblLayout", "type"): "fixed autofit",
        ("vMerge", "val"): "continue restart",
        ("suff", "val"): "tab space nothing",
        ("multiLevelType", "val"): "singleLevel multilevel hybridMultilevel",
        ("style", "type"): "paragraph character table numbering",
        ("tblOverlap", "val"): "never overlap",
    }.items()
}

_BORDER_SIDES = "top left start bottom right end insideH insideV tl2br tr2bl"
_MARGINS = "top left start bottom right end"
ORDERED: Mapping[str, tuple[str, ...]] = {
    parent: tuple(children.split())
    for parent, children in {
        "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
        "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
        "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textAlignment outlineLvl rPr",
        "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof color "
        "spacing w kern position sz szCs highlight u bdr shd vertAlign rtl cs em",
        "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
        "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
        "trPr": "gridBefore gridAfter wBefore wAfter cantSplit trHeight tblHeader tblCellSpacing jc",
        "tcPr": "tcW gridSpan vMerge tcBorders shd noWrap tcMar tcFitText vAlign hideMark",
        "numPr": "ilvl numId",
        "pBdr": "top left bottom right between bar",
        "tblBorders": _BORDER_SIDES,
        "tcBorders": _BORDER_SIDES,
        "tblCellMar": _MARGINS,
        "tcMar": _MARGINS,
        "style": "name basedOn next link uiPriority semiHidden unhideWhenUsed qFormat pPr rPr tblPr trPr tcPr "
        "tblStylePr",
        "tblStylePr": "pPr rPr tblPr trPr tcPr",
        "abstractNum": "multiLevelType lvl",
        "lvl": "start numFmt lvlRestart isLgl suff lvlText lvlJc pPr rPr",
        "num": "abstractNumId lvlOverride",
        "lvlOverride": "startOverride lvl",
        "rPrDefault": "rPr",
        "pPrDefault": "pPr",
        "docDefaults": "rPrDefault pPrDefault",
    }.items()
}
"""The children of what holds properties, each once and in this order."""
OFTEN = frozenset(("tblStylePr", "lvl", "lvlOverride"))
"""Those of them that may stand more than once."""
_BLOCKS = frozenset(("p", "tbl"))
CONTENT: Mapping[str, frozenset[str]] = {
    "body": _BLOCKS,
    "hdr": _BLOCKS,
    "ftr": _BLOCKS,
    "txbxContent": _BLOCKS,
    "tc": _BLOCKS | {"tcPr"},
    "tr": frozenset(("trPr", "tc")),
    "tbl": frozenset(("tblPr", "tblGrid", "tr")),
    "tblGrid": frozenset(("gridCol",)),
    "tabs": frozenset(("tab",)),
    "p": frozenset(("pPr", "r", "fldSimple")),
    "fldSimple": frozenset(("r",)),
    "r": _words("rPr t tab br cr noBreakHyphen softHyphen sym ptab drawing"),
}
"""The children of what holds content, in the order in which they come."""
UNWRAPPED = _words("sdt sdtContent smartTag customXml hyperlink bdo dir fldSimple")
"""What is left out while all that it holds stays."""


_SIZE = range(20_000_001)
_PLACE = range(-(2**31), 2**31)
_NEAR = range(-20_000_000, 20_000_001)
_DRAWN_RANGES: Mapping[tuple[str, str], range] = {
    **dict.fromkeys([(element, side) for element in ("extent", "ext") for side in ("cx", "cy")], _SIZE),
    **dict.fromkeys([("chExt", side) for side in ("cx", "cy")], range(2**31)),
    **dict.fromkeys(
        [
            (element, f"dist{side}")
            for element in ("inline", "anchor", "wrapSquare", "wrapTight", "wrapThrough", "wrapTopAndBottom")
            for side in "TBLR"
        ],
        _SIZE,
    ),
    **dict.fromkeys([("effectExtent", side) for side in "ltrb"], _NEAR),
    **dict.fromkeys(
        [(element, axis) for element in ("off", "chOff", "simplePos", "start", "lineTo") for axis in "xy"], _PLACE
    ),
    ("anchor", "relativeHeight"): range(2**32),
    ("posOffset", ""): _NEAR,
}
"""Whole numbers that an attribute of a drawing's element, or its text, may be; in EMU. A level line has no height."""
NEEDED: Mapping[str, tuple[str, ...]] = {"extent": ("cx", "cy"), "ext": ("cx", "cy")}
"""What an element of a drawing must say."""


def is_drawable(element: str, attribute: str, value: str) -> bool:
    """Whether an attribute of a drawing's element, or its text, is a number in its range when it is one at all."""
    wanted = _DRAWN_RANGES.get((element, attribute))
    return wanted is None or bool(_NUMBER_OF_DRAWING.fullmatch(value) and int(value) in wanted)


def is_fit(element: str, attribute: str, value: str) -> bool:
    """Whether an attribute of an element may have this value."""
    choices = _CHOICES.get((element, attribute))
    if choices is not None:
        return value in choices
    if attribute == "val" and element in _TOGGLES:
        return bool(_ON_OFF.fullmatch(value))
    if attribute == "val" and element in _NUMBERED:
        return bool(_NUMBER.fullmatch(value))
    if attribute in _MEASURES or (element, attribute) == ("spacing", "val"):
        return bool(_MEASURE.fullmatch(value))
    if attribute in _COLOURS or (element, attribute) == ("color", "val"):
        return bool(_COLOUR.fullmatch(value))
    if attribute in _TEXTS or element in _TEXTS:
        return bool(_TEXT.fullmatch(value))
    return bool(_WORD.fullmatch(value))
