"""Puts a template that we keep around the books: its styles beside ours, its header and footer, its cover."""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from lxml import etree

from portfolio.documents.wordbook.filling import LEARNER_AND_NUMBER
from portfolio.documents.wordbook.frame import Skeleton
from portfolio.documents.wordbook.markup import paragraph
from portfolio.documents.wordbook.package import declared, footer, footer_line, skeleton
from portfolio.documents.wordbook.styles import ACCENT, HEADING_FONT, Page, styles_xml
from portfolio.documents.wordtemplate.looks import HEADINGS, value
from portfolio.documents.wordtemplate.opening import W
from portfolio.documents.wordtemplate.packing import MEDIA, relationships, shown_in
from portfolio.documents.wordtemplate.reading import fragment, text_of
from portfolio.documents.wordtemplate.tabs import Stops, put_in_order, stops_by_style, stretched
from portfolio.documents.xml_parts import parse

_MARGINS = (567, 4_536)
_EDGES = (200, 2_268)
_LATENT = re.compile(r"<w:latentStyles.*?</w:latentStyles>", re.DOTALL)
_DRAWING = re.compile(r'(<wp:docPr (?:[^>]* )?id=")([0-9]+)')
_ROOM_FOR_DRAWINGS = 1_000_000
_LEAST_CONTRAST = 4.5
_SEEN_AT_ALL, _LEAST_SIZE = 2.0, 10
"""What letters above or below a page need to count as saying something: a contrast, and a size in half points."""
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_FRONT = {"header": "word/header3.xml", "footer": "word/footer3.xml"}


@lru_cache(maxsize=4)
def frame_of(content: bytes) -> Skeleton:
    """The frame of a template as it is kept."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        kept = {name: package.read(name) for name in package.namelist()}
    pictures = {name: data for name, data in kept.items() if MEDIA.fullmatch(name)}
    document, styles = parse(kept["word/document.xml"]), parse(kept["word/styles.xml"])
    sections = list(document.iter(_w("sectPr")))
    section = sections[-1]
    base = skeleton()
    merged = _merged(styles)
    stories = {
        name: parse(kept[f"word/{name}.xml"])
        for name in ("header-default", "header-first", "footer-default", "footer-first")
        if f"word/{name}.xml" in kept
    }
    pages = _pages(section, base.pages)
    text_width = (
        _measure(section, "pgSz", "w") - _measure(section, "pgMar", "left") - _measure(section, "pgMar", "right")
    )
    stops = stops_by_style({str(style.get(_w("styleId"))): style for style in merged.iter(_w("style"))})
    written = _stories(stories, stops, pages, text_width, base)
    front, fronts = _front(stories, section, stops, text_width, pages[0])
    cover = _cover(document, section, front)
    fixed = {
        "word/styles.xml": declared(_with_latent(merged, dict(base.parts)["word/styles.xml"].decode())),
        "word/theme/theme1.xml": kept["word/theme/theme1.xml"],
    }
    parts = {**dict(base.parts), **fixed, **pictures}
    every = tuple((name, _numbered_apart(story, place)) for place, (name, story) in enumerate((*written, *fronts), 1))
    for name, story in every:
        if shown := shown_in(story, pictures):
            parts[f"word/_rels/{name.removeprefix('word/')}.rels"] = relationships(shown)
    kinds = "".join(
        f'<Override PartName="/{name}" ContentType="{_TYPE}.{_kind(name)}+xml"/>' for name, _story in fronts
    )
    related = "".join(
        f'<Relationship Id="rFront{_kind(name)}" Type="{_OFFICE}/{_kind(name)}" Target="{name.removeprefix("word/")}"/>'
        for name, _story in fronts
    )
    return replace(
        base,
        parts=tuple(sorted(parts.items())),
        content_types=base.content_types + kinds,
        relationships=base.relationships + related + shown_in(cover, pictures),
        stories=every,
        pages=pages,
        front=front,
        cover=cover,
        lists=_lists(kept.get("word/numbering.xml")),
    )


def _w(name: str) -> str:
    return f"{{{W}}}{name}"


def _kind(name: str) -> str:
    return "header" if "header" in name else "footer"


def _measure(section: etree._Element, element: str, name: str) -> int:
    found = section.find(_w(element))
    return 0 if found is None else int(found.get(_w(name)) or 0)


def _pages(section: etree._Element, ours: tuple[Page, Page]) -> tuple[Page, Page]:
    """Our pages with the room above and below that the template leaves."""

    def within(name: str, bounds: tuple[int, int]) -> int:
        return min(max(_measure(section, "pgMar", name), bounds[0]), bounds[1])

    upright, sideways = (
        replace(
            page,
            top=within("top", _MARGINS),
            bottom=within("bottom", _MARGINS),
            header=within("header", _EDGES),
            footer=within("footer", _EDGES),
        )
        for page in ours
    )
    return upright, sideways


def _merged(styles: etree._Element) -> etree._Element:
    """The template's styles, with what the book relies on put right, and ours for those that it lacks."""
    ours = parse(styles_xml().encode())
    present = {str(style.get(_w("styleId"))): style for style in styles.iter(_w("style"))}
    defaults = styles.find(_w("docDefaults"))
    our_defaults = ours.find(_w("docDefaults"))
    if defaults is None and our_defaults is not None:
        styles.insert(0, our_defaults)
    elif defaults is not None:
        _speak_english(defaults)
    dress = _dress(present)
    for style in ours.findall(_w("style")):
        key = str(style.get(_w("styleId")))
        if key in present:
            _rely_on(present[key], style, key)
        else:
            styles.append(dress(style))
    return styles


