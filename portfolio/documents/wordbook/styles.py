"""How the book looks: the styles, list numbering and measures, as the XML that Word keeps them in.

Quiet on purpose: serif headings, sans text, hairlines instead of boxes, one accent. Cambria and Calibri come with Word
and have free twins of the same widths, so pages break alike elsewhere.
"""

from dataclasses import dataclass

HEADING_FONT = "Cambria"
BODY_FONT = "Calibri"
CODE_FONT = "Consolas"
INK = "211E19"
MUTED = "5A544A"
HAIRLINE = "CFC7B8"
WASH = "F4F0E7"
ACCENT = "0C5757"

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


@dataclass(frozen=True, slots=True)
class Page:
    """A4 upright or sideways; all measures in twentieths of a point."""

    width: int
    height: int
    margin: int = 1134
    top: int = 1361
    bottom: int = 1247
    header: int = 624
    footer: int = 567

    @property
    def text_width(self) -> int:
        return self.width - 2 * self.margin

    @property
    def size_xml(self) -> str:
        turned = ' w:orient="landscape"' if self.width > self.height else ""
        return (
            f'<w:pgSz w:w="{self.width}" w:h="{self.height}"{turned}/>'
            f'<w:pgMar w:top="{self.top}" w:right="{self.margin}" w:bottom="{self.bottom}" w:left="{self.margin}" '
            f'w:header="{self.header}" w:footer="{self.footer}" w:gutter="0"/><w:cols w:space="708"/>'
        )


PORTRAIT = Page(11906, 16838)
LANDSCAPE = Page(16838, 11906)


def _fonts(name: str) -> str:
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>'


def _look(
    *,
    font: str = "",
    bold: bool = False,
    italic: bool = False,
    caps: bool = False,
    colour: str = "",
    spacing: int = 0,
    size: int = 0,
) -> str:
    """Run properties in the order that the schema asks for; `size` in half points, `spacing` in twentieths."""
    parts = (
        _fonts(font) if font else "",
        "<w:b/><w:bCs/>" if bold else "",
        "<w:i/><w:iCs/>" if italic else "",
        "<w:caps/>" if caps else "",
        f'<w:color w:val="{colour}"/>' if colour else "",
        f'<w:spacing w:val="{spacing}"/>' if spacing else "",
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>' if size else "",
    )
    return "".join(parts)


def _space(before: int, after: int, line: int = 0) -> str:
    lines = f' w:line="{line}" w:lineRule="auto"' if line else ""
    return f'<w:spacing w:before="{before}" w:after="{after}"{lines}/>'


def _paragraph(
    style_id: str,
    name: str,
    ppr: str = "",
    rpr: str = "",
    *,
    based_on: str = "Normal",
    following: str = "",
) -> str:
    follow = f'<w:next w:val="{following}"/>' if following else ""
    shown = '<w:uiPriority w:val="9"/><w:qFormat/>'
    return (
        f'<w:style w:type="paragraph" w:styleId="{style_id}"><w:name w:val="{name}"/><w:basedOn w:val="{based_on}"/>'
        f"{follow}{shown}<w:pPr>{ppr}</w:pPr><w:rPr>{rpr}</w:rPr></w:style>"
    )


def _border(side: str, colour: str = HAIRLINE, size: int = 4, space: int = 0) -> str:
    return f'<w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="{colour}"/>'


def _character(style_id: str, name: str, rpr: str) -> str:
    return (
        f'<w:style w:type="character" w:styleId="{style_id}"><w:name w:val="{name}"/>'
        f'<w:uiPriority w:val="20"/><w:qFormat/><w:rPr>{rpr}</w:rPr></w:style>'
    )


def _tab(position: int, kind: str = "left") -> str:
    return f'<w:tabs><w:tab w:val="{kind}" w:pos="{position}"/></w:tabs>'


def _indent(left: int = 0, right: int = 0, hanging: int = 0) -> str:
    hang = f' w:hanging="{hanging}"' if hanging else ""
    return f'<w:ind w:left="{left}" w:right="{right}"{hang}/>'


def _defaults() -> str:
    text = _look(font=BODY_FONT, size=21) + '<w:lang w:val="en-GB" w:eastAsia="en-GB" w:bidi="ar-SA"/>'
    return (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{text}</w:rPr></w:rPrDefault>"
        f"<w:pPrDefault><w:pPr>{_space(0, 120, 271)}</w:pPr></w:pPrDefault></w:docDefaults>"
    )


