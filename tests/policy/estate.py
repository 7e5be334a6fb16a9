"""The world of the every-route table: its installation, who asks for what there, and the way back after each request.

Beside amina's portfolio there is cara's in the same centre, to which nobody of the cast is allocated, and olga's at the
other centre, where the assessor, the quality assurers and the administrator have the same roles and rights again: they
are signed in at Harrow Dale, so they must not see it. Whatever a request changes is put back before the next one.
"""

import re
import shutil
import sqlite3
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from portfolio.config import Settings
from portfolio.db import Base
from portfolio.installation import Installation, open_installation
from portfolio.web.app import create_app
from tests.cast import Cast
from tests.policy.doors import BASE

VIEWS = {
    "anonymous": "",
    "owner": "amina",
    "learner": "ben",
    "assessor": "marguerite",
    "trainee": "tobias",
    "countersigner": "dafydd",
    "iqa": "iris",
    "eqa": "ewan",
    "administrator": "ada",
    "disabled": "vera",
}
"""Who is asking: the columns of the table. Vera was an administrator and an assessor until her account was disabled."""

MISSING = 999_999
NAMED = ("ids", "cookies", "tokens", "claims", "revs", "seen", "criterion_id", "qualification_id")
"""What an estate knows of its world; the rest of it hangs on where that lies."""


@dataclass
class Estate:
    """The installation, the ids of its objects by the argument that takes them, and a way in for each view."""

    installation: Installation
    cast: Cast
    ids: dict[str, dict[str, Any]] = field(default_factory=dict)
    app: Flask = field(init=False)
    cookies: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    claims: dict[str, list[int]] = field(default_factory=dict)
    revs: dict[str, int] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    criterion_id: int = 0
    qualification_id: int = 0
    _kept: sqlite3.Connection = field(init=False)
    _live: sqlite3.Connection = field(init=False)
    _seen: int = 0
    _looked: tuple[int, dict[str, list[Any]]] | None = None

    def __post_init__(self) -> None:
        self.app = create_app(self.installation)

    def named(self, argument: str, name: str, row_id: int | str) -> None:
        """Give an object a name in the table."""
        self.ids.setdefault(argument, {})[name] = row_id

    def path(self, rule: str, name: str) -> str:
        """The address of a rule for an object; `a/b` gives the first argument and the second one."""
        arguments = re.findall(r"<(?:\w+:)?(\w+)>", rule)
        names = name.split("/") if "/" in name else [name] * len(arguments)
        for argument, each in zip(arguments, names, strict=True):
            found = MISSING if each == "missing" else self.ids[argument][each]
            rule = re.sub(rf"<(\w+:)?{argument}>", str(found), rule)
        return rule

    def send(
        self, view: str, method: str, path: str, data: dict[str, Any] | None = None, **options: Any
    ) -> TestResponse:
        """One request of somebody; a form goes with the right forgery token unless `with_token` is False."""
        headers = {"Cookie": self.cookies[view], **options.pop("headers", {})}
        token = {"csrf_token": self.tokens[view]} if options.pop("with_token", True) else {}
        if method == "POST":
            options["data"] = {**token, **(data or {})}
        elif method == "PUT":
            options["json"] = data
            headers["X-CSRFToken"] = token.get("csrf_token", "")
        browser = self.app.test_client(use_cookies=False)
        return browser.open(path, method=method, base_url=BASE, headers=headers, buffered=True, **options)

    def over(self, installation: Installation) -> "Estate":
        """The same over a copy of the installation; what is there now is the state to which everything is put back."""
        named = {name: deepcopy(getattr(self, name)) for name in NAMED}
        other = Estate(installation, self.cast.over(installation), **named)
        other.keep()
        return other

    def keep(self) -> None:
        """From now on this is the state to which everything is put back."""
        path = self.installation.settings.home / "database.sqlite3"
        self._live = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._live.execute("PRAGMA synchronous=OFF")
        self._kept = sqlite3.connect(":memory:", check_same_thread=False)
        self._live.backup(self._kept)
        self._looked = None
        self._seen = self._version()

    @property
    def live(self) -> sqlite3.Connection:
        """The database as it is now, to look at."""
        return self._live

    def rows(self, without: frozenset[str]) -> dict[str, list[Any]]:
        """Every table's rows as they are now, but for the tables named; read again only when something was written."""
        version = self._version()
        if self._looked is None or self._looked[0] != version:
            found = {table: self._live.execute(f'SELECT * FROM "{table}"').fetchall() for table in Base.metadata.tables}
            self._looked = version, found
        return {name: rows for name, rows in self._looked[1].items() if name not in without}

    def was_written(self) -> bool:
        """Whether anything was committed since the state was put back."""
        return self._version() != self._seen

    def put_back(self) -> None:
        """Back to the kept state, if anything was written."""
        if self.was_written():
            self._kept.backup(self._live)
            self._looked = None
            self._seen = self._version()

    def _version(self) -> int:
        return int(self._live.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Give everything back."""
        for connection in (self._live, self._kept):
            connection.close()
        self.installation.close()


def opened_on(template: Path, home: Path) -> Installation:
    """An installation over a copy of a migrated SQLite database; hashing made cheap."""
    shutil.copy(template, home / "database.sqlite3")
    return open_installation(replace(Settings.from_environment(home, {}), argon2_memory_kib=8, argon2_passes=1))
