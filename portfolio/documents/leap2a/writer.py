"""Writes a portfolio as Leap2A, entry by entry: memory does not grow with the number of entries.

What readers need of each entry, and why, stands in README.md beside this file.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, BinaryIO

from lxml import etree

from portfolio.documents.blocks import Block, Table
from portfolio.documents.leap2a.content import Note, Page, Portfolio, Post, Resource
from portfolio.documents.leap2a.profiles import ATOM, NAMES, RDF, VERSION, XHTML, Profile
from portfolio.documents.leap2a.xhtml import legal, line, xhtml

LEAP2A = "leap2a.xml"
"""What the file is called in its archive; the readers know it by that."""
GENERATOR = "NVQ Portfolio"
PERSON, FOLDER, JOURNAL, COLLECTION = "person", "files", "journal", "collection"
_OWNER_BY_NAME = "6"
_ACROSS = "12"
_UNTITLED = "Untitled"
_TABLE_ROW, _OTHER_BLOCK, _POST, _NOTE, _LEAST = 3, 2, 12, 10, 4


def write_leap2a(target: BinaryIO, portfolio: Portfolio, profile: Profile) -> None:
    """Write the XML of a portfolio; its files are the caller's to put beside it."""
    with etree.xmlfile(target, encoding="utf-8") as xml:
        xml.write_declaration()
        _Writer(xml, portfolio, profile).write()


