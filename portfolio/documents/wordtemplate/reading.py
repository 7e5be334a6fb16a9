"""Reads a template in the child process: what is taken is written anew, what cannot be is said, all at once."""

import base64
import io
import re
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree
from PIL import Image

from portfolio.documents.codec import Json
from portfolio.documents.pictures import MAX_PIXELS
from portfolio.documents.wordbook.package import skeleton
from portfolio.documents.wordbook.styles import NAMESPACES, PORTRAIT
from portfolio.documents.wordtemplate.fields import settle_ours, settle_words_own
from portfolio.documents.wordtemplate.looks import COVER_HEADING, Lists, Looks, our_styles, theme_with
from portfolio.documents.wordtemplate.opening import DAMAGED, Opened, R, W, opened
from portfolio.documents.wordtemplate.packing import STORIES, packed
from portfolio.documents.wordtemplate.story import Copier
from portfolio.documents.wordtemplate.tabs import stops_by_style

_MOST_PICTURE = 10 * 1000**2
_MOST_PICTURES = 40
_LONGEST = 2_000
_PNG_WORTH_KEEPING = 1_500_000
_KINDS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
_SIDES = (5_000, 25_000)
_MOST_MARGIN = 4_536
_TEXT_TOLERANCE = 30
_MOST_STOPS = 64
_MOST_WORDS, _MOST_PARAGRAPHS, _MOST_LETTERS = 20_000, 500, 20_000

PICTURE_LEFT = "A picture of a kind that cannot be shown was left out. Put a PNG or JPEG in its place."
MANY_PICTURES = f"It shows more than {_MOST_PICTURES} pictures."
EVEN_LEFT = "Headers and footers for even pages were left out: every page of a book has the same."
SIDES_KEPT = "The side margins of a book stay 2 cm, so that matrices and tables have their room."
SIZE_KEPT = "Pages after the cover are A4."
BREAKS_LEFT = "Sections inside the cover became new pages."
MANY_STOPS = f"A style has more than {_MOST_STOPS} tab stops. Clear those that nothing stands at."
LONG_COVER = f"Its pages hold more than {_MOST_WORDS:,} words. Leave only what the cover is to say."
LONG_STORY = f"A header or footer has more than {_MOST_PARAGRAPHS} paragraphs or {_MOST_LETTERS:,} letters. Shorten it."
_PROPERTIES = ("pgSz", "pgMar", "vAlign")


@dataclass
class _Taken:
    """What has been taken so far."""

    parts: dict[str, etree._Element] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)
    by_part: dict[str, int | None] = field(default_factory=dict)


def read(path: str) -> Json:
    """What the child process answers: all `faults`, or the `package` in base 64, what it holds, what was left out."""
    found = opened(Path(path))
    if isinstance(found, str):
        return {"faults": [found]}
    found.check()
    main = found.tree(found.main) if not found.faults else None
    taken, package, facts = _Taken(), b"", None
    if main is not None:
        try:
            package, facts = _Reader(found, taken).whole(main)
        except RecursionError:
            found.fault(DAMAGED)
    if found.faults or main is None:
        return {"faults": [*(found.faults or (DAMAGED,))]}
    return {"package": base64.b64encode(package).decode(), "facts": facts, "notes": [*found.notes]}


