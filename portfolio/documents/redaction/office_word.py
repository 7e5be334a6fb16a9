"""What only Word files have: tracked changes, settings, bookmarks, fields and content controls."""

import re

from lxml import etree

from portfolio.documents.redaction.coded import swept, words_in
from portfolio.documents.redaction.matching import Match
from portfolio.documents.redaction.office_attributes import Names, all_words, without
from portfolio.documents.redaction.office_formulas import identifier, unlike
from portfolio.documents.redaction.office_package import Package, Part, local
from portfolio.documents.redaction.office_text import Line, apply, field_lines, put, settle
from portfolio.documents.redaction.office_tracked import accept
from portfolio.documents.redaction.plan import Swap
from portfolio.documents.redaction.work import Work

_PLACES = {
    "officeDocument": ("Text", True),
    "header": ("Header", True),
    "footer": ("Footer", True),
    "footnotes": ("Footnotes", True),
    "endnotes": ("Endnotes", True),
    "comments": ("Comments", False),
    "glossaryDocument": ("Building blocks", False),
    "styles": ("Styles", False),
    "settings": ("Settings", False),
}
_SETTINGS_OUT = {
    "docVars": "words kept in the settings",
    "mailMerge": "the settings of a mail merge",
    "attachedTemplate": "where its template or its list of addresses lies",
    "writeProtection": "who may change the file",
    "documentProtection": "who may change the file",
    "saveThroughXslt": "where its template or its list of addresses lies",
}
_CURLY = str.maketrans("“”„", '"""')
_QUOTED = re.compile(r'"((?:\\.|[^"\\])*)"')
_ADDRESS = re.compile(r'[^\s"\\][^\s"]*[@:/][^\s"]*')
_HOW_DATES_LOOK = re.compile(r'\\@\s*(?:"[dDMyYhHmsSaAPp/:.,\s-]*"|[dDMyYhHmsSaAPp/:.,-]+)')
_FIELD_DATA = "what fields keep for themselves"
_TOLD, _WRITTEN = "Fields", "Links and fields"
_BOUND = "what content controls were filled from"
_LONGEST = 40


def place_of(part: Part) -> tuple[str, bool] | None:
    """Where the words of a part stand, and whether people see them."""
    return _PLACES.get(part.kind)


def tidy(work: Work, package: Package, names: Names) -> None:
    """Take out what nobody sees in a Word file, and let bookmarks have harmless names."""
    bookmarks: set[str] = set()
    for part, root in package.xml():
        if accept(work, root):
            work.gone("tracked changes")
        if part.kind == "settings":
            _settings(work, root)
        _fields_and_controls(work, root)
        bookmarks |= {name for one in root.iter("{*}bookmarkStart") for name in [_attribute(one, "name")] if name}
    others = {name.casefold() for name in bookmarks}
    for name in sorted(bookmarks):
        said = name if _is_own(name) else work.words(name, "Bookmarks", is_seen=False)
        names.tell(name)
        if said != name:
            names.follow(name, unlike(identifier(said), others, _LONGEST))
    for _part, root in package.xml():
        _follow(root, bookmarks, names)


def fields(work: Work, root: etree._Element) -> None:
    """What fields are told to do. Addresses and what stands in quotation marks, such as where a link leads and what it
    says about that, are words that somebody wrote; the rest is for programs.
    """
    lines = field_lines(root, seen=set())
    if not work.only_reads:
        settle(work, lines, _TOLD)
        for line in lines:
            _sweep(work, line)
        return
    for line in lines:
        written, told = _parted(line.text)
        for words in written:
            words_in(work, words, _WRITTEN, is_seen=False)
        work.find(told, _TOLD, is_seen=False)


def _parted(text: str) -> tuple[list[str], str]:
    """What somebody wrote of a field, and the rest; all of it where quotation marks do not pair."""
    written: list[str] = []

    def keep(found: re.Match[str]) -> str:
        said = found[1] if found.re is _QUOTED else found[0]
        if said.strip() and not _is_own(said):
            written.append(said)
        return " "

    told = _ADDRESS.sub(keep, _QUOTED.sub(keep, _HOW_DATES_LOOK.sub(" ", text.translate(_CURLY))))
    return ([text], "") if '"' in told else (written, " ".join(told.split()))


def _sweep(work: Work, line: Line) -> None:
    """Take out what goes in another spelling too; then all of the field stands in its first run."""
    text = "".join(piece.element.text or "" for piece in line.pieces)
    said = swept(work, text, _WRITTEN)
    if said != text:
        for piece in line.pieces:
            put(piece.element, said if piece is line.pieces[0] else "")


def _is_own(name: str) -> bool:
    """A bookmark that Word made."""
    return bool(re.fullmatch(r"_(?:GoBack|Toc\d+|Ref\d+|Hlk\d+|Hlt\d+|PictureBullets)", name))


def _follow(root: etree._Element, bookmarks: set[str], names: Names) -> None:
    """Attributes and fields that point to a bookmark."""
    changed = {name: names.changed(name) for name in bookmarks if names.changed(name) != name}
    if not changed:
        return
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in changed))
    for line in field_lines(root, seen=set()):
        named = [(one.start(), one.end(), one.group()) for one in pattern.finditer(line.text)]
        apply(line.pieces, [Match(start, end, Swap(name, changed[name], "")) for start, end, name in named])
    for element in root.iter(etree.Element):
        for key, value in [(str(key), str(value)) for key, value in element.attrib.items()]:
            if value in changed and local(element) in {"bookmarkStart", "hyperlink", "hlinkClick"}:
                element.set(key, changed[value])
            elif key.endswith("}instr"):
                element.set(key, pattern.sub(lambda found: changed[found.group()], value))


def _settings(work: Work, root: etree._Element) -> None:
    for element in list(root):
        what = _SETTINGS_OUT.get(local(element))
        if what:
            all_words(work, element, "Settings")
            work.gone(what)
    without(root, tuple(_SETTINGS_OUT))


def _fields_and_controls(work: Work, root: etree._Element) -> None:
    if without(root, ("fldData",)):
        work.gone(_FIELD_DATA)
    for bound in [*root.iter("{*}dataBinding")]:
        all_words(work, bound, "Content controls")
    if without(root, ("dataBinding",)):
        work.gone(_BOUND)
    for control in root.iter("{*}date"):
        for key in [str(key) for key in control.attrib if str(key).endswith("}fullDate")]:
            work.find(str(control.attrib[key]), "Content controls", is_seen=False)
            work.gone(_BOUND)
            del control.attrib[key]


def _attribute(element: etree._Element, name: str) -> str:
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), "")
