"""One strict browser for every page test: each HTML page is parsed strictly and checked, each answer's headers too.

A safe request that writes anything fails by itself: reading sessions cannot write.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from portfolio.installation import Installation
from portfolio.web.app import create_app
from portfolio.web.cookies import Cookies
from portfolio.web.security import HEADERS
from tests.cast import PASSWORD

TOKEN = re.compile(r'(name="csrf_token"[^>]*value=")([^"]+)')
FOUND_RIGHT: set[int] = set()
"""Hashes of pages that were checked, without their forgery tokens: the same page is not checked twice in a run."""
LABELLED = {"input", "select", "textarea"}
UNLABELLED_TYPES = {"hidden", "submit", "button"}
MOST_STATEMENTS = 15


class Page:
    """An answer with its parsed document."""

    def __init__(self, response: TestResponse, statements: int) -> None:
        self.response = response
        self.status = response.status_code
        self.statements = statements
        self.text = response.get_data(as_text=True) if (response.mimetype or "").startswith("text/") else ""
        self._is_page = response.mimetype == "text/html" and "Location" not in response.headers
        known = hash(TOKEN.sub(r"\1", self.text))
        if self._is_page and known not in FOUND_RIGHT:
            assert self.root is not None
            check_page(self.root)
            FOUND_RIGHT.add(known)

    @cached_property
    def root(self) -> Element | None:
        """The document; None for what is no page."""
        return parse(self.text) if self._is_page else None

    @property
    def location(self) -> str:
        """Where a redirect leads, as a path."""
        parts = urlsplit(self.response.headers["Location"])
        return parts.path + (f"?{parts.query}" if parts.query else "")

    @property
    def words(self) -> str:
        """The visible words, spaces folded."""
        assert self.root is not None
        return " ".join("".join(self.root.find("body").itertext()).split())  # type: ignore[union-attr]

    def all(self, tag: str) -> Iterator[Element]:
        """Every element of a kind."""
        assert self.root is not None
        return self.root.iter(tag)

    def links(self) -> set[str]:
        """Every address that the page links to."""
        return {a.get("href", "") for a in self.all("a")}

    def forms(self) -> list[dict[str, Any]]:
        """Each form's action, method and fields (name to value; lists for names that repeat)."""
        return [form_of(form) for form in self.all("form")]


