"""Properties of our own for a redacted Office file: its title, and the program for which it was laid out."""

import re
from dataclasses import dataclass

from lxml import etree

from portfolio.documents.redaction.office_package import Package, Part, Relation, local
from portfolio.documents.redaction.work import Work

_SCHEMAS = "http://schemas.openxmlformats.org/"
_CORE = f"{_SCHEMAS}package/2006/metadata/core-properties"
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_OF_CORE = f"{_SCHEMAS}package/2006/relationships/metadata/core-properties"
_TITLE = "http://purl.org/dc/elements/1.1/"
_EXTENDED = f"{_SCHEMAS}officeDocument/2006/extended-properties"
_EXTENDED_TYPE = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
_OF_EXTENDED = f"{_SCHEMAS}officeDocument/2006/relationships/extended-properties"
_PROGRAM = re.compile(
    r"Microsoft (?:Office )?(?:Macintosh )?(?:Excel|Word|PowerPoint)(?: Online)?\Z|LibreOffice/[\d.]+"
)
_VERSION = re.compile(r"\d\d\.\d{4}")


@dataclass(slots=True)
class Kept:
    """What stays of the properties of a file."""

    title: str = ""
    program: str = ""
    version: str = ""

    def take(self, root: etree._Element) -> bool:
        """Note what stays of one part; answers whether it says anything else."""
        says_more = False
        for element in root.iter(etree.Element):
            text = (element.text or "").strip()
            if local(element) == "title":
                self.title = text
            elif local(element) == "Application" and (program := _PROGRAM.match(text)):
                self.program = program[0]
            elif local(element) == "AppVersion" and _VERSION.fullmatch(text):
                self.version = text
            elif text:
                says_more = True
        return says_more

    def write(self, work: Work, package: Package) -> None:
        """Give the package properties with these and nothing else."""
        if self.title:
            title = work.words(self.title, "Properties", is_seen=False)
            root = etree.Element(f"{{{_CORE}}}coreProperties", nsmap={"cp": _CORE, "dc": _TITLE})
            etree.SubElement(root, f"{{{_TITLE}}}title").text = title
            _add(package, Part("docProps/core.xml", _CORE_TYPE, "", root=root), _OF_CORE)
        if self.program:
            root = etree.Element(f"{{{_EXTENDED}}}Properties", nsmap={None: _EXTENDED})
            etree.SubElement(root, f"{{{_EXTENDED}}}Application").text = self.program
            if self.version:
                etree.SubElement(root, f"{{{_EXTENDED}}}AppVersion").text = self.version
            _add(package, Part("docProps/app.xml", _EXTENDED_TYPE, "", root=root), _OF_EXTENDED)


def _add(package: Package, part: Part, kind: str) -> None:
    ids = {one.id for one in package.relations}
    free = next(f"rId{number}" for number in range(1, len(ids) + 2) if f"rId{number}" not in ids)
    package.parts[part.name] = part
    package.relations.append(Relation(free, kind, part.name, is_external=False))
