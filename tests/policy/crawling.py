"""A crawler that opens everything an actor can reach, and reads it through: pages, headers, JSON, files, and what is
inside zipped documents. It follows every link, and asks for every address of the URL map with every id that exists."""

import html
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portfolio.db import Base
from tests.policy.doors import BASE

LINK = re.compile(r"""(?:href|src|action|data-[\w-]+)="([^"]*)\"""")
OPTION = re.compile(r'<option value="([^"]+)"')
TAG = re.compile(r"<[^>]*>")
TABLES = {
    "allocation_id": "allocation",
    "arriving_draft_id": "arriving_draft",
    "bundle_part_id": "bundle_part",
    "cohort_id": "cohort",
    "enrolment_id": "enrolment",
    "enrolment_unit_id": "enrolment_unit",
    "evidence_file_id": "evidence_file",
    "evidence_id": "evidence",
    "finding_decision_id": "finding_decision",
    "grant_id": "grant",
    "import_draft_id": "import_draft",
    "kept_bundle_id": "kept_bundle",
    "membership_id": "membership",
    "person_id": "person",
    "qualification_version_id": "qualification_version",
    "redaction_id": "redaction",
    "submission_item_id": "submission_item",
    "unit_version_id": "unit_version",
    "word_book_id": "word_book",
}
"""Where the ids of an argument come from; the arguments of pages that are the same for everybody are not here."""
OTHERS: dict[str, Sequence[int | str]] = {
    "criteria_format": ("csv", "case"),
    "kind": ("people", "allocations"),
    "part": (0, 1),
    "place": ("evidence.write.1", "evidence.edit.1"),
    "role": ("learner", "assessor", "iqa", "eqa", "administrator"),
    "sha256": ("0" * 64,),
    "subject": ("x" * 20,),
}
"""Arguments that are not ids, with what is worth asking for."""
SAME_FOR_ALL = frozenset({"/static/<digest>/<path:path>", "/link/<token>", "/readyz"})
MOST = 4_000


def addresses(app: Flask, session: Session) -> list[str]:
    """Every address that takes GET, with every id that exists; a version number and a page beside."""
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.rule in SAME_FOR_ALL:
            continue
        names = sorted(rule.arguments)
        for values in product(*(values_of(session, name) for name in names)):
            path = rule.rule
            for name, value in zip(names, values, strict=True):
                path = re.sub(rf"<(int:)?{name}>", str(value), path)
            found.append(path)
    return found + [f"{path}?version={no}" for path in found if path.startswith("/evidence/") for no in (1, 2)]


def values_of(session: Session, name: str) -> Sequence[int | str]:
    """What an argument of an address may be: the ids of its table, or what is worth asking for."""
    if name in OTHERS:
        return OTHERS[name]
    return [row[0] for row in session.execute(select(Base.metadata.tables[TABLES[name]].c.id))]


@dataclass
class Crawler:
    """One actor's walk; `seen` are the words found that match, `opened` how many answers each status had.

    Small letters are looked for in small letters: that is quicker by far than to have the pattern ignore the case.
    """

    app: Flask
    cookie: str
    word: re.Pattern[str]
    seen: dict[str, str] = field(default_factory=dict)
    opened: dict[int, int] = field(default_factory=dict)

    def walk(self, start: list[str], *, follows: bool = True) -> None:
        """Open everything, and what it leads to; each word is remembered with the first address that showed it."""
        waiting, known = list(start), set(start)
        while waiting:
            path = waiting.pop()
            browser = self.app.test_client(use_cookies=False)
            answer = browser.get(path, base_url=BASE, headers={"Cookie": self.cookie}, buffered=True)
            self.opened[answer.status_code] = self.opened.get(answer.status_code, 0) + 1
            assert answer.status_code < 500, f"{path}: {answer.status_code}"
            for said in readings(answer):
                for found in self.word.findall(said.lower()):
                    self.seen.setdefault(found, path)
            fresh = set(links(answer, path)) - known if follows else set()
            known |= fresh
            waiting += sorted(fresh)
            assert len(known) < MOST, "the walk does not end"


def links(answer: TestResponse, path: str) -> Iterator[str]:
    """Every address of ours that an answer names."""
    named = [answer.headers["Location"]] if "Location" in answer.headers else []
    if answer.mimetype == "text/html":
        named += map(html.unescape, LINK.findall(answer.text))
        named += [f"{urlsplit(path).path}?{name}" for name in filters(answer.text)]
    for name in named:
        address = urlsplit(name)
        if address.scheme or address.netloc or address.path.startswith("/static/"):
            continue
        yield (address.path or urlsplit(path).path) + (f"?{address.query}" if address.query else "")


def filters(page: str) -> Iterator[str]:
    """What the select boxes of a page's filters would ask for."""
    for form in re.findall(r'<form[^>]*method="get".*?</form>', page, re.DOTALL | re.IGNORECASE):
        for name, options in re.findall(r'<select[^>]*name="([^"]+)".*?>(.*?)</select>', form, re.DOTALL):
            for value in OPTION.findall(options):
                yield f"{name}={html.unescape(value)}"


def readings(answer: TestResponse) -> Iterator[str]:
    """An answer as texts to search: headers, body, body without tags; of a zipped document every part."""
    yield str(answer.headers)
    yield from readings_of(answer.data)


def readings_of(content: bytes) -> Iterator[str]:
    """The same of a body or a file."""
    if content[:2] != b"PK":
        yield from plain(content)
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            yield member.filename
            yield from plain(archive.read(member))


def plain(content: bytes) -> Iterator[str]:
    """The content as it is, and with its tags taken out, so that no markup hides a word."""
    said = content.decode("utf-8", "replace")
    yield said
    if "<" in said:
        yield html.unescape(TAG.sub("", said))
