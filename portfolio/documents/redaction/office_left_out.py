"""Parts of an Office file that nobody sees and nobody misses: shown to the work once, then left out of the result."""

import re
from urllib.parse import quote, unquote

from lxml import etree

from portfolio.documents.redaction.coded import link_to
from portfolio.documents.redaction.office_attributes import all_words
from portfolio.documents.redaction.office_package import Package, Relation, remove
from portfolio.documents.redaction.office_properties import Kept
from portfolio.documents.redaction.work import Work

_PROPERTIES = "who wrote and saved the file, when, and for whom"
_OUT = {
    "core-properties": ("Properties", _PROPERTIES),
    "extended-properties": ("Properties", _PROPERTIES),
    "extendedProperties": ("Properties", _PROPERTIES),
    "custom-properties": ("Properties", "properties that somebody added"),
    "customProperties": ("Properties", "properties that somebody added"),
    "thumbnail": ("Small picture", "a small picture of the first page"),
    "origin": ("Signature", "a digital signature"),
    "signature": ("Signature", "a digital signature"),
    "certificate": ("Signature", "a digital signature"),
    "customXml": ("Data", "data kept beside the text"),
    "customXmlProps": ("Data", "data kept beside the text"),
    "customData": ("Data", "data kept beside the text"),
    "customProperty": ("Data", "data kept beside the text"),
    "tags": ("Data", "data kept beside the text"),
    "powerPivotData": ("Data", "data kept beside the text"),
    "people": ("People", "a list of people"),
    "printerSettings": ("Printer", "the settings of a printer"),
    "recipientData": ("Addresses", "the list of a mail merge"),
    "attachedToolbars": ("Settings", "toolbars"),
    "keyMapCustomizations": ("Settings", "toolbars"),
    "extensibility": ("Settings", "toolbars"),
    "userCustomization": ("Settings", "toolbars"),
    "font": ("Fonts", "fonts kept inside the file"),
    "revisionHeaders": ("Earlier changes", "earlier changes"),
    "revisionLog": ("Earlier changes", "earlier changes"),
    "usernames": ("Earlier changes", "earlier changes"),
    "userNames": ("Earlier changes", "earlier changes"),
    "changesInfo": ("Earlier changes", "earlier changes"),
    "revisionInfo": ("Earlier changes", "earlier changes"),
    "documenttasks": ("Tasks", "tasks given to people"),
    "tasks": ("Tasks", "tasks given to people"),
    "webextension": ("Programs", "settings of other programs"),
    "webextensiontaskpanes": ("Programs", "settings of other programs"),
    "classificationlabels": ("Properties", "labels of an organisation"),
    "pivotCacheRecords": ("Pivot tables", "the rows that a pivot table keeps"),
    "calcChain": ("", ""),
    "volatileDependencies": ("Data", "data fetched from elsewhere"),
}  # fmt: skip
"""By what a part is to the one that names it: the place in plain words, and what is said to be gone."""
_OUTSIDE_OUT = {"attachedTemplate", "mailMergeSource", "mailMergeHeaderSource", "recipientData", "transform"}
_NUMBERS = "a number for each time it was changed"
_NUMBERED = ("docId", "rsids", "revisionPtr", "absPath", "fileRecoveryPr")
_FORGOTTEN = {
    **dict.fromkeys(("gfxdata", "equationxml"), "drawings kept a second time"),
    **dict.fromkeys(("dateUtc", "dT"), "when each comment was written"),
}
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9./-]")
_LOCAL = ("file:", "\\\\", "//")


def leave_out(work: Work, package: Package) -> Kept:
    """Drop the parts. Answers what of the properties stays."""
    kept = Kept()
    for part in list(package.parts.values()):
        if part.kind not in _OUT or part.name not in package.parts:
            continue
        place, what = _OUT[part.kind]
        says_more = True
        if part.root is not None and place:
            all_words(work, part.root, place)
            if what == _PROPERTIES:
                says_more = kept.take(part.root)
        if what and says_more:
            work.gone(what)
        package.drop(part)
    return kept


def forget_changes(work: Work, package: Package) -> None:
    """Numbers by which each session of work and each computer could be told, and what a drawing keeps twice."""
    for _part, root in package.xml():
        for element in list(root.iter(*(f"{{*}}{name}" for name in _NUMBERED))):
            all_words(work, element, "Settings")
            remove(element)
            work.gone(_NUMBERS)
        for element in root.iter(etree.Element):
            for key in [str(key) for key in element.attrib if _is_forgotten(str(key))]:
                work.gone(_FORGOTTEN.get(key.rpartition("}")[2], _NUMBERS))
                del element.attrib[key]


def _is_forgotten(key: str) -> bool:
    name = key.rpartition("}")[2]
    return name in _FORGOTTEN or name.startswith("rsid")


def links(work: Work, package: Package) -> None:
    """Where links lead, and what parts are called. Of a path on somebody's computer the name of the file is left."""
    for part in list(package.parts.values()):
        place = "Links"
        package.unrelate(part, [one for one in part.relations if _is_out(work, one)])
        for one in part.relations:
            if one.is_external:
                one.target = _address(work, one.target, place)
            elif one.fragment:
                one.fragment = quote(work.words(unquote(one.fragment), place, is_seen=False), safe="#!'$:,;@/?&=+%")
        if not work.only_reads or _is_own_name(part.leaf):
            name = work.words(part.name, "Names of files", is_seen=False)
            if name != part.name:
                package.rename(part, _NOT_IN_NAMES.sub("_", name))


def _is_out(work: Work, relation: Relation) -> bool:
    if not relation.is_external or relation.kind not in _OUTSIDE_OUT:
        return False
    work.find(unquote(relation.target), "Links", is_seen=False)
    work.gone("where its template or its list of addresses lies")
    return True


def _address(work: Work, target: str, place: str) -> str:
    said = unquote(target, errors="replace")
    if said.casefold().startswith(_LOCAL) or said[1:3] in {":\\", ":/"}:
        new = work.words(said, place, is_seen=False)
        work.gone("paths on somebody's computer")
        return quote(new.replace("\\", "/").rpartition("/")[2], safe="#.") or "file"
    new = link_to(work, target, place)
    return target if new == target else quote(new, safe=":/?#@!$&'()*+,;=%")


def _is_own_name(leaf: str) -> bool:
    stem = leaf.rpartition(".")[0]
    return not stem.rstrip("0123456789_-").isalpha() or not stem.isascii() or not stem[:1].islower()
