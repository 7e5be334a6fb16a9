"""A reader of Leap2A that is as strict as the strictest system that reads it, and says what arrives there."""

import json
import zipfile
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from lxml import etree

ATOM, RDF, XHTML = (
    "http://www.w3.org/2005/Atom", "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://www.w3.org/1999/xhtml",
)  # fmt: skip
OLD = (
    "http://terms.leapspecs.org/",
    "http://wiki.leapspecs.org/2A/categories/",
    "http://wiki.mahara.org/Developer_Area/Import%2F%2FExport/LEAP_Extensions#",
)
NEW = (
    "https://web.archive.org/web/20100503000634/http://terms.leapspecs.org",
    "https://web.archive.org/web/20120819100914/http://wiki.leapspecs.org:80/2A/categories",
    "https://wiki.mahara.org/wiki/Developer_Area/Import//Export/LEAP_Extensions",
)
READ_BY = {
    "22.04": [{OLD[0]}, {OLD[1]}, {OLD[2]}],
    "22.10": [{NEW[0]}, {NEW[1]}, {NEW[2]}],
    "23.04": [{OLD[0], NEW[0]}, {OLD[1], NEW[1]}, {OLD[2], NEW[2]}],
}
"""By version of the system, which names of Leap2A, its categories and the system's own it knows."""
SETTINGS = {"text": "text", "filedownload": "artefactids", "blogpost": "artefactid", "annotation": "artefactid"}


class CannotRead(Exception):
    """The system would break off, or lose something."""


@dataclass
class Block:
    """A part of a page: its kind, where it begins and how high it is, and its text or what it shows."""

    kind: str
    top: int
    height: int
    text: str = ""
    shows: list[str] = field(default_factory=list)