def parse(text: str) -> Element:
    """The document, by the HTML5 algorithm; any parse error fails."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    root: Element = parser.parse(text)
    return root


def check_page(root: Element) -> None:
    """One h1 that the title begins with, unique ids, labelled fields, no inline style or script."""
    headings = ["".join(h.itertext()).split() for h in root.iter("h1")]
    assert len(headings) == 1, f"{len(headings)} h1 on the page"
    title = "".join(root.find("head/title").itertext()).split()  # type: ignore[union-attr]
    assert title == [*headings[0], "-", "NVQ", "Portfolio"], f"title {title} is not h1 {headings[0]}"
    ids = Counter(e.get("id") for e in root.iter() if e.get("id"))
    assert not [i for i, n in ids.items() if n > 1], f"ids stand twice: {ids.most_common(3)}"
    labels = {e.get("for") for e in root.iter("label")}
    for element in root.iter():
        assert element.get("style") is None, f"inline style on {element.tag}"
        assert not [name for name in element.attrib if name.startswith("on")], f"inline handler on {element.tag}"
        if element.tag == "script":
            assert element.get("src"), "inline script"
        if element.tag in LABELLED and element.get("type") not in UNLABELLED_TYPES:
            is_named = element.get("id") in labels or element.get("aria-label") or element.get("aria-labelledby")
            assert is_named, f"{element.tag} {element.get('name')} has no label"
        for name in ("aria-describedby", "aria-labelledby", "aria-controls"):
            missing = set((element.get(name) or "").split()) - set(ids)
            assert not missing, f"{name} names {missing}, which is not there"


def form_of(form: Element) -> dict[str, Any]:
    """A form as a browser would send it untouched."""
    fields: dict[str, Any] = {}
    for e in form.iter():
        name, kind = e.get("name"), e.get("type")
        if not name or e.tag not in LABELLED or kind in {"submit", "file"}:
            continue
        if kind in {"checkbox", "radio"} and e.get("checked") is None:
            continue
        value: Any = "".join(e.itertext()).removeprefix("\n") if e.tag == "textarea" else e.get("value", "")
        if e.tag == "select":
            chosen = [o for o in e.iter("option") if o.get("selected") is not None] or list(e.iter("option"))[:1]
            value = chosen[0].get("value", "") if chosen else ""
        fields[name] = [*fields[name], value] if isinstance(fields.get(name), list) else (
            [fields[name], value] if name in fields else value
        )  # fmt: skip
    return {"action": form.get("action"), "method": (form.get("method") or "get").lower(), "fields": fields}


class StrictClient:
    """A browser with one cookie jar over one installation."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.app = create_app(installation)
        self.browser: FlaskClient = self.app.test_client()

    def another(self) -> "StrictClient":
        """Another browser on the same application."""
        other = object.__new__(StrictClient)
        other.installation, other.app, other.browser = self.installation, self.app, self.app.test_client()
        return other

    def open(self, path: str, method: str = "GET", **options: Any) -> Page:
        """One request, followed by every check."""
        with self.counting() as statements:
            response = self.browser.open(
                path, method=method, base_url="http://127.0.0.1:8000", buffered=True, **options
            )
        check_headers(response)
        return Page(response, len(statements))

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """The SQL statements that run within the block."""
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.startswith(("PRAGMA", "BEGIN", "SET TRANSACTION")):
                seen.append(statement)

        engine = self.installation.database.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)

    def get(self, path: str, *, status: int = 200, **options: Any) -> Page:
        """Open a page and expect a status; a page takes at most MOST_STATEMENTS statements."""
        page = self.open(path, **options)
        assert page.status == status, f"GET {path}: {page.status}, {page.text[-600:]}"
        assert page.statements <= MOST_STATEMENTS, f"GET {path} took {page.statements} statements"
        return page

    def token(self) -> str:
        """This session's forgery token, as a page would carry it."""
        cookie = self.browser.get_cookie("session", domain="127.0.0.1")
        session = self.app.session_interface
        assert isinstance(session, Cookies)
        raw = session.get_signing_serializer(self.app).loads(cookie.value).get("csrf_token") if cookie else None
        return str(session._tokens.dumps(raw)) if raw else self._token_on("/sign-in")

    def _token_on(self, path: str) -> str:
        """The forgery token that a page carries."""
        carried = TOKEN.search(self.open(path).text)
        assert carried is not None, f"{path} has no form"
        return carried[2]

    def post(self, path: str, data: dict[str, Any] | None = None, *, status: int = 303, **options: Any) -> Page:
        """Send a form with this session's forgery token."""
        page = self.open(path, "POST", data={"csrf_token": self.token(), **(data or {})}, **options)
        assert page.status == status, f"POST {path}: {page.status}, {page.text[-600:]}"
        return page

    def sign_in(self, name: str, password: str = PASSWORD) -> "StrictClient":
        """Sign in as one of the cast."""
        data = {"email": f"{name}@example.org", "password": password, "csrf_token": self._token_on("/sign-in")}
        done = self.open("/sign-in", "POST", data=data)
        assert done.status == 303, f"{name} could not sign in: {done.text[-600:]}"
        return self


def check_headers(response: TestResponse) -> None:
    """The header set of every answer is exact, but for what a download or an asset makes stricter or longer."""
    is_asset = response.headers.get("Cache-Control", "").startswith(("public", "private"))
    is_download = {"attachment", "inline"} & set(response.headers.get("Content-Disposition", "").split(";"))
    for name, value in HEADERS.items():
        found = response.headers.get_all(name)
        assert len(found) == 1, f"{name} stands {len(found)} times"
        if (name == "Cache-Control" and is_asset) or (name == "Content-Security-Policy" and is_download):
            continue
        if name == "Referrer-Policy" and found[0] == "strict-origin":
            continue
        assert found[0] == value, f"{name}: {found[0]}"
    assert "Server" not in response.headers
    for cookie in response.headers.get_all("Set-Cookie"):
        missing = {"HttpOnly", "SameSite=Lax", "Path=/"} - set(cookie.split("; "))
        assert not missing, f"{cookie} lacks {missing}"
