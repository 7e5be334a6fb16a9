"""What a Leap2A file holds, as plain values: no database types, every word already chosen by who asks for the file.

`id` names an entry and is unique in the file: small letters, digits and hyphens. Times are aware.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portfolio.documents.blocks import Block


@dataclass(frozen=True, slots=True)
class Person:
    """Whose portfolio it is."""

    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Resource:
    """A file. `path` is where it lies in the archive: letters, digits and `._-/` alone, because some readers take other
    signs for encoded ones and some do not. `note` describes it.
    """

    id: str
    title: str
    path: str
    media_type: str
    size: int
    at: datetime
    note: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Post:
    """An entry of the journal. `files` are the ids of what is attached to it, `event_on` the day that it is about."""

    id: str
    title: str
    at: datetime
    body: tuple[Block, ...]
    by: str = ""
    event_on: date | None = None
    files: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """An annotation of a page."""

    id: str
    title: str
    at: datetime
    body: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its text, then `files` by id, `posts` by id with their titles, and its notes."""

    id: str
    title: str
    summary: str
    body: tuple[Block, ...]
    files: tuple[str, ...] = ()
    posts: tuple[tuple[str, str], ...] = ()
    notes: tuple[Note, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Portfolio:
    """All of it as of a moment. `key` is the same for the same portfolio and for no other; `posts` are read once, while
    the file is written.
    """

    key: str
    title: str
    at: datetime
    person: Person
    folder: str
    journal: str
    about: str
    files: Sequence[Resource] = ()
    posts: Iterable[Post] = ()
    pages: Sequence[Page] = ()