class _Reader:
    """Takes one template part by part."""

    def __init__(self, found: Opened, taken: _Taken) -> None:
        self._opened = found
        self._taken = taken
        self._copier = Copier(found)
        self._targets = found.targets(found.main)
        self._looks = Looks(found, self._copier, self._part_of_kind("styles"))
        self._lists = Lists(self._copier, self._part_of_kind("numbering"))
        if not found.faults and any(len(stops) > _MOST_STOPS for stops in stops_by_style(self._looks.styles).values()):
            found.fault(MANY_STOPS)

    def whole(self, main: etree._Element) -> tuple[bytes, Json]:
        """The package of ours, and what it holds in words."""
        body = main.find(f"{{{W}}}body")
        if body is None:
            self._opened.fault(DAMAGED)
            return b"", None
        sections = list(body.iter(f"{{{W}}}sectPr"))
        page = self._page(sections[-1] if sections else None)
        stories = self._stories(sections)
        cover = self._story(main, body, found_in=self._opened.main, tag="body", words="Picture on the cover")
        _without_end(cover)
        for name, (part, tag) in stories.items():
            self._story_part(name, part, tag)
        for style in self._looks.styles.values():
            self._lists.settle(style)
        for root in (cover, *self._taken.parts.values()):
            self._looks.settle(root)
            self._looks.as_cover(root)
            self._lists.settle(root)
        for style in self._looks.styles.values():
            _without_language(style)
        return self._packed(cover, page), self._facts(cover)

    def _part_of_kind(self, kind: str) -> etree._Element | None:
        name = next((target for found, target in self._targets.values() if found == kind), None)
        return None if name is None else self._opened.tree(name)

    def _stories(self, sections: list[etree._Element]) -> dict[str, tuple[str, str]]:
        """Which part holds what stands above and below the pages of the last section, and above and below its first."""
        found: dict[str, tuple[str, str]] = {}
        for section in sections:
            for kind, tag in (("header", "hdr"), ("footer", "ftr")):
                for reference in section.findall(f"{{{W}}}{kind}Reference"):
                    of = reference.get(f"{{{W}}}type") or "default"
                    target = self._targets.get(reference.get(f"{{{R}}}id") or "", ("", ""))
                    if of == "even":
                        self._opened.note(EVEN_LEFT)
                    elif target[0] == kind:
                        found[f"{kind}-{of}"] = (target[1], tag)
        has_first = bool(sections) and _is_on(sections[-1].find(f"{{{W}}}titlePg"))
        return {name: part for name, part in found.items() if name in STORIES and (has_first or "first" not in name)}

    def _story_part(self, name: str, part: str, tag: str) -> None:
        root = self._opened.tree(part)
        if root is None:
            return
        words = "Picture in the header" if tag == "hdr" else "Picture in the footer"
        made = self._story(root, root, found_in=part, tag=tag, words=words)
        if not len(made):
            etree.SubElement(made, f"{{{W}}}p")
        self._taken.parts[name] = made

    def _story(
        self, whole: etree._Element, source: etree._Element, *, found_in: str, tag: str, words: str
    ) -> etree._Element:
        """The text of a part, with its fields and pictures settled."""
        targets = self._targets if found_in == self._opened.main else self._opened.targets(found_in)
        if tag == "body":
            self._part_sections(source)
        settle_words_own(whole, self._opened)

        def picture(key: str) -> str | None:
            kind, name = targets.get(key, ("", ""))
            number = self._picture(name) if kind == "image" else None
            return None if number is None else f"rTemplate{number}"

        made = self._copier.copied(source, tag, picture, words)
        texts = [one.text or "" for one in made.iter(f"{{{W}}}t")]
        if tag == "body":
            if sum(len(text.split()) for text in texts) > _MOST_WORDS:
                self._opened.fault(LONG_COVER)
        elif sum(map(len, texts)) > _MOST_LETTERS or len(list(made.iter(f"{{{W}}}p"))) > _MOST_PARAGRAPHS:
            self._opened.fault(LONG_STORY)
        self._taken.fields |= settle_ours(made, self._opened)
        _without_language(made)
        return made

    def _part_sections(self, body: etree._Element) -> None:
        """A new page in place of each section that ends inside the cover."""
        for properties in list(body.iter(f"{{{W}}}pPr")):
            if properties.find(f"{{{W}}}sectPr") is not None and (holder := properties.getparent()) is not None:
                run = etree.SubElement(holder, f"{{{W}}}r")
                etree.SubElement(run, f"{{{W}}}br").set(f"{{{W}}}type", "page")
                self._opened.note(BREAKS_LEFT)

    def _picture(self, name: str) -> int | None:
        """The number of a picture among those taken; None for one that cannot be shown."""
        by_part = self._taken.by_part
        if name not in by_part:
            data = self._opened.raw(name, _MOST_PICTURE)
            drawn = None if data is None else _drawn(data)
            if drawn is None:
                self._opened.note(PICTURE_LEFT)
                by_part[name] = None
            elif len(self._taken.pictures) >= _MOST_PICTURES:
                self._opened.fault(MANY_PICTURES)
                by_part[name] = None
            else:
                by_part[name] = number = len(self._taken.pictures) + 1
                self._taken.pictures[f"word/media/template{number}.{drawn[1]}"] = drawn[0]
        return by_part[name]

    def _page(self, section: etree._Element | None) -> str:
        """The size and margins of the last section, where they are sane."""
        found = {"w": PORTRAIT.width, "h": PORTRAIT.height}
        margins = {"top": 1440, "right": 1440, "bottom": 1440, "left": 1440, "header": 708, "footer": 708}
        if section is not None:
            found |= _numbers(section.find(f"{{{W}}}pgSz"), found)
            margins |= _numbers(section.find(f"{{{W}}}pgMar"), margins)
        if not all(_SIDES[0] <= side <= _SIDES[1] for side in found.values()):
            found = {"w": PORTRAIT.width, "h": PORTRAIT.height}
        margins = {side: min(abs(margin), _MOST_MARGIN) for side, margin in margins.items()}
        if abs(found["w"] - margins["left"] - margins["right"] - PORTRAIT.text_width) > _TEXT_TOLERANCE:
            self._opened.note(SIDES_KEPT)
        if abs(found["w"] - PORTRAIT.width) > _TEXT_TOLERANCE or abs(found["h"] - PORTRAIT.height) > _TEXT_TOLERANCE:
            self._opened.note(SIZE_KEPT)
        turned = ' w:orient="landscape"' if found["w"] > found["h"] else ""
        sides = " ".join(f'w:{side}="{margins[side]}"' for side in ("top", "right", "bottom", "left"))
        aligned = None if section is None else section.find(f"{{{W}}}vAlign")
        at = "" if aligned is None else aligned.get(f"{{{W}}}val") or ""
        first = "<w:titlePg/>" if section is not None and _is_on(section.find(f"{{{W}}}titlePg")) else ""
        return (
            f'<w:sectPr><w:pgSz w:w="{found["w"]}" w:h="{found["h"]}"{turned}/><w:pgMar {sides} '
            f'w:header="{margins["header"]}" w:footer="{margins["footer"]}" w:gutter="0"/><w:cols w:space="708"/>'
            + (f'<w:vAlign w:val="{at}"/>' if at in {"center", "bottom"} else "")
            + f"{first}</w:sectPr>"
        )

    def _packed(self, cover: etree._Element, page: str) -> bytes:
        looks = [one for one in (self._looks.defaults,) if one is not None]
        for one in looks:
            _without_language(one)
        styles = "".join(map(fragment, (*looks, *self._looks.styles.values())))
        ours = dict(skeleton().parts)["word/theme/theme1.xml"].decode()
        body = "".join(map(fragment, cover)) or "<w:p/>"
        parts = {
            "document": f"<w:document {NAMESPACES}><w:body>{body}{page}</w:body></w:document>",
            "styles": f"<w:styles {NAMESPACES}>{styles}</w:styles>",
            "theme": theme_with(ours, self._part_of_kind("theme")),
            **{name: text_of(root) for name, root in self._taken.parts.items()},
        }
        lists = "".join(map(fragment, self._lists.made()))
        if lists:
            parts["numbering"] = f"<w:numbering {NAMESPACES}>{lists}</w:numbering>"
        return packed(parts, self._taken.pictures)

    def _facts(self, cover: etree._Element) -> Json:
        """What was taken, in words."""
        styles = self._looks.styles
        matched = [name for key, (_kind, name) in our_styles().items() if key in styles]
        own = [key for key in styles if key not in our_styles() and not key.startswith(COVER_HEADING)]
        used = [f"{{{{{name}}}}}" for name in sorted(self._taken.fields)]
        facts = {
            "Styles": f"{len(matched)} of the {len(our_styles())} that a book uses; ours stand in for the others. "
            f"{len(own)} more of your own.",
            "Cover": "Taken over" if len(cover) else "None",
            "Header": _said(self._taken.parts, "header", "ours, with the qualification"),
            "Footer": _said(self._taken.parts, "footer", "ours, with learner, number and pages"),
            "Pictures": str(len(self._taken.pictures)),
            "Fields": ", ".join(used) or "None",
        }
        return [[label, words] for label, words in facts.items()]