def _speak_english(defaults: etree._Element) -> None:
    """British English, whatever language the template's machine spoke."""
    outer = defaults.find(_w("rPrDefault"))
    if outer is None:
        outer = etree.Element(_w("rPrDefault"))
        defaults.insert(0, outer)
    inner = outer.find(_w("rPr"))
    if inner is None:
        inner = etree.SubElement(outer, _w("rPr"))
    language = etree.SubElement(inner, _w("lang"))
    for name, said in (("val", "en-GB"), ("eastAsia", "en-GB"), ("bidi", "ar-SA")):
        language.set(_w(name), said)


def _rely_on(style: etree._Element, ours: etree._Element, key: str) -> None:
    """What a book cannot do without: levels, new pages and never a heading alone; the column of page numbers."""
    if ours.get(_w("default")):
        style.set(_w("default"), "1")
    wanted = (
        ("keepNext", "keepLines", "pageBreakBefore", "outlineLvl")
        if key in HEADINGS
        else ("tabs",)
        if key in {"TOC1", "TOC2"}
        else ()
    )
    for name in wanted:
        _set_property(style, name, ours.find(f"{_w('pPr')}/{_w(name)}"))


def _set_property(style: etree._Element, name: str, wanted: etree._Element | None) -> None:
    """A paragraph property of a style as wanted, or gone."""
    properties = style.find(_w("pPr"))
    if properties is None:
        properties = etree.SubElement(style, _w("pPr"))
        put_in_order(style)
    for present in properties.findall(_w(name)):
        properties.remove(present)
    if wanted is not None:
        properties.append(etree.fromstring(etree.tostring(wanted, with_tail=False)))
        put_in_order(properties)


class _Dress:
    """Gives a style of ours the template's heading font and colour, and frees it of indents that text there has."""

    def __init__(self, font: etree._Element | None, colour: str, loose: tuple[str, ...]) -> None:
        self._font, self._colour, self._loose = font, colour, loose

    def __call__(self, style: etree._Element) -> etree._Element:
        for fonts in list(style.iter(_w("rFonts"))):
            holder = fonts.getparent()
            if self._font is not None and holder is not None and fonts.get(_w("ascii")) == HEADING_FONT:
                holder.replace(fonts, etree.fromstring(etree.tostring(self._font, with_tail=False)))
        for element in style.iter() if self._colour else ():
            for name in (_w("val"), _w("color")):
                if element.get(name) == ACCENT:
                    element.set(name, self._colour)
        if value(style, "basedOn") == "Normal":
            properties = style.find(_w("pPr"))
            for name in self._loose:
                if properties is None or properties.find(_w(name)) is None:
                    _set_property(style, name, _NEUTRAL[name])
        return style


_NEUTRAL = {
    "ind": etree.fromstring(f'<w:ind xmlns:w="{W}" w:left="0" w:right="0" w:firstLine="0"/>'),
    "jc": etree.fromstring(f'<w:jc xmlns:w="{W}" w:val="left"/>'),
}


def _dress(present: Mapping[str, etree._Element]) -> _Dress:
    heading = next((present[key] for key in ("Heading1", "Heading2", "Title") if key in present), None)
    font = None if heading is None else heading.find(f"{_w('rPr')}/{_w('rFonts')}")
    colours = (
        value(present[key].find(_w("rPr")), "color") for key in ("Heading2", "Heading1", "Title") if key in present
    )
    colour = next((one.upper() for one in colours if re.fullmatch("[0-9A-Fa-f]{6}", one) and _is_legible(one)), "")
    normal = present.get("Normal")
    properties = None if normal is None else normal.find(_w("pPr"))
    loose = tuple(name for name in _NEUTRAL if properties is not None and properties.find(_w(name)) is not None)
    return _Dress(font, colour, loose)


