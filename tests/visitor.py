"""A plain visitor over real HTTP: one connection, one cookie jar, and the forms of the pages it was shown."""

import http.client
import secrets
import time
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit
from xml.etree.ElementTree import Element

import html5lib

from tests.client import form_of

SILENT_SECONDS = 10.0
"""The server hangs up when nothing was said for half as long again, as servers do and browsers know."""
File = tuple[str, bytes]
"""A file in a form: its name and its content."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    path: str
    status: int
    location: str
    body: bytes
    retry_after: str = ""

    @property
    def document(self) -> Element:
        """The page, parsed as browsers do."""
        root: Element = html5lib.HTMLParser(namespaceHTMLElements=False).parse(self.body)
        return root

    def form(self, to: str = "", *, having: str = "csrf_token") -> dict[str, Any]:
        """The fields, untouched, of the page's form that goes `to` an address with this end and has such a field."""
        for element in self.document.iter("form"):
            form = form_of(element)
            goes_to = (form["action"] or self.path).partition("?")[0]
            if having in form["fields"] and goes_to.endswith(to):
                fields: dict[str, Any] = form["fields"]
                return fields
        raise LookupError(f"no form to {to} with {having} at {self.path}, which answered {self.status}")


class Visitor:
    """Somebody with a browser without scripts."""

    def __init__(self, port: int, host: str = "127.0.0.1", *, seconds: float = 30.0) -> None:
        self.host, self.port = host, port
        self.cookies: SimpleCookie = SimpleCookie()
        self.connection = http.client.HTTPConnection(host, port, timeout=seconds)
        self.used_at = time.monotonic()

    def headers(self) -> dict[str, str]:
        """What goes with every request."""
        kept = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        return {"Host": f"{self.host}:{self.port}", **({"Cookie": kept} if kept else {})}

    def send(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """One request; keeps the cookies that come back. Nobody counts on a line on which nothing was said for long."""
        if time.monotonic() - self.used_at > SILENT_SECONDS:
            self.connection.close()
        try:
            self.connection.request(method, path, body or None, {**self.headers(), **headers})
            response = self.connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise
        finally:
            self.used_at = time.monotonic()
        for header in response.headers.get_all("Set-Cookie") or []:
            self.cookies.load(header)
        place = urlsplit(response.headers.get("Location", ""))
        location = place.path + (f"?{place.query}" if place.query else "")
        return Answer(path, response.status, location, content, response.headers.get("Retry-After", ""))

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self.send("GET", path)

    def post(self, path: str, fields: dict[str, Any], files: dict[str, File] | None = None) -> Answer:
        """Send a form; with files as multipart."""
        if files is None:
            body = urlencode(fields, doseq=True).encode()
            return self.send("POST", path, body, **{"Content-Type": "application/x-www-form-urlencoded"})
        boundary = secrets.token_hex(16)
        body = multipart(fields, files, boundary)
        return self.send("POST", path, body, **{"Content-Type": f"multipart/form-data; boundary={boundary}"})

    def sign_in(self, email: str, password: str) -> "Visitor":
        """Sign in with the page's own form."""
        form = self.get("/sign-in").form("/sign-in")
        done = self.post("/sign-in", {**form, "email": email, "password": password})
        if done.status != 303:
            raise LookupError(f"{email} could not sign in: status {done.status}")
        return self


def multipart(fields: dict[str, Any], files: dict[str, File], boundary: str) -> bytes:
    """A form's body with its files last."""
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{each}\r\n'.encode()
        for name, value in fields.items()
        for each in (value if isinstance(value, list) else [value])
    ]
    for name, (filename, content) in files.items():
        head = f'Content-Disposition: form-data; name="{name}"; filename="{filename}"\r\nContent-Type: text/plain'
        parts.append(f"--{boundary}\r\n{head}\r\n\r\n".encode() + content + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode()