def text_of(element: etree._Element) -> str:
    """An element as text, with the names of its spaces on itself alone."""
    made = etree.fromstring(etree.tostring(element, with_tail=False))
    etree.cleanup_namespaces(made, keep_ns_prefixes=["wps"] if made.find(".//{*}Choice") is not None else [])
    return etree.tostring(made, encoding="unicode")


def fragment(element: etree._Element) -> str:
    """An element as text that stands in a part which names the common spaces already."""
    return text_of(element).replace(f' xmlns:w="{W}"', "").replace(f' xmlns:r="{R}"', "")


def _said(parts: dict[str, etree._Element], kind: str, otherwise: str) -> str:
    if f"{kind}-default" not in parts:
        return f"None; books have {otherwise}"
    return "Taken over, with another on the first pages" if f"{kind}-first" in parts else "Taken over"


def _without_end(cover: etree._Element) -> None:
    """No empty paragraphs and no new page at the end of the cover."""
    wanted = tuple(f"{{{W}}}{name}" for name in ("t", "drawing", "sym", "fldSimple"))
    while len(cover) and cover[-1].tag == f"{{{W}}}p":
        if any((one.text or "").strip() or one.tag != wanted[0] for one in cover[-1].iter(*wanted)):
            break
        cover.remove(cover[-1])
    if not len(cover):
        return
    for run in reversed(cover[-1].findall(f"{{{W}}}r")):
        breaks = [one for one in run.findall(f"{{{W}}}br") if one.get(f"{{{W}}}type") == "page"]
        if not breaks:
            break
        for one in breaks:
            run.remove(one)


