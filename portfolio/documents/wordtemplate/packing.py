"""A template as it is kept: a small Word file of ours with nothing in it but what was taken. Same parts, same bytes."""

import io
import re
import zipfile
from collections.abc import Mapping

from portfolio.documents.wordbook.package import declared, skeleton
from portfolio.documents.wordtemplate.opening import TROUBLE

STORIES = ("header-default", "header-first", "footer-default", "footer-first")
"""The parts besides the cover that hold text; each may be missing."""
MEDIA = re.compile(r"word/media/template([0-9]{1,3})\.(png|jpeg)")
_SHOWN = re.compile(r'r:embed="rTemplate([0-9]{1,3})"')
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_FIXED = {
    "styles": ("styles.xml", f"{_WORD}.styles+xml"),
    "settings": ("settings.xml", f"{_WORD}.settings+xml"),
    "fontTable": ("fontTable.xml", f"{_WORD}.fontTable+xml"),
    "theme": ("theme/theme1.xml", "application/vnd.openxmlformats-officedocument.theme+xml"),
    "numbering": ("numbering.xml", f"{_WORD}.numbering+xml"),
}

_ALWAYS = frozenset(("word/document.xml", "word/styles.xml", "word/theme/theme1.xml"))


def packed(parts: Mapping[str, str], pictures: Mapping[str, bytes]) -> bytes:
    """The file from its parts: `document`, `styles`, `theme`, and perhaps `numbering` and stories, by these names; and
    pictures by the names of their parts.
    """
    ours = dict(skeleton().parts)
    fixed = {"settings": ours["word/settings.xml"].decode(), "fontTable": ours["word/fontTable.xml"].decode()}
    whole = {**fixed, **parts}
    stories = [name for name in STORIES if name in whole]
    names = [(kind, leaf, media) for kind, (leaf, media) in _FIXED.items() if kind in whole]
    names += [(name.partition("-")[0], f"{name}.xml", f"{_WORD}.{name.partition('-')[0]}+xml") for name in stories]
    types = f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
    types += "".join(f'<Override PartName="/word/{leaf}" ContentType="{media}"/>' for _kind, leaf, media in names)
    related = "".join(
        f'<Relationship Id="r{number}" Type="{_OFFICE}/{kind}" Target="{leaf}"/>'
        for number, (kind, leaf, _media) in enumerate(names, 1)
    )
    files: dict[str, bytes] = {
        "[Content_Types].xml": declared(
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="jpeg" ContentType="image/jpeg"/>'
            '<Default Extension="png" ContentType="image/png"/><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>'
        ),
        "_rels/.rels": relationships(
            f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
        ),
        "word/document.xml": declared(_with_references(whole["document"], names)),
        "word/_rels/document.xml.rels": relationships(related + shown_in(whole["document"], pictures)),
    }
    for kind, leaf, _media in names:
        text = whole[leaf.removesuffix(".xml")] if kind in {"header", "footer"} else whole[kind]
        files[f"word/{leaf}"] = text.encode() if text.startswith("<?xml") else declared(text)
        if kind in {"header", "footer"} and (shown := shown_in(text, pictures)):
            files[f"word/_rels/{leaf}.rels"] = relationships(shown)
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as package:
        for name, data in (*sorted(files.items()), *sorted(pictures.items())):
            member = zipfile.ZipInfo(name, _EARLIEST)
            member.compress_type = zipfile.ZIP_STORED if name in pictures else zipfile.ZIP_DEFLATED
            member.create_system = 0
            package.writestr(member, data)
    return output.getvalue()


def is_packed(content: bytes) -> bool:
    """Whether these bytes are a file with the parts that every template has; nothing in them is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return _ALWAYS.issubset(package.namelist())
    except TROUBLE:
        return False


def _with_references(document: str, names: list[tuple[str, str, str]]) -> str:
    """The document, whose last section begins with what it shows above and below its pages."""
    references = "".join(
        f'<w:{kind}Reference w:type="{leaf.partition("-")[2].removesuffix(".xml")}" r:id="r{number}"/>'
        for number, (kind, leaf, _media) in enumerate(names, 1)
        if kind in {"header", "footer"}
    )
    start, mark, end = document.rpartition("<w:sectPr>")
    return f"{start}{mark}{references}{end}"


def shown_in(xml: str, pictures: Mapping[str, bytes]) -> str:
    """The relationships of the pictures that stand in a part."""
    by_number = {found[1]: name for name in pictures if (found := MEDIA.fullmatch(name))}
    shown = sorted({number for number in _SHOWN.findall(xml) if number in by_number}, key=int)
    return "".join(
        f'<Relationship Id="rTemplate{number}" Type="{_OFFICE}/image" '
        f'Target="{by_number[number].removeprefix("word/")}"/>'
        for number in shown
    )


def relationships(inside: str) -> bytes:
    """A part of relationships."""
    return declared(f'<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>')