class _Writer:
    def __init__(self, xml: Any, portfolio: Portfolio, profile: Profile) -> None:
        self._xml, self._portfolio = xml, portfolio
        self._names, self._at = NAMES[profile], _moment(portfolio.at)
        self._space = f"urn:nvq-portfolio:{portfolio.key}:"

    def write(self) -> None:
        one, names = self._portfolio, self._names
        spaces = {
            None: ATOM,
            "rdf": RDF,
            "leap2": names.leap2,
            "categories": names.categories,
            "mahara": names.mahara,
            "portfolio": self._space,
        }
        with self._xml.element(f"{{{ATOM}}}feed", nsmap=spaces):
            self._said("id", self._space.rstrip(":"))
            self._said("title", line(one.title))
            self._said("updated", self._at)
            self._said("generator", GENERATOR)
            with self._element("author"):
                self._said("name", line(one.person.name))
                self._said("uri", _id(PERSON))
            self._said("version", VERSION, space=names.leap2)
            self._person()
            self._list(FOLDER, "Folder", one.folder, (self._file(file) for file in one.files))
            self._list(JOURNAL, "Blog", one.journal, (self._post(post) for post in one.posts), about=one.about)
            for page in one.pages:
                self._page(page)
            with self._entry("selection", COLLECTION, one.title, self._at):
                self._said("summary", legal(one.about))
                self._said("content", "")
                self._category("selection_type", "Website")
                for page in one.pages:
                    self._link("has_part", page.id)

    def _person(self) -> None:
        """The name as it stands, and parted at its last space for those who ask for two."""
        name = line(self._portfolio.person.name)
        given, _, family = name.rpartition(" ")
        with self._entry("person", PERSON, name, self._at):
            self._said("content", "")
            self._category("person_type", "Self")
            self._fact("full_name", name)
            self._fact("legal_given_name", given or family, "firstname")
            self._fact("legal_family_name", family if given else "", "lastname")
            self._fact("email", line(self._portfolio.person.email), "email")

    def _fact(self, field: str, words: str, artefact: str = "") -> None:
        if words:
            told = {f"{{{self._names.leap2}}}field": field}
            if artefact:
                told |= self._mahara(artefactplugin="internal", artefacttype=artefact)
            with self._xml.element(f"{{{self._names.leap2}}}persondata", told):
                self._xml.write(words)

    def _list(self, id_: str, kind: str, title: str, parts: Iterable[str], *, about: str = "") -> None:
        """What has parts, after them; `parts` writes them and answers their ids."""
        ids = list(parts)
        with self._entry("selection", id_, title, self._at):
            self._said("content", legal(about))
            self._category("selection_type", kind)
            for part in ids:
                self._link("leap2:has_part", part)

    def _file(self, file: Resource) -> str:
        with self._entry("resource", file.id, file.title, _moment(file.at)):
            self._said("content", legal(file.note))
            self._category("resource_type", "Offline")
            enclosed = {"rel": "enclosure", "type": file.media_type, "length": str(file.size), "href": file.path}
            self._empty("link", enclosed)
            self._link("leap2:is_part_of", FOLDER)
            self._tags(file.tags)
        return file.id

    def _post(self, post: Post) -> str:
        with self._entry("entry", post.id, post.title, _moment(post.at)):
            if post.by:
                with self._element("author"):
                    self._said("name", line(post.by))
            self._content(post.body)
            if post.event_on:
                start = {f"{{{self._names.leap2}}}point": "start"}
                with self._xml.element(f"{{{self._names.leap2}}}date", start):
                    self._xml.write(post.event_on.isoformat())
            for file in post.files:
                self._link("related", file)
            self._link("leap2:is_part_of", JOURNAL)
            self._tags(post.tags)
        return post.id

    def _page(self, page: Page) -> None:
        for note in page.notes:
            self._note(note, page)
        with self._entry("selection", page.id, page.title, self._at):
            self._said("summary", legal(page.summary))
            self._said("content", "")
            self._category("selection_type", "Webpage")
            for part in (*page.files, *(id_ for id_, _title in page.posts)):
                self._link("leap2:has_part", part)
            for note in page.notes:
                self._link("leap2:reflected_on_by", note.id)
            self._link("is_part_of", COLLECTION)
            self._tags(page.tags)
            view = self._mahara(newlayout="1", type="portfolio", ownerformat=_OWNER_BY_NAME)
            with self._xml.element(f"{{{self._names.mahara}}}view", view):
                self._blocks(page)

    def _note(self, note: Note, page: Page) -> None:
        with self._entry("entry", note.id, note.title, _moment(note.at)):
            self._content(note.body)
            told = self._mahara(type="annotation", plugin="annotation")
            with self._xml.element(f"{{{self._names.mahara}}}artefactplugin", told):
                pass
            self._link("leap2:reflects_on", page.id)
            self._category("readiness", "Ready")

    def _blocks(self, page: Page) -> None:
        """One below the other: the text, the files, the entries, the annotations."""
        rows = sum(_TABLE_ROW * len(one.rows) if isinstance(one, Table) else _OTHER_BLOCK for one in page.body)
        blocks: list[tuple[str, str, int, str, Any]] = [("text", page.title, _LEAST + rows, "text", xhtml(page.body))]
        if page.files:
            ids = [_id(file) for file in page.files]
            blocks.append(("filedownload", "Files", _LEAST + 2 * len(ids), "artefactids", ids))
        blocks += (("blogpost", title, _POST, "artefactid", _id(id_)) for id_, title in page.posts)
        blocks += (("annotation", note.title, _NOTE, "artefactid", _id(note.id)) for note in page.notes)
        down = 0
        for kind, title, height, setting, value in blocks:
            where = {"positionx": "0", "positiony": str(down), "height": str(height), "width": _ACROSS}
            told = self._mahara(blocktype=kind, blocktitle=line(title) or _UNTITLED, **where)
            with (
                self._xml.element(f"{{{self._names.mahara}}}blockinstance", told),
                self._xml.element(f"{{{self._names.mahara}}}{setting}"),
            ):
                self._xml.write(json.dumps([value], ensure_ascii=False))
            down += height

    @contextmanager
    def _entry(self, kind: str, id_: str, title: str, at: str) -> Iterator[None]:
        with self._element("entry"):
            self._said("title", line(title) or _UNTITLED)
            self._said("id", _id(id_))
            self._said("updated", at)
            self._said("published", at)
            with self._xml.element(f"{{{RDF}}}type", {f"{{{RDF}}}resource": f"leap2:{kind}"}):
                pass
            yield
        self._xml.write("\n")

    def _content(self, body: Sequence[Block]) -> None:
        with self._element("content", {"type": "xhtml"}):
            self._xml.write(etree.fromstring(f'<div xmlns="{XHTML}">{xhtml(body)}</div>'))

    def _category(self, scheme: str, term: str) -> None:
        self._empty("category", {"scheme": f"categories:{scheme}#", "term": term})

    def _tags(self, tags: Sequence[str]) -> None:
        for tag in dict.fromkeys(map(line, tags)):
            if tag:
                self._empty("category", {"term": tag})

    def _link(self, rel: str, id_: str) -> None:
        self._empty("link", {"rel": rel, "href": _id(id_)})

    def _mahara(self, **told: str) -> dict[str, str]:
        return {f"{{{self._names.mahara}}}{name}": value for name, value in told.items()}

    def _said(self, name: str, words: str, *, space: str = ATOM) -> None:
        with self._xml.element(f"{{{space}}}{name}"):
            self._xml.write(words)

    def _empty(self, name: str, attributes: dict[str, str]) -> None:
        with self._element(name, attributes):
            pass

    def _element(self, name: str, attributes: dict[str, str] | None = None) -> Any:
        return self._xml.element(f"{{{ATOM}}}{name}", attributes or {})


def _id(id_: str) -> str:
    return f"portfolio:{id_}"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
