"""The parts of an Office package for redacting: read whole, loosened from each other, and written anew.

Only what is reached from the package's own relationships comes along; what lies in the archive beside that is lost.
The same parts give the same bytes.
"""

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from portfolio.documents.archives import office_type
from portfolio.documents.redaction.work import Refused
from portfolio.documents.xml_parts import Unreadable, part
from portfolio.errors import Rejected

_MAX_XML = 60 * 1000**2
_MAX_OTHER = 200 * 1000**2
_TYPES = "[Content_Types].xml"
_CONTENT = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATED = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELATIONSHIPS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WHEN = (1980, 1, 1, 0, 0, 0)
_LOOSE_XML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_ONLY_ATTRIBUTE = {"pageSetup", "pivotCacheDefinition"}
"""Elements that stay without the part that they name: a page keeps its size when the printer is forgotten."""
DAMAGED = "The file is damaged inside. Save it anew and try again."


@dataclass(slots=True)
class Relation:
    """What a part points to. `kind` is the last word of its type; `target` a part's name, or an address outside."""

    id: str
    type: str
    target: str
    is_external: bool
    fragment: str = ""

    @property
    def kind(self) -> str:
        """What the target is to the part."""
        return self.type.rpartition("/")[2]


@dataclass(slots=True)
class Part:
    """A member of the package: XML as `root`, anything else as `data`. `kind`: what it was first pointed to as."""

    name: str
    content_type: str
    kind: str
    data: bytes = b""
    root: etree._Element | None = None
    relations: list[Relation] = field(default_factory=list)

    @property
    def leaf(self) -> str:
        """The last part of its name."""
        return self.name.rpartition("/")[2]


class Package:
    """All parts by name, in the order in which they are reached."""

    def __init__(self, source: Path, media_type: str) -> None:
        """Raises Refused for everything that is no sound package of this kind."""
        try:
            if office_type(source) != media_type:
                raise Refused(DAMAGED)
            with zipfile.ZipFile(source) as archive:
                self._load(archive)
        except Rejected as refusal:
            raise Refused(refusal.message) from refusal
        except (
            Unreadable,
            zipfile.BadZipFile,
            etree.LxmlError,
            EOFError,
            OSError,
            ValueError,
            RuntimeError,
        ) as trouble:
            raise Refused(DAMAGED) from trouble

    def _load(self, archive: zipfile.ZipFile) -> None:
        self.parts: dict[str, Part] = {}
        self.broken: list[str] = []
        self._archive = archive
        self._names = {member.filename.casefold(): member.filename for member in archive.infolist()}
        self._read_types(archive)
        self.relations = self._relations("")
        waiting = list(self.relations)
        while waiting:
            relation = waiting.pop(0)
            if relation.is_external or relation.target in self.parts or relation.target in self.broken:
                continue
            if relation.target.casefold() not in self._names:
                continue
            found = self._part(relation)
            if found is None:
                self.broken.append(relation.target)
                continue
            self.parts[relation.target] = found
            waiting += found.relations
        if self.main is None or self.main.root is None:
            raise Refused(DAMAGED)
        del self._archive
        for name in self.broken:
            self._forget(name)

    @property
    def main(self) -> Part | None:
        """The part with the document itself."""
        names = (one.target for one in self.relations if one.kind == "officeDocument")
        return next((self.parts[name] for name in names if name in self.parts), None)

    def related(self, source: Part, *kinds: str) -> Iterator[Part]:
        """The parts that this one points to as one of these kinds."""
        for relation in source.relations:
            if relation.kind in kinds and not relation.is_external and relation.target in self.parts:
                yield self.parts[relation.target]

    def xml(self) -> list[tuple[Part, etree._Element]]:
        """The parts that are XML, with their roots."""
        return [(one, one.root) for one in self.parts.values() if one.root is not None]

    def drop(self, gone: Part) -> None:
        """Leave a part out, with everything that points to it."""
        self.parts.pop(gone.name, None)
        self._forget(gone.name)

    def _forget(self, name: str) -> None:
        self.relations = [one for one in self.relations if one.is_external or one.target != name]
        for source in list(self.parts.values()):
            self.unrelate(source, [one for one in source.relations if not one.is_external and one.target == name])

    def unrelate(self, source: Part, relations: list[Relation]) -> None:
        """Take these relationships from a part, with the elements that name them."""
        if not relations:
            return
        source.relations = [one for one in source.relations if one not in relations]
        if source.root is not None:
            _unlink(source.root, {one.id for one in relations})

    def rename(self, changed: Part, name: str) -> None:
        """Give a part another name; whatever points to it follows."""
        while name.casefold() in {one.casefold() for one in self.parts}:
            stem, ending = posixpath.splitext(name)
            name = f"{stem}_{ending}"
        for relation in [*self.relations, *(one for source in self.parts.values() for one in source.relations)]:
            if not relation.is_external and relation.target == changed.name:
                relation.target = name
        self.parts = {name if one is changed else one.name: one for one in self.parts.values()}
        changed.name = name

    def write(self, target: Path) -> None:
        """The package without anything that has no way to it any more."""
        kept = self._reached()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            _put(archive, _TYPES, _types_part(kept))
            _put(archive, "_rels/.rels", _relations_part("", self.relations))
            for one in kept:
                _put(archive, one.name, one.data if one.root is None else _serialised(one.root))
                if one.relations:
                    folder, _, leaf = one.name.rpartition("/")
                    rels = posixpath.join(folder, "_rels", f"{leaf}.rels")
                    _put(archive, rels, _relations_part(one.name, one.relations))

    def _reached(self) -> list[Part]:
        reached: dict[str, Part] = {}
        waiting = list(self.relations)
        while waiting:
            relation = waiting.pop(0)
            if not relation.is_external and relation.target in self.parts and relation.target not in reached:
                reached[relation.target] = self.parts[relation.target]
                waiting += reached[relation.target].relations
        return list(reached.values())

    def _read_types(self, archive: zipfile.ZipFile) -> None:
        self._defaults: dict[str, str] = {}
        self._overrides: dict[str, str] = {}
        for element in parsed(part(archive, _TYPES, _MAX_XML) or b"").iter(etree.Element):
            kind = element.get("ContentType", "")
            if ending := element.get("Extension"):
                self._defaults[ending.casefold()] = kind
            elif name := element.get("PartName"):
                self._overrides[name.lstrip("/").casefold()] = kind

    def _part(self, relation: Relation) -> Part | None:
        name = self._names[relation.target.casefold()]
        ending = name.rpartition(".")[2].casefold()
        kind = self._overrides.get(name.casefold()) or self._defaults.get(ending, "")
        is_xml = kind.endswith(("+xml", "/xml")) or ending in {"xml", "vml"} or kind == _LOOSE_XML
        data = part(self._archive, name, _MAX_XML if is_xml else _MAX_OTHER) or b""
        found = Part(relation.target, kind or "application/octet-stream", relation.kind)
        if is_xml and kind != "image/svg+xml":
            try:
                found.root = parsed(data, is_loose=ending == "vml" or kind == _LOOSE_XML)
            except (etree.LxmlError, ValueError):
                return None
        else:
            found.data = data
        found.relations = self._relations(relation.target)
        return found

    def _relations(self, name: str) -> list[Relation]:
        folder, _, leaf = name.rpartition("/")
        member = self._names.get(posixpath.join(folder, "_rels", f"{leaf}.rels").casefold())
        data = part(self._archive, member, _MAX_XML) if member else None
        if data is None:
            return []
        return [self._relation(name, element) for element in parsed(data).iter(f"{{{_RELATED}}}Relationship")]

    def _relation(self, name: str, element: etree._Element) -> Relation:
        target, is_external = element.get("Target", ""), element.get("TargetMode") == "External"
        said, fragment = element.get("Type", ""), ""
        if not is_external:
            target, hash_sign, fragment = target.partition("#")
            if not target:
                return Relation(element.get("Id", ""), said, f"#{fragment}", is_external=True, fragment="internal")
            fragment = hash_sign + fragment
            target = self._resolved(name, target)
        return Relation(element.get("Id", ""), said, target, is_external, fragment)

    def _resolved(self, name: str, target: str) -> str:
        """The name of the part as it stands in the archive, where it does."""
        for said in (target, unquote(target)):
            full = posixpath.normpath(
                said.lstrip("/") if said.startswith("/") else posixpath.join(posixpath.dirname(name), said)
            )
            if full.casefold() in self._names:
                return self._names[full.casefold()]
        return posixpath.normpath(posixpath.join(posixpath.dirname(name), target)).lstrip("/")


def parsed(data: bytes, *, is_loose: bool = False) -> etree._Element:
    """The root of a part, the doors shut; drawings of an older Office may be badly made. Raises Refused for entities.

    Comments and instructions, which nobody sees, are left out.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True,
        remove_pis=True, recover=is_loose,
    )  # fmt: skip
    root = etree.fromstring(data, parser)
    if root is None:
        raise Refused(DAMAGED)
    if root.getroottree().docinfo.doctype or next(root.iter(etree.Entity), None) is not None:
        raise Refused("It defines entities of its own, which office files never need.")
    return root


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def names_relation(key: str) -> bool:
    """Whether an attribute of this name holds the id of a relationship."""
    return key.startswith("{") and "/relationships}" in key


def remove(element: etree._Element) -> None:
    """Take an element out; text behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
        element.tail = None
    parent.remove(element)


def unwrap(element: etree._Element) -> None:
    """Put what an element holds in its place."""
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    for child in list(element):
        parent.insert(at, child)
        at += 1
    remove(element)


def _unlink(root: etree._Element, ids: set[str]) -> None:
    for element in list(root.iter(etree.Element)):
        for key, value in list(element.attrib.items()):
            if not names_relation(str(key)) or str(value) not in ids:
                continue
            if local(element) in _ONLY_ATTRIBUTE:
                del element.attrib[key]
            else:
                _take_out(element)
                break


def _take_out(element: etree._Element) -> None:
    """What named a part that is gone: a drawing, an object or an entry of a list."""
    name = local(element)
    if name == "contentPart" and _instead(element):
        return
    if name in {"svgBlip", "media", "imgLayer"}:
        element = next((one for one in element.iterancestors() if local(one) == "ext"), element)
    elif name in {"oleObj", "oleObject"}:
        element = _object_of(element)
    remove(element)


def _instead(element: etree._Element) -> bool:
    """Let what an older program would show stand there, if there is anything."""
    choice = next((one for one in element.iterancestors() if local(one) == "AlternateContent"), None)
    other = None if choice is None else next((one for one in choice if local(one) == "Fallback"), None)
    if choice is None or other is None:
        return False
    for child in list(other):
        choice.addprevious(child)
    remove(choice)
    return True


def _object_of(element: etree._Element) -> etree._Element:
    """The whole object; its picture comes to stand where it stood, on a slide."""
    for above in element.iterancestors():
        if local(above) == "graphicFrame":
            picture = next((one for one in above.iter("{*}pic")), None)
            if picture is not None:
                above.addprevious(picture)
            return above
    return next((one for one in element.iterancestors() if local(one) == "AlternateContent"), element)


def _serialised(root: etree._Element) -> bytes:
    return _HEAD + etree.tostring(root, encoding="UTF-8")


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    member = zipfile.ZipInfo(name, _WHEN)
    member.compress_type, member.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    archive.writestr(member, data)


def _types_part(parts: list[Part]) -> bytes:
    root = etree.Element(f"{{{_CONTENT}}}Types", nsmap={None: _CONTENT})
    endings = {"rels": _RELATIONSHIPS_TYPE, "xml": "application/xml"}
    listed = []
    for one in parts:
        stem, _, ending = one.leaf.rpartition(".")
        if one.root is None and stem and endings.setdefault(ending.casefold(), one.content_type) == one.content_type:
            continue
        listed.append(one)
    for ending, kind in sorted(endings.items()):
        etree.SubElement(root, f"{{{_CONTENT}}}Default", Extension=ending, ContentType=kind)
    for one in sorted(listed, key=lambda one: one.name):
        etree.SubElement(root, f"{{{_CONTENT}}}Override", PartName=f"/{one.name}", ContentType=one.content_type)
    return _serialised(root)


def _relations_part(name: str, relations: list[Relation]) -> bytes:
    root = etree.Element(f"{{{_RELATED}}}Relationships", nsmap={None: _RELATED})
    folder = posixpath.dirname(name)
    for one in relations:
        element = etree.SubElement(root, f"{{{_RELATED}}}Relationship", Id=one.id, Type=one.type)
        if one.is_external:
            element.set("Target", one.target)
            if one.fragment != "internal":
                element.set("TargetMode", "External")
        else:
            element.set("Target", posixpath.relpath(one.target, folder or ".") + one.fragment)
    return _serialised(root)
