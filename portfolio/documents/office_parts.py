"""How the parts of an Office package name each other, and the pictures that a part shows."""

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from portfolio.documents.xml_parts import parse, part

_MAX_PART = 20 * 1000**2
_MAX_PICTURE = 40 * 1000**2
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


@dataclass(frozen=True, slots=True)
class Relationship:
    """What a part points to: `kind` is the last word of its type, `target` as it stands in the file."""

    id: str
    kind: str
    target: str


def relationships(package: zipfile.ZipFile, name: str) -> list[Relationship]:
    """What the part of this name points to; the package itself for an empty name."""
    folder, _, leaf = name.rpartition("/")
    data = part(package, posixpath.join(folder, "_rels", f"{leaf}.rels"), _MAX_PART)
    if data is None:
        return []
    return [
        Relationship(element.get("Id", ""), element.get("Type", "").rpartition("/")[2], element.get("Target", ""))
        for element in parse(data).iter(_RELATIONSHIP)
    ]


def main_part(package: zipfile.ZipFile, otherwise: str) -> str:
    """The name of the part with the document itself."""
    kinds = (found for found in relationships(package, "") if found.kind == "officeDocument")
    return next((found.target.lstrip("/") for found in kinds), otherwise)


def resolved(name: str, target: str) -> str:
    """The name of the part that a part of this name points to."""
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), target))


def pictures_of(package: zipfile.ZipFile, name: str, root: etree._Element) -> Iterator[bytes]:
    """The pictures that a part shows, each once, in the order in which they stand in it."""
    targets = {found.id: found.target for found in relationships(package, name) if found.kind == "image"}
    seen = set()
    for element in root.iter("{*}blip", "{*}imagedata"):
        for key, value in element.attrib.items():
            target = targets.get(str(value)) if str(key).rpartition("}")[2] in {"embed", "id"} else None
            if target is None or target in seen:
                continue
            seen.add(target)
            data = part(package, resolved(name, target), _MAX_PICTURE)
            if data:
                yield data