def _headings() -> str:
    keep = "<w:keepNext/><w:keepLines/>"
    first = f"{keep}<w:pageBreakBefore/><w:pBdr>{_border('bottom', ACCENT, 8, 6)}</w:pBdr>{_space(0, 100, 240)}"
    looks = (
        (first, _look(font=HEADING_FONT, bold=True, colour=INK, size=38)),
        (keep + _space(360, 120, 240), _look(font=HEADING_FONT, bold=True, colour=ACCENT, size=28)),
        (keep + _space(280, 80, 240), _look(font=HEADING_FONT, bold=True, colour=INK, size=23)),
        (keep + _space(220, 60, 240), _look(font=HEADING_FONT, bold=True, colour=MUTED, size=21)),
        (keep + _space(200, 60, 240), _look(font=HEADING_FONT, italic=True, colour=INK, size=21)),
        (keep + _space(180, 60, 240), _look(font=HEADING_FONT, italic=True, colour=MUTED, size=21)),
    )
    return "".join(
        _paragraph(f"Heading{n}", f"heading {n}", f'{ppr}<w:outlineLvl w:val="{n - 1}"/>', rpr, following="Normal")
        for n, (ppr, rpr) in enumerate(looks, 1)
    )


def _front() -> str:
    """The title page and the contents."""
    right = _tab(PORTRAIT.text_width, "right")
    fact = f"<w:keepLines/><w:pBdr>{_border('bottom', space=5)}{_border('between', space=5)}</w:pBdr>{_tab(3000)}"
    return "".join(
        (
            _paragraph("Centre", "Book Centre", _space(0, 2600), _look(caps=True, colour=ACCENT, spacing=30, size=20)),
            _paragraph("Title", "Title", _space(0, 200, 216), _look(font=HEADING_FONT, bold=True, size=72)),
            _paragraph(
                "Subtitle",
                "Subtitle",
                f"<w:pBdr>{_border('bottom', ACCENT, 12, 14)}</w:pBdr>{_space(0, 640, 252)}",
                _look(font=HEADING_FONT, colour=MUTED, size=28),
            ),
            _paragraph("Learner", "Book Learner", _space(0, 360), _look(font=HEADING_FONT, bold=True, size=40)),
            _paragraph("Fact", "Book Fact", fact + _space(0, 0, 264) + _indent(3000, 0, 3000)),
            _paragraph("Notice", "Book Notice", _space(480, 0), _look(colour=MUTED, size=19)),
            _paragraph(
                "ContentsHeading",
                "TOC Heading",
                f"<w:keepNext/><w:pBdr>{_border('bottom', ACCENT, 8, 6)}</w:pBdr>{_space(0, 240, 240)}",
                _look(font=HEADING_FONT, bold=True, size=38),
            ),
            _paragraph("TOC1", "toc 1", right + _space(160, 40, 250), _look(bold=True), following="Normal"),
            _paragraph("TOC2", "toc 2", right + _space(0, 20, 250) + _indent(284), following="Normal"),
        )
    )


def _flow() -> str:
    """Paragraphs of text, in tables and outside them."""
    bar = f"<w:pBdr>{_border('left', ACCENT, 18, 10)}</w:pBdr>"
    code = f'<w:pBdr>{_border("left", HAIRLINE, 18, 8)}</w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="{WASH}"/>'
    listed = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    return "".join(
        (
            _paragraph("Ways", "Book Ways", f'{_space(0, 160, 240)}<w:jc w:val="right"/>', _look(size=16)),
            _paragraph("Lead", "Book Lead", _space(0, 160), _look(colour=MUTED)),
            _paragraph("Small", "Book Small", _space(80, 80, 252), _look(colour=MUTED, size=18)),
            _paragraph("TablePart", "Book Table Part", f"<w:keepNext/>{_space(120, 60)}", _look(colour=MUTED, size=18)),
            _paragraph("StatusNote", "Book Status Note", bar + _space(0, 200) + _indent(200), _look(colour=ACCENT)),
            _paragraph("ListBullet", "List Bullet", listed + _space(0, 60) + "<w:contextualSpacing/>"),
            _paragraph("ListNumber", "List Number", _space(0, 60) + "<w:contextualSpacing/>"),
            _paragraph(
                "Quote",
                "Quote",
                f"<w:pBdr>{_border('left', HAIRLINE, 18, 12)}</w:pBdr>{_space(60, 160)}{_indent(340, 340)}",
                _look(italic=True, colour=MUTED),
            ),
            _paragraph(
                "CodeText", "Book Code", code + _space(60, 160, 240) + _indent(200), _look(font=CODE_FONT, size=18)
            ),
            _paragraph(
                "Ruled", "Book Ruled", f"<w:pBdr>{_border('bottom')}{_border('between')}</w:pBdr>{_space(0, 0, 480)}"
            ),
            _paragraph("Rule", "Book Rule", f"<w:pBdr>{_border('bottom')}</w:pBdr>{_space(120, 240)}"),
            _paragraph("Figure", "Book Figure", _space(120, 160), following="Normal"),
            _paragraph("Cell", "Book Cell", _space(30, 30, 245), _look(size=18)),
            _paragraph(
                "CellHead", "Book Cell Head", "<w:keepNext/>", _look(bold=True, colour=MUTED, size=17), based_on="Cell"
            ),
            _paragraph(
                "CellGroup",
                "Book Cell Group",
                "<w:keepNext/>" + _space(60, 60),
                _look(font=HEADING_FONT, bold=True, colour=ACCENT, size=19),
                based_on="Cell",
            ),
            _paragraph(
                "CellWays", "Book Cell Ways", '<w:keepNext/><w:jc w:val="right"/>', _look(size=16), based_on="Cell"
            ),
            _paragraph("CellLabel", "Book Cell Label", "", _look(colour=MUTED), based_on="Cell"),
            _paragraph("CellMono", "Book Cell Mono", "", _look(font=CODE_FONT, size=16), based_on="Cell"),
            _paragraph(
                "SectionEnd",
                "Book Section End",
                '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>',
                _look(size=2),
            ),
            _paragraph(
                "AfterTable",
                "Book After Table",
                '<w:spacing w:before="0" w:after="0" w:line="160" w:lineRule="exact"/>',
                _look(size=8),
            ),
            _paragraph("Header", "header", _space(0, 0, 240), _look(colour=MUTED, size=16)),
            _paragraph(
                "Footer",
                "footer",
                f"<w:pBdr>{_border('top', space=6)}</w:pBdr>{_space(0, 0, 240)}",
                _look(colour=MUTED, size=16),
            ),
        )
    )


