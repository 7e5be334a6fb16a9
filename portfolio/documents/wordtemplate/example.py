"""A template to start from: our own styles, a header, a footer and a cover with fields, as a Word file to change."""

from functools import cache

from portfolio.documents.wordbook.markup import paragraph, text_xml
from portfolio.documents.wordbook.package import footer_line, skeleton
from portfolio.documents.wordbook.styles import ACCENT, HEADING_FONT, MUTED, NAMESPACES, PORTRAIT
from portfolio.documents.wordtemplate.packing import packed


@cache
def example() -> bytes:
    """The file; the same whenever it is made."""
    ours = dict(skeleton().parts)
    right = f'<w:tabs><w:tab w:val="right" w:pos="{PORTRAIT.text_width}"/></w:tabs>'
    header = paragraph("Header", _run("{{centre}}") + "<w:r><w:tab/></w:r>" + _run("{{qualification}}"), right)
    return packed(
        {
            "document": f"<w:document {NAMESPACES}><w:body>{_cover()}{_section()}</w:body></w:document>",
            "styles": ours["word/styles.xml"].decode(),
            "theme": ours["word/theme/theme1.xml"].decode(),
            "numbering": _numbering(),
            "header-default": f"<w:hdr {NAMESPACES}>{header}</w:hdr>",
            "header-first": f"<w:hdr {NAMESPACES}>{paragraph('Header', '')}</w:hdr>",
            "footer-default": f"<w:ftr {NAMESPACES}>{_footer()}</w:ftr>",
            "footer-first": f"<w:ftr {NAMESPACES}>{paragraph('Header', '')}</w:ftr>",
        },
        {},
    )


def _footer() -> str:
    """Our own, in fields that a person can move about."""
    said = _run("{{learner}}, {{registration number}}")
    return footer_line(PORTRAIT).replace(_run("{{learner and number}}"), said)


def _cover() -> str:
    """A page that says in large letters whose book it is."""
    font = f'<w:rFonts w:ascii="{HEADING_FONT}" w:hAnsi="{HEADING_FONT}"/>'
    large = f'{font}<w:b/><w:color w:val="{ACCENT}"/><w:sz w:val="64"/>'
    quiet = f'<w:color w:val="{MUTED}"/><w:sz w:val="24"/>'
    lines = (
        ("{{centre}}", quiet, 2_400, 1_200),
        ("{{learner}}", large, 0, 240),
        ("{{qualification}}", '<w:sz w:val="32"/>', 0, 1_800),
        ("Registration number {{registration number}}", quiet, 0, 120),
        ("Awarding organisation: {{awarding organisation}}", quiet, 0, 120),
        ("Centre number {{centre number}}", quiet, 0, 120),
        ("{{date}}", quiet, 0, 120),
    )
    return "".join(
        f'<w:p><w:pPr><w:spacing w:before="{before}" w:after="{after}"/></w:pPr>'
        f"<w:r><w:rPr>{look}</w:rPr>{text_xml(words)}</w:r></w:p>"
        for words, look, before, after in lines
    )


def _section() -> str:
    size = PORTRAIT.size_xml
    return f"<w:sectPr>{size}<w:titlePg/></w:sectPr>"


def _run(words: str) -> str:
    return f"<w:r>{text_xml(words)}</w:r>"


def _numbering() -> str:
    """The bullets that the list style stands on."""
    return (
        f'<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="1"><w:multiLevelType w:val="hybridMultilevel"/>'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="397" w:hanging="397"/></w:pPr></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )
