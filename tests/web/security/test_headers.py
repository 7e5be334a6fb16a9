"""The headers of every kind of answer (H1), stated here by hand."""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portfolio.web.app import create_app
from tests.cast import Cast
from tests.policy.doors import BASE, sign_in

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'"
)
FILE_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
    "Cache-Control": "no-store",
}
TRANSPORT = {"Content-Type", "Content-Length", "Vary", "Set-Cookie", "Date"}
"""Headers that any answer may have beside the policy; every other one is named by the kind of answer."""
FILE = {"Content-Disposition", "ETag", "Accept-Ranges"}
SECURE = "https://portfolio.example.org"


@dataclass
class Site:
    """One application, a learner signed in, and the cast's ids."""

    app: Flask
    cast: Cast
    cookie: str
    token: str

    def ask(self, path: str, method: str = "GET", **options: Any) -> TestResponse:
        """One request of the learner; `cookie=""` for a stranger's."""
        headers = {"Cookie": options.pop("cookie", self.cookie), **options.pop("headers", {})}
        browser = self.app.test_client(use_cookies=False)
        return browser.open(
            path, method=method, base_url=options.pop("base_url", BASE), headers=headers, buffered=True, **options
        )

    @property
    def file(self) -> str:
        """The address of a file of the learner's."""
        page = self.ask(f"/evidence/{self.cast.evidence['amina E001']}").text
        return str(re.findall(r'href="(/files/\d+)"', page)[0])

    @property
    def asset(self) -> str:
        """The address of a stylesheet."""
        page = self.ask("/sign-in", cookie="").text
        return next(part.partition('"')[0] for part in page.split('href="') if part.startswith("/static/"))


@pytest.fixture(scope="module")
def site(settled: Cast) -> Site:
    """An application over plain HTTP, as in the demo."""
    app = create_app(settled.installation)

    def broken(**_arguments: Any) -> str:
        raise RuntimeError("planted")

    app.view_functions["about.privacy"] = broken
    return Site(app, settled, *sign_in(app, "amina"))


Asking = Callable[[Site], TestResponse]
KINDS: dict[str, tuple[int, Asking, str, set[str]]] = {
    "a page": (200, lambda s: s.ask("/account"), PAGE_POLICY, set()),
    "a page for a stranger": (200, lambda s: s.ask("/about/assessment", cookie=""), PAGE_POLICY, set()),
    "health": (200, lambda s: s.ask("/healthz", cookie=""), PAGE_POLICY, set()),
    "a redirect": (303, lambda s: s.ask("/account", cookie=""), PAGE_POLICY, {"Location"}),
    "a redirect after a form": (
        303,
        lambda s: s.ask("/account/centre", "POST", cookie=""),
        PAGE_POLICY,
        {"Location"},
    ),
    "a form that needs attention": (
        422,
        lambda s: s.ask("/account", "POST", data={"csrf_token": s.token}),
        PAGE_POLICY,
        set(),
    ),
    "a forged form": (400, lambda s: s.ask("/sign-out", "POST"), PAGE_POLICY, set()),
    "another site's form": (
        400,
        lambda s: s.ask("/sign-out", "POST", headers={"Origin": "https://evil.example"}),
        PAGE_POLICY,
        set(),
    ),
    "an unknown host": (400, lambda s: s.ask("/", base_url="http://evil.example"), PAGE_POLICY, set()),
    "no such page": (404, lambda s: s.ask("/nowhere"), PAGE_POLICY, set()),
    "a foreign object": (404, lambda s: s.ask(f"/enrolments/{s.cast.enrolments['olga']}"), PAGE_POLICY, set()),
    "no such asset": (404, lambda s: s.ask("/static/0000/app.css"), PAGE_POLICY, set()),
    "another method": (405, lambda s: s.ask("/sign-out"), PAGE_POLICY, {"Allow"}),
    "an odd method": (405, lambda s: s.ask("/account", "TRACE"), PAGE_POLICY, {"Allow"}),
    "options": (200, lambda s: s.ask("/account", "OPTIONS"), PAGE_POLICY, {"Allow"}),
    "only the head": (200, lambda s: s.ask("/account", "HEAD"), PAGE_POLICY, set()),
    "too large": (413, lambda s: s.ask("/account", "POST", data={"a": "x" * 3_000_000}), PAGE_POLICY, set()),
    "our own fault": (500, lambda s: s.ask("/about/privacy"), PAGE_POLICY, set()),
    "our own fault, as JSON": (
        500,
        lambda s: s.ask("/about/privacy", headers={"Accept": "application/json"}),
        PAGE_POLICY,
        set(),
    ),
    "not found, as JSON": (
        404,
        lambda s: s.ask("/books/999999/progress", headers={"Accept": "application/json"}),
        PAGE_POLICY,
        set(),
    ),
    "not signed in, as JSON": (
        401,
        lambda s: s.ask("/books/1/progress", cookie="", headers={"Accept": "application/json"}),
        PAGE_POLICY,
        set(),
    ),
    "a file": (200, lambda s: s.ask(s.file), FILE_POLICY, FILE),
    "a part of a file": (
        206,
        lambda s: s.ask(s.file, headers={"Range": "bytes=0-3"}),
        FILE_POLICY,
        {*FILE, "Content-Range"},
    ),
    "a part that is not there": (
        416,
        lambda s: s.ask(s.file, headers={"Range": "bytes=99999-"}),
        PAGE_POLICY,
        {"Content-Range"},
    ),
    "a file that is known": (304, lambda s: s.ask(s.file, headers={"If-None-Match": "*"}), FILE_POLICY, FILE),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_has_exactly_these_headers(site: Site, kind: str) -> None:
    status, asking, policy, also = KINDS[kind]
    answer = asking(site)
    assert answer.status_code == status, answer.text[-500:]
    check(answer, {**ALWAYS, "Content-Security-Policy": policy}, also)
    if status == 500:
        assert "planted" not in answer.text
        assert "Traceback" not in answer.text


def check(answer: TestResponse, expected: dict[str, str], also: set[str]) -> None:
    """Each expected header once and with its value, and no other but those of transport and those named."""
    found = {name: answer.headers.getlist(name) for name in expected}
    assert found == {name: [value] for name, value in expected.items()}
    assert set(answer.headers.keys()) - TRANSPORT - set(expected) == also


def test_the_page_of_a_link_tells_no_other_page_its_address(site: Site) -> None:
    answer = site.ask("/link/no-such-link", cookie="")
    assert answer.status_code == 404
    expected = {**ALWAYS, "Content-Security-Policy": PAGE_POLICY, "Referrer-Policy": "strict-origin"}
    check(answer, expected, set())


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_assets_alone_may_be_kept(site: Site, encoding: str) -> None:
    answer = site.ask(site.asset, headers={"Accept-Encoding": encoding})
    assert answer.status_code == 200
    also = {"Content-Encoding"} if encoding == "gzip" else set()
    expected = {**ALWAYS, "Content-Security-Policy": PAGE_POLICY}
    check(answer, {**expected, "Cache-Control": "public, max-age=31536000, immutable"}, also)
    assert "Set-Cookie" not in answer.headers


def test_a_file_is_saved_and_never_shown(site: Site) -> None:
    answer = site.ask(site.file)
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.mimetype == "text/plain"


# Over TLS


@pytest.fixture(scope="module")
def secure(settled: Cast) -> Site:
    """The same behind TLS."""
    installation = settled.installation
    served = replace(installation, settings=replace(installation.settings, url=SECURE, hosts=frozenset({SECURE[8:]})))
    return Site(create_app(served), settled, "", "")


def test_over_tls_the_cookie_is_bound_to_host_and_tls_and_every_answer_says_so(secure: Site) -> None:
    browser = secure.app.test_client()
    for path in ("/sign-in", "/nowhere", "/account", "/healthz", "/static/0/app.css"):
        answer = browser.get(path, base_url=SECURE)
        assert answer.headers.getlist("Strict-Transport-Security") == ["max-age=63072000; includeSubDomains"]
    cookie = secure.app.test_client().get("/sign-in", base_url=SECURE).headers["Set-Cookie"]
    name, *attributes = (part.strip() for part in cookie.split(";"))
    assert name.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(attributes)
    assert not [part for part in attributes if part.startswith("Domain")]


def test_over_plain_http_on_this_machine_there_is_no_promise_of_tls(site: Site) -> None:
    answer = site.ask("/sign-in", cookie="")
    assert "Strict-Transport-Security" not in answer.headers
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in answer.headers["Set-Cookie"].split(";")}


# The real server


@pytest.fixture
def server(settled: Cast) -> Iterator[int]:
    """The product as it is served, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    home = settled.installation.settings.home
    command = [str(Path(sys.executable).with_name("portfolio")), "--home", str(home), "serve", "--port", str(port)]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PORTFOLIO_")}
    with subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(port)
            yield port
        finally:
            process.terminate()
            process.wait(20)


def wait_for(port: int) -> None:
    """Until the server answers."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            if raw(port, "/healthz")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


def raw(port: int, path: str, headers: dict[str, str] | None = None) -> tuple[int, list[tuple[str, str]]]:
    """Status and headers as they come over the wire."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers=headers or {})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.getheaders()


def test_the_real_server_adds_nothing_and_names_no_version(server: int) -> None:
    for path, headers, status in (
        ("/sign-in", {}, 200),
        ("/nowhere", {}, 404),
        ("/", {"Host": "evil.example"}, 400),
        ("/account", {}, 303),
    ):
        got, found = raw(server, path, headers)
        assert got == status
        names = [name.title() for name, _value in found]
        expected = {"Content-Security-Policy", *ALWAYS}
        assert {name.title() for name in expected} <= set(names)
        assert set(names) - {name.title() for name in expected | TRANSPORT} <= {"Location", "Server"}
        assert [value for name, value in found if name.title() == "Server"] == ["granian"], (
            "a version is nobody's business"
        )