def _without_language(root: etree._Element) -> None:
    """The book says itself what language it is in."""
    for one in list(root.iter(f"{{{W}}}lang")):
        holder = one.getparent()
        if holder is not None:
            holder.remove(one)


def _is_on(toggle: etree._Element | None) -> bool:
    return toggle is not None and (toggle.get(f"{{{W}}}val") or "1") in {"1", "true", "on"}


def _numbers(element: etree._Element | None, names: dict[str, int]) -> dict[str, int]:
    """The whole numbers among an element's attributes of these names."""
    given = {name: "" if element is None else element.get(f"{{{W}}}{name}") or "" for name in names}
    return {name: int(said) for name, said in given.items() if re.fullmatch(r"-?[0-9]{1,6}", said)}


def _drawn(data: bytes) -> tuple[bytes, str] | None:
    """A picture drawn anew, with nothing but its pixels, and its kind; None for what is none."""
    try:
        with Image.open(io.BytesIO(data), formats=list(_KINDS)) as source:
            width, height = source.size
            if width * height > MAX_PIXELS:
                return None
            is_photo = source.format == "JPEG"
            image = source.convert("RGBA" if source.has_transparency_data else "RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, EOFError):
        return None
    image.thumbnail((_LONGEST, _LONGEST), Image.Resampling.LANCZOS)
    output = io.BytesIO()
    if not is_photo:
        image.save(output, "PNG", optimize=True)
        if image.mode == "RGBA" or output.tell() <= _PNG_WORTH_KEEPING:
            return output.getvalue(), "png"
        output = io.BytesIO()
    image.convert("RGB").save(output, "JPEG", quality=88)
    return output.getvalue(), "jpeg"