@dataclass
class Arrived:
    """What is there after an import; everything by its id in the file."""

    person: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    folders: dict[str, list[str]] = field(default_factory=dict)
    journals: dict[str, list[str]] = field(default_factory=dict)
    posts: dict[str, etree._Element] = field(default_factory=dict)
    attached: dict[str, list[str]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    pages: dict[str, list[Block]] = field(default_factory=dict)
    collections: dict[str, list[str]] = field(default_factory=dict)
    catch_all: list[str] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    tags: dict[str, list[str]] = field(default_factory=dict)

    def said(self) -> str:
        """Every word of it."""
        posts = [" ".join("".join(one.itertext()).split()) for one in self.posts.values()]
        return "\n".join([*self.titles.values(), *posts, *(b.text for page in self.pages.values() for b in page)])


def arrives(packed: Path, version: str) -> Arrived:
    """What arrives of an archive in a version of the system."""
    with zipfile.ZipFile(packed) as archive:
        names = archive.namelist()
        assert len(set(names)) == len(names)
        with archive.open("leap2a.xml") as xml:
            reader = Reader(etree.parse(xml).getroot(), version)
        for id_, path in reader.paths.items():
            parts = PurePosixPath(path)
            if parts.is_absolute() or ".." in parts.parts or not path.replace("/", "").isascii():
                raise CannotRead(path)
            reader.arrived.files[id_] = archive.read(path)
        assert {*names} == {"leap2a.xml", *reader.paths.values()}
    return reader.arrived


def arrives_of(xml: BinaryIO, version: str) -> Arrived:
    """What arrives of the bare XML; files are empty."""
    reader = Reader(etree.parse(xml).getroot(), version)
    reader.arrived.files = dict.fromkeys(reader.paths, b"")
    return reader.arrived


class Reader:
    """Reads the XML; `paths` are those of the files, by the ids of their entries."""

    def __init__(self, feed: etree._Element, version: str) -> None:
        self.arrived, self.paths = Arrived(), dict[str, str]()
        self._feed, self._known = feed, READ_BY[version]
        self._leap2 = self._one_of(0, "leap2")
        self._mahara = self._one_of(2, "mahara")
        if feed.nsmap.get("categories") not in self._known[1]:
            raise CannotRead("categories")
        if feed.findtext(f"{{{self._leap2}}}version") != "http://www.leapspecs.org/2010-07/2A/":
            raise CannotRead("It is taken for one of 2009.")
        self._entries = {self._text(one, "id"): one for one in feed.iterfind(f"{{{ATOM}}}entry")}
        if len(self._entries) != len(feed.findall(f"{{{ATOM}}}entry")):
            raise CannotRead("Two entries have the same id.")
        for id_, entry in self._entries.items():
            self._read(id_, entry)
        self._whole()

    def _one_of(self, place: int, prefix: str) -> str:
        name = self._feed.nsmap.get(prefix)
        if name not in self._known[place]:
            raise CannotRead(f"{prefix}: {name}")
        return name

    def _text(self, entry: etree._Element, name: str) -> str:
        [found] = entry.findall(f"{{{ATOM}}}{name}")
        return found.text or ""

    def _kind(self, entry: etree._Element) -> str:
        [found] = entry.findall(f"{{{RDF}}}type")
        return found.attrib[f"{{{RDF}}}resource"].removeprefix("leap2:")

    def _terms(self, entry: etree._Element) -> dict[str, str]:
        found = entry.findall(f"{{{ATOM}}}category[@scheme]")
        return {one.attrib["scheme"].removeprefix("categories:").rstrip("#"): one.attrib["term"] for one in found}

    def _links(self, entry: etree._Element, rel: str) -> list[str]:
        found = [one.attrib["href"] for one in entry.findall(f"{{{ATOM}}}link") if one.attrib["rel"] == rel]
        if rel != "enclosure" and not set(found) <= set(self._entries):
            raise CannotRead(f"{rel} of what is not there: {found}")
        return found

    def _read(self, id_: str, entry: etree._Element) -> None:
        title = self._text(entry, "title")
        if not title or not self._text(entry, "updated") or not self._text(entry, "published"):
            raise CannotRead(f"{id_} lacks something.")
        self.arrived.titles[id_] = title
        found = entry.findall(f"{{{ATOM}}}category")
        self.arrived.tags[id_] = [one.attrib["term"] for one in found if "scheme" not in one.attrib]
        [content] = entry.findall(f"{{{ATOM}}}content")
        if content.get("type") == "xhtml" and [one.tag for one in content] != [f"{{{XHTML}}}div"]:
            raise CannotRead(f"{id_} has no single div.")
        enclosed = self._links(entry, "enclosure")
        if len(enclosed) == 1:
            if self._kind(entry) != "resource":
                raise CannotRead(f"{id_} is lost as what it is: it becomes a file.")
            self.paths[id_] = enclosed[0]
        elif self._kind(entry) == "person":
            self._person(id_, entry)
        elif self._kind(entry) == "selection":
            self._selection(id_, entry)
        else:
            self._entry(id_, entry, content)

    def _person(self, id_: str, entry: etree._Element) -> None:
        if self._feed.findtext(f"{{{ATOM}}}author/{{{ATOM}}}uri") != id_ or self._terms(entry)["person_type"] != "Self":
            raise CannotRead("Whose it is cannot be found.")
        for one in entry.findall(f"{{{self._leap2}}}persondata"):
            self.arrived.person[one.attrib[f"{{{self._leap2}}}field"]] = one.text or ""

    def _selection(self, id_: str, entry: etree._Element) -> None:
        there, kind = self.arrived, self._terms(entry)["selection_type"]
        if kind == "Folder":
            there.folders[id_] = self._links(entry, "leap2:has_part")
        elif kind == "Blog":
            there.journals[id_] = self._links(entry, "leap2:has_part")
        elif kind == "Webpage":
            there.pages[id_] = list(self._blocks(entry))
        elif kind == "Website":
            there.collections[id_] = self._links(entry, "has_part")
        else:
            raise CannotRead(kind)

    def _entry(self, id_: str, entry: etree._Element, content: etree._Element) -> None:
        told = entry.find(f"{{{self._mahara}}}artefactplugin")
        if told is not None:
            if told.attrib[f"{{{self._mahara}}}type"] != "annotation" or self._terms(entry).get("readiness") != "Ready":
                raise CannotRead(id_)
            [self.arrived.notes[id_]] = self._links(entry, "leap2:reflects_on")
            return
        self.arrived.posts[id_] = content
        self.arrived.attached[id_] = self._links(entry, "related")
        if not self._links(entry, "leap2:is_part_of"):
            self.arrived.catch_all.append(id_)

    def _blocks(self, page: etree._Element) -> list[Block]:
        [view] = page.findall(f"{{{self._mahara}}}view")
        said = {name: view.get(f"{{{self._mahara}}}{name}") for name in ("newlayout", "type", "ownerformat")}
        if said != {"newlayout": "1", "type": "portfolio", "ownerformat": "6"}:
            raise CannotRead(str(said))
        return [self._block(one) for one in view]

    def _block(self, one: etree._Element) -> Block:
        told = {name.removeprefix(f"{{{self._mahara}}}"): value for name, value in one.attrib.items()}
        if not told["blocktitle"] or (told["positionx"], told["width"]) != ("0", "12"):
            raise CannotRead(str(told))
        kind, [setting] = told["blocktype"], list(one)
        if setting.tag != f"{{{self._mahara}}}{SETTINGS[kind]}":
            raise CannotRead(setting.tag)
        [value] = json.loads(setting.text or "")
        shows = [] if kind == "text" else value if kind == "filedownload" else [value]
        return Block(kind, int(told["positiony"]), int(told["height"]), value if kind == "text" else "", shows)

    def _whole(self) -> None:
        """Nothing is left over, lies twice, or is named that has become something else."""
        there = self.arrived
        if "legal_given_name" not in there.person:
            raise CannotRead("There is no person.")
        of_kind = {"filedownload": {*self.paths}, "blogpost": {*there.posts}, "annotation": {*there.notes}}
        for id_, blocks in there.pages.items():
            for above, below in pairwise(blocks):
                if above.top + above.height > below.top:
                    raise CannotRead(f"Blocks of {id_} lie over each other.")
            for block in blocks:
                if block.kind != "text" and not set(block.shows) <= of_kind[block.kind]:
                    raise CannotRead(f"{id_} shows what is not there: {block.shows}")
        in_folders = [id_ for listed in there.folders.values() for id_ in listed]
        in_journals = [id_ for listed in there.journals.values() for id_ in listed]
        in_collections = [id_ for listed in there.collections.values() for id_ in listed]
        for listed, whole in (
            (in_folders, self.paths), (in_journals, there.posts), (in_collections, there.pages),
        ):  # fmt: skip
            if sorted(listed) != sorted(whole):
                raise CannotRead(f"{listed} are not {list(whole)}")
        if not set(there.notes.values()) <= set(there.pages) or any(
            not set(files) <= set(self.paths) for files in there.attached.values()
        ):
            raise CannotRead("A link leads to something of another kind.")