def _tables() -> str:
    pad = '<w:top w:w="28" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>'
    pad += '<w:bottom w:w="28" w:type="dxa"/><w:right w:w="85" w:type="dxa"/>'
    rules = _border("top", MUTED, 6) + _border("bottom", MUTED, 6) + _border("insideH")
    head = (
        '<w:tblStylePr w:type="firstRow"><w:tblPr/><w:tcPr>'
        f"<w:tcBorders>{_border('bottom', MUTED, 6)}</w:tcBorders>"
        f'<w:shd w:val="clear" w:color="auto" w:fill="{WASH}"/></w:tcPr></w:tblStylePr>'
    )
    return (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        f"<w:tblCellMar>{pad}</w:tblCellMar></w:tblPr></w:style>"
        '<w:style w:type="table" w:styleId="BookTable"><w:name w:val="Book Table"/><w:basedOn w:val="TableNormal"/>'
        '<w:uiPriority w:val="59"/><w:qFormat/>'
        f"<w:tblPr><w:tblBorders>{rules}</w:tblBorders><w:tblCellMar>{pad}</w:tblCellMar></w:tblPr>{head}</w:style>"
    )


def _characters() -> str:
    tones = {"Met": "1F5C2E", "More": "774600", "Claimed": "1C4B85", "Gap": MUTED, "Plain": INK}
    return (
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        + _character("Hyperlink", "Hyperlink", f'<w:color w:val="{ACCENT}"/><w:u w:val="single"/>')
        + _character("Label", "Book Label", f'<w:color w:val="{MUTED}"/>')
        + _character("CodeRun", "Book Code Run", _fonts(CODE_FONT) + '<w:sz w:val="18"/>')
        + "".join(_character(f"Tone{name}", f"Book {name}", _look(bold=True, colour=c)) for name, c in tones.items())
    )


def styles_xml() -> str:
    """The children of `w:styles` without the latent styles: defaults first, then every style of the book."""
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        f"<w:rPr>{_look(colour=INK)}</w:rPr></w:style>"
    )
    none = (
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/></w:style>'
    )
    body = _defaults() + normal + _characters() + none + _tables() + _headings() + _front() + _flow()
    return f"<w:styles {NAMESPACES}>{body}</w:styles>"


def numbering_xml() -> str:
    """Bullets are list 1; ordered lists are added per book, each an instance of abstract list 2."""
    marks = ("•", "–", "▪")
    kinds = ("decimal", "lowerLetter", "lowerRoman")
    bullets = "".join(_level(n, "bullet", marks[n % 3]) for n in range(9))
    numbers = "".join(_level(n, kinds[n % 3], f"%{n + 1}.") for n in range(9))
    return (
        f"<w:numbering {NAMESPACES}>"
        f'<w:abstractNum w:abstractNumId="1"><w:multiLevelType w:val="hybridMultilevel"/>{bullets}</w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="2"><w:multiLevelType w:val="multilevel"/>{numbers}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )


def _level(number: int, kind: str, text: str) -> str:
    left = 397 * (number + 1)
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{left}" w:hanging="397"/></w:pPr>'
        f"<w:rPr>{_look(colour=ACCENT)}</w:rPr></w:lvl>"
    )