def _is_legible(colour: str, least: float = _LEAST_CONTRAST) -> bool:
    """Whether text of this colour can be read on white."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= least


def _with_latent(styles: etree._Element, ours: str) -> str:
    latent = _LATENT.search(ours)
    return text_of(styles).replace("</w:docDefaults>", f"</w:docDefaults>{latent[0] if latent else ''}", 1)


def _stories(
    stories: Mapping[str, etree._Element],
    stops: Mapping[str, Stops],
    pages: tuple[Page, Page],
    text_width: int,
    base: Skeleton,
) -> tuple[tuple[str, str], ...]:
    """Header and footer of both kinds of pages. What every page must say is added where the template does not."""
    shown = [root for name, root in stories.items() if name.endswith("-default")]
    said = "\n".join(map(_legible_text, shown))
    who = f"{{{{{LEARNER_AND_NUMBER}}}}}" in said or ("{{learner}}" in said and "{{registration number}}" in said)
    counted = {one.get(_w("instr")) for root in shown for one in root.iter(_w("fldSimple"))} >= {" PAGE ", " NUMPAGES "}
    made = []
    for (name, ours), page in zip(base.stories, pages * 2, strict=True):
        story = stories.get(f"{_kind(name)}-default")
        own = stops.get("Footer", {})
        if story is None:
            made.append((name, ours if _kind(name) == "header" else footer(page, own)))
            continue
        text = text_of(stretched(story, stops, text_width, page))
        if _kind(name) == "footer" and not (who and counted):
            line = footer_line(page, own, who=not who, pages=not counted)
            text = text.replace("</w:ftr>", f"{line}</w:ftr>")
        made.append((name, text))
    return tuple(made)


def _legible_text(story: etree._Element) -> str:
    """What a story says in letters that can be read: neither tiny nor hardly darker than paper."""
    return "\n".join(
        text.text or ""
        for run in story.iter(_w("r"))
        if _can_be_read(run.find(_w("rPr")))
        for text in run.iter(_w("t"))
    )


def _can_be_read(look: etree._Element | None) -> bool:
    colour, size = value(look, "color"), value(look, "sz")
    is_pale = re.fullmatch("[0-9A-Fa-f]{6}", colour) is not None and not _is_legible(colour, _SEEN_AT_ALL)
    return not is_pale and not (size.isdecimal() and int(size) < _LEAST_SIZE)


def _numbered_apart(story: str, place: int) -> str:
    """A story whose drawings have other numbers than those of the cover and of the stories before it."""
    return _DRAWING.sub(lambda found: f"{found[1]}{int(found[2]) + place * _ROOM_FOR_DRAWINGS}", story)


def _front(
    stories: Mapping[str, etree._Element],
    section: etree._Element,
    stops: Mapping[str, Stops],
    text_width: int,
    page: Page,
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """What stands above and below cover and title page, as the template has it on its first page."""
    wanted = "default" if section.find(_w("titlePg")) is None else "first"
    fronts = tuple(
        (_FRONT[kind], text_of(stretched(stories[f"{kind}-{wanted}"], stops, text_width, page)))
        for kind in ("header", "footer")
        if f"{kind}-{wanted}" in stories
    )
    references = "".join(
        f'<w:{_kind(name)}Reference w:type="default" r:id="rFront{_kind(name)}"/>' for name, _story in fronts
    )
    return references, fronts


def _cover(document: etree._Element, section: etree._Element, front: str) -> str:
    """The cover with the end of its section; nothing where the template has none."""
    body = document.find(_w("body"))
    blocks = [] if body is None else [one for one in body if one.tag != _w("sectPr")]
    is_empty = not any(len(block) > 1 or block.find(f".//{_w('r')}") is not None for block in blocks)
    if is_empty:
        return ""
    size = "".join(fragment(one) for one in section if one.tag in {_w("pgSz"), _w("pgMar"), _w("cols"), _w("vAlign")})
    size = size.replace("<w:pgSz", '<w:type w:val="nextPage"/><w:pgSz', 1)
    ended = paragraph("SectionEnd", "", f"<w:sectPr>{front}{size}</w:sectPr>")
    return "".join(map(fragment, blocks)) + ended


def _lists(numbering: bytes | None) -> tuple[str, str]:
    if numbering is None:
        return "", ""
    root = parse(numbering)
    kinds, lists = ("".join(map(fragment, root.findall(_w(name)))) for name in ("abstractNum", "num"))
    return kinds, lists
