"""Names of hosts, which only the settings say, and where a sign-in may lead (X6): 0 links and 0 redirects elsewhere."""

import html
import re
from dataclasses import replace
from itertools import product
from urllib.parse import urlencode

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portfolio.web.app import create_app
from tests.cast import PASSWORD, Cast
from tests.policy.doors import BASE, sign_in, token_on

EVIL = "evil.example"
FORGED_HOSTS = [
    EVIL,
    f"{EVIL}:8000",
    f"127.0.0.1.{EVIL}",
    f"127.0.0.1:8000@{EVIL}",
    f"{EVIL}#127.0.0.1",
    f"{EVIL}?127.0.0.1",
    f"{EVIL}/127.0.0.1",
    f"127.0.0.1, {EVIL}",
    f"{EVIL}\\@127.0.0.1",
    f"user:{EVIL}@127.0.0.1:8000",
    f"[::1].{EVIL}",
    f"127.0.0.1:8000/{EVIL}",
]
FORGED_HEADERS = [
    {"X-Forwarded-Host": EVIL},
    {"X-Forwarded-Server": EVIL},
    {"X-Host": EVIL},
    {"X-Original-Host": EVIL},
    {"X-HTTP-Host-Override": EVIL},
    {"Forwarded": f"host={EVIL};proto=https"},
    {"X-Forwarded-Proto": "https", "X-Forwarded-Host": EVIL, "X-Forwarded-Port": "443"},
    {"X-Forwarded-Prefix": f"//{EVIL}"},
    {"X-Script-Name": f"//{EVIL}"},
    {"X-Original-URL": f"http://{EVIL}/"},
    {"X-Rewrite-URL": f"http://{EVIL}/"},
    {"X-Forwarded-For": EVIL, "X-Real-IP": EVIL},
]


@pytest.mark.parametrize("host", FORGED_HOSTS)
def test_a_forged_host_is_refused_and_never_said_back(settled: Cast, host: str) -> None:
    browser = create_app(settled.installation).test_client()
    for path in ("/", "/sign-in", "/forgotten-password"):
        answer = browser.get(path, base_url=BASE, headers={"Host": host})
        assert answer.status_code == 400
        assert EVIL not in answer.text + str(answer.headers)


def test_forwarded_names_reach_no_link_and_no_letter(settled: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    letters: list[str] = []
    monkeypatch.setattr("portfolio.mail.send", lambda _settings, letter: letters.append(letter.body))
    settings = settled.installation.settings
    mail = replace(settings.mail, host="mail.example.org", sender="portfolio@example.org")
    names = [name for name in settled.people if name != "drew"]
    for number, (forged, proxies) in enumerate(product(FORGED_HEADERS, (0, 1))):
        served = replace(settled.installation, settings=replace(settings, mail=mail, proxies=proxies))
        pages = asked_for_a_link(create_app(served), forged, names[number % len(names)])
        assert all(EVIL not in page.text + str(page.headers) for page in pages), (forged, proxies)
        assert len(letters) == number + 1
    assert not [letter for letter in letters if EVIL in letter or f"{settings.url}/link/" not in letter]


def asked_for_a_link(app: Flask, forged: dict[str, str], name: str) -> list[TestResponse]:
    """Every answer on the way to a link for a new password."""
    base = f"https{BASE[4:]}" if forged.get("X-Forwarded-Proto") == "https" else BASE
    headers = {**forged, "Referer": f"{base}/forgotten-password"}
    browser = app.test_client()
    pages = [browser.get(path, base_url=base, headers=headers) for path in ("/", "/sign-in", "/forgotten-password")]
    data = {"email": f"{name}@example.org", "csrf_token": token_on(pages[-1])}
    pages.append(browser.post("/forgotten-password", base_url=base, headers=headers, data=data))
    app.extensions["post"].wait()
    return pages


# Where signing in leads

OFF_SITE = ("evil.example", "//evil.example", "evil.example/x", "evil.example:80", "user@evil.example", "[::1]")
PREFIXES = (
    "//", "///", "////", "/\\", "\\\\", "\\/", "/\\/", "/\t/", "\t//", "/\n/", "/\r\n/", "\x00//", "/\x00/", " //",
    "\u00a0//", "/\u2028/", "http://", "https://", "http:", "https:/", "HTTP://", "hTtP:\\\\", "ftp://", "javascript://",
    "javascript:alert(1)//", "data:text/html,", "vbscript:", "file:///", "blob:", "mailto:", "ws://", "//\\", "/.//",
    "/../", "./", "../", "", "?", "#", "@", "/\x0b/", "/\x1f/", "\ufeff//", "/\u202e/", "\x08//", "///\\",
    "http:///", "x:",
)  # fmt: skip
HOSTILE = sorted({prefix + host for prefix in PREFIXES for host in OFF_SITE})


def as_browsers_read(location: str) -> str:
    """What a browser makes of an address before it looks at its parts (WHATWG URL): no tabs and line breaks, no control
    characters or spaces around it, backslashes as slashes."""
    bare = location.strip("".join(map(chr, range(0x21))))
    return bare.translate({9: None, 10: None, 13: None, ord("\\"): "/"})


def stays(location: str) -> bool:
    """Whether an address leads to this server, whatever reads it."""
    read = as_browsers_read(location)
    return read == location and read.startswith("/") and not read.startswith("//")


def test_there_are_hundreds_of_hostile_addresses() -> None:
    assert len(HOSTILE) >= 200
    assert not stays("//evil.example")
    assert not stays("/\\evil.example")
    assert stays("/evidence/4?a=//evil.example")


def test_signing_in_leads_nowhere_else(settled: Cast) -> None:
    app = create_app(settled.installation)
    cookie, _token = sign_in(app, "amina")
    stranger = app.test_client()
    token = token_on(stranger.get("/sign-in", base_url=BASE))
    led_astray = []
    for hostile in HOSTILE:
        address = f"/sign-in?{urlencode({'next': hostile})}"
        there = app.test_client(use_cookies=False).get(address, base_url=BASE, headers={"Cookie": cookie})
        again = stranger.get(address, base_url=BASE)
        actions = re.findall(r'<form[^>]*action="([^"]*)"', again.text)
        led_astray += [hostile] if not stays(there.headers["Location"]) else []
        led_astray += [hostile for action in actions if not stays(html.unescape(action))]
    assert led_astray == []
    assert token


@pytest.mark.parametrize("hostile", HOSTILE[:: len(HOSTILE) // 24])
def test_the_form_itself_leads_nowhere_else(settled: Cast, hostile: str) -> None:
    browser = create_app(settled.installation).test_client()
    address = f"/sign-in?{urlencode({'next': hostile})}"
    data = {"email": "amina@example.org", "password": PASSWORD, "next": hostile}
    data["csrf_token"] = token_on(browser.get(address, base_url=BASE))
    answer = browser.post(address, base_url=BASE, data=data)
    assert answer.status_code == 303
    assert stays(answer.headers["Location"])


def test_a_page_that_was_asked_for_is_where_signing_in_leads(settled: Cast) -> None:
    app = create_app(settled.installation)
    browser = app.test_client()
    wanted = f"/evidence/{settled.evidence['amina E001']}?version=1"
    to_sign_in = browser.get(wanted, base_url=BASE)
    assert to_sign_in.status_code == 303
    token = token_on(browser.get(to_sign_in.headers["Location"], base_url=BASE))
    data = {"email": "amina@example.org", "password": PASSWORD, "csrf_token": token}
    answer = browser.post(to_sign_in.headers["Location"], base_url=BASE, data=data)
    assert answer.headers["Location"] == wanted
