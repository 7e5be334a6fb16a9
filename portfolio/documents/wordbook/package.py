"""The package around the body: every part but the body itself, and the last words on relationships and types.

python-docx lays the ground once per process (part names, relationships, content types, theme); what a book adds are
strings. Nothing about the machine gets in.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC
from functools import cache

import docx
from docx.document import Document

from portfolio.documents.wordbook.content import Book
from portfolio.documents.wordbook.filling import LEARNER_AND_NUMBER, filled, values_of
from portfolio.documents.wordbook.frame import Skeleton
from portfolio.documents.wordbook.markup import flat, paragraph
from portfolio.documents.wordbook.styles import (
    ACCENT,
    BODY_FONT,
    CODE_FONT,
    HEADING_FONT,
    LANDSCAPE,
    NAMESPACES,
    PORTRAIT,
    Page,
    numbering_xml,
    styles_xml,
)

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_UNWANTED = ("stylesWithEffects", "customXml", "thumbnail")
_LATENT = re.compile(r"<w:latentStyles.*?</w:latentStyles>", re.DOTALL)
_REFERENCE = re.compile(r'<w:(header|footer)Reference w:type="default" r:id="(\w+)"/>')
_TARGET = re.compile(r'Id="(\w+)"[^>]*Target="([^"]+)"')


@cache
def skeleton() -> Skeleton:
    """Made once per process."""
    document = docx.Document()
    _leave_out(document)
    document.add_section()
    for section in document.sections:
        for story in (section.header, section.footer):
            story.is_linked_to_previous = False
    saved = io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    body = parts.pop("word/document.xml").decode()
    relationships = parts.pop("word/_rels/document.xml.rels").decode()
    targets = {key: f"word/{target}" for key, target in _TARGET.findall(relationships)}
    references = [(match[0], match[1], targets[match[2]]) for match in _REFERENCE.finditer(body)]
    upright, sideways = references[:2], references[2:]
    parts["word/styles.xml"] = _styles(parts["word/styles.xml"])
    parts["word/numbering.xml"] = b""
    parts["word/theme/theme1.xml"] = _theme(parts["word/theme/theme1.xml"])
    parts["word/settings.xml"] = declared(_SETTINGS)
    parts["word/fontTable.xml"] = declared(_font_table())
    parts["docProps/app.xml"] = declared(_APPLICATION)
    own = {"word/numbering.xml", "docProps/core.xml", "[Content_Types].xml", *(r[2] for r in references)}
    return Skeleton(
        parts=tuple(sorted((name, data) for name, data in parts.items() if name not in own)),
        content_types=_open_ended(parts["[Content_Types].xml"].decode(), "</Types>"),
        relationships=_open_ended(relationships, "</Relationships>"),
        sections=("".join(r[0] for r in upright), "".join(r[0] for r in sideways)),
        stories=(
            (_named(upright, "header"), _HEADER),
            (_named(sideways, "header"), _HEADER),
            (_named(upright, "footer"), footer(PORTRAIT)),
            (_named(sideways, "footer"), footer(LANDSCAPE)),
        ),
    )


def book_parts(frame: Skeleton, book: Book) -> list[tuple[str, bytes]]:
    """The small parts that carry this book's names: headers, footers and properties."""
    values = values_of(book)
    stories = [(name, declared(filled(story, values))) for name, story in frame.stories]
    return [*stories, ("docProps/core.xml", _core(book))]


def content_types(frame: Skeleton) -> bytes:
    """The types of all parts; pictures are PNG or JPEG by their extension."""
    pictures = "".join(f'<Default Extension="{kind}" ContentType="image/{kind}"/>' for kind in ("jpeg", "png"))
    start, mark, rest = frame.content_types.partition("<Default ")
    return f"{start}{pictures}{mark}{rest}</Types>".encode()


def body_relationships(frame: Skeleton, added: str) -> bytes:
    """The relationships of the body with those that the book added."""
    return f"{frame.relationships}{added}</Relationships>".encode()


def numbering(frame: Skeleton, levels: Sequence[int]) -> bytes:
    """Numbering with one fresh count for each ordered list, given by its level; their numbers are 2, 3 and so on."""
    fresh = "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="2"/><w:lvlOverride w:ilvl="{level}">'
        '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        for number, level in enumerate(levels, 2)
    )
    kinds, lists = frame.lists
    ours = numbering_xml().replace('<w:num w:numId="1">', f'{kinds}<w:num w:numId="1">')
    return declared(ours.replace("</w:numbering>", f"{fresh}{lists}</w:numbering>"))


def _leave_out(document: Document) -> None:
    for relationships in (document.part.rels, document.part.package.rels):
        for key in [k for k, r in relationships.items() if any(word in r.reltype for word in _UNWANTED)]:
            del relationships[key]


def _named(references: list[tuple[str, str, str]], kind: str) -> str:
    return next(target for _, found, target in references if found == kind)


def _open_ended(xml: str, last: str) -> str:
    return xml.rstrip().removesuffix(last)


def declared(xml: str) -> bytes:
    """A part of a package from its XML."""
    return (_DECLARATION + xml).encode()


def _styles(template: bytes) -> bytes:
    latent = _LATENT.search(template.decode())
    return declared(styles_xml().replace("</w:docDefaults>", f"</w:docDefaults>{latent[0] if latent else ''}"))


def _theme(template: bytes) -> bytes:
    """The template's theme in our fonts and accent, for what people add to the book in Word."""
    text = template.decode()
    for kind, font in (("major", HEADING_FONT), ("minor", BODY_FONT)):
        pattern = rf'(<a:{kind}Font>\s*<a:latin typeface=")[^"]*'
        text = re.sub(pattern, rf"\g<1>{font}", text)
    text = re.sub(r'(<a:(?:accent1|hlink|folHlink)>\s*<a:srgbClr val=")[0-9A-F]{6}', rf"\g<1>{ACCENT}", text)
    return text.encode()


def footer(page: Page, stops: Iterable[int] = ()) -> str:
    """Whose book it is, and page x of y; as wide as the text of a page, whatever stops the style has."""
    return f"<w:ftr {NAMESPACES}>{footer_line(page, stops)}</w:ftr>"


def footer_line(page: Page, stops: Iterable[int] = (), *, who: bool = True, pages: bool = True) -> str:
    """The line of the footer, or one half of it."""
    cleared = "".join(f'<w:tab w:val="clear" w:pos="{stop}"/>' for stop in sorted(stops) if stop < page.text_width)
    right = f'<w:tabs>{cleared}<w:tab w:val="right" w:pos="{page.text_width}"/></w:tabs>'
    named = f'<w:r><w:t xml:space="preserve">{{{{{LEARNER_AND_NUMBER}}}}}</w:t></w:r>' if who else ""
    counted = (
        '<w:r><w:tab/><w:t xml:space="preserve">Page </w:t></w:r>'
        '<w:fldSimple w:instr=" PAGE "><w:r><w:t>2</w:t></w:r></w:fldSimple>'
        '<w:r><w:t xml:space="preserve"> of </w:t></w:r>'
        '<w:fldSimple w:instr=" NUMPAGES "><w:r><w:t>2</w:t></w:r></w:fldSimple>'
    )
    return paragraph("Footer", named + (counted if pages else ""), right)


def _core(book: Book) -> bytes:
    at = book.as_of.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return declared(
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{flat(f'{book.title}: {book.learner}')}</dc:title>"
        f"<dc:subject>{flat(book.qualification)}</dc:subject><dc:creator>{flat(book.centre)}</dc:creator>"
        f"<cp:lastModifiedBy>{flat(book.centre)}</cp:lastModifiedBy><cp:revision>1</cp:revision>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{at}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{at}</dcterms:modified><dc:language>en-GB</dc:language>'
        "</cp:coreProperties>"
    )


def _font_table() -> str:
    kinds = ((HEADING_FONT, "Georgia", "roman"), (BODY_FONT, "Carlito", "swiss"), (CODE_FONT, "Courier New", "modern"))
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:family w:val="{family}"/>'
        f'<w:pitch w:val="{"fixed" if family == "modern" else "variable"}"/></w:font>'
        for name, other, family in kinds
    )
    return f"<w:fonts {NAMESPACES}>{fonts}</w:fonts>"


_HEADER = (
    f"<w:hdr {NAMESPACES}>"
    + paragraph("Header", '<w:r><w:t xml:space="preserve">{{qualification}}</w:t></w:r>')
    + "</w:hdr>"
)
_WORD_2013 = "http://schemas.microsoft.com/office/word"
_SETTINGS = (
    f'<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="709"/>'
    '<w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
    f'<w:compatSetting w:name="compatibilityMode" w:uri="{_WORD_2013}" w:val="15"/>'
    f'<w:compatSetting w:name="overrideTableStyleFontSizeAndJustification" w:uri="{_WORD_2013}" w:val="1"/>'
    f'<w:compatSetting w:name="enableOpenTypeFeatures" w:uri="{_WORD_2013}" w:val="1"/>'
    f'<w:compatSetting w:name="doNotFlipMirrorIndents" w:uri="{_WORD_2013}" w:val="1"/></w:compat>'
    '<w:themeFontLang w:val="en-GB"/><w:clrSchemeMapping w:bg1="light1" w:t1="dark1" w:bg2="light2" w:t2="dark2" '
    'w:accent1="accent1" w:accent2="accent2" w:accent3="accent3" w:accent4="accent4" w:accent5="accent5" '
    'w:accent6="accent6" w:hyperlink="hyperlink" w:followedHyperlink="followedHyperlink"/>'
    '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
)
_APPLICATION = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>NVQ Portfolio</Application><DocSecurity>0</DocSecurity></Properties>"
)
