"""Names of hosts, which only the settings say, and where a sign-in may lead (X6): 0 links and 0 redirects elsewhere."""

import html
import re
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import delete
from werkzeug.test import TestResponse

from portfolio.accounts.models import UsedCode
from portfolio.config import ROOT
from portfolio.web.app import create_app
from tests.accounts.steps import set_up
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
    {"X-Forwarded-Host": f"{EVIL}, 127.0.0.1:8000"},
    {"X-Forwarded-Host": f"127.0.0.1:8000, {EVIL}"},
    {"Forwarded": f"for=127.0.0.1;host={EVIL}, host={EVIL}"},
    {"X-Forwarded-Port": f"80@{EVIL}"},
    {"X-Forwarded-Scheme": "https", "X-Forwarded-Ssl": "on", "X-Forwarded-By": EVIL},
    {"X-Forwarded-Path": f"//{EVIL}", "X-Forwarded-Uri": f"http://{EVIL}/"},
    {"Base-Url": f"http://{EVIL}", "Http-Host": EVIL, "Proxy-Host": EVIL, "True-Client-IP": EVIL},
    {"CF-Connecting-IP": EVIL, "X-Client-IP": EVIL, "X-Cluster-Client-IP": EVIL, "Via": f"1.1 {EVIL}"},
]
ADDRESSES = re.compile(r"""(?:href|src|action|formaction)="([^"]*)\"""")
OURS = re.compile(r"^(?:/(?!/)|#|data:|$)")
"""What a page may lead to: this very server, a place on the page, or what it carries itself."""


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
    for number, forged in enumerate(FORGED_HEADERS):
        proxies = number % 2
        served = replace(settled.installation, settings=replace(settings, mail=mail, proxies=proxies))
        pages = asked_for_a_link(create_app(served), forged, names[number % len(names)])
        assert all(EVIL not in page.text + str(page.headers) for page in pages), (forged, proxies)
        assert len(letters) == number + 1
    assert not [letter for letter in letters if EVIL in letter or f"{settings.url}/link/" not in letter]


@pytest.mark.parametrize("proxies", [0, 1])
def test_forwarded_names_reach_no_page_of_somebody_and_no_invitation(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, proxies: int
) -> None:
    """An administrator looks round and invites, with each set of forged headers on every request."""
    letters: list[str] = []
    monkeypatch.setattr("portfolio.mail.send", lambda _settings, letter: letters.append(letter.body))
    settings = cast.installation.settings
    mail = replace(settings.mail, host="mail.example.org", sender="portfolio@example.org")
    app = create_app(replace(cast.installation, settings=replace(settings, mail=mail, proxies=proxies)))
    cookie, token = sign_in(app, "ada")
    browser, elsewhere = app.test_client(use_cookies=False), []
    for number, forged in enumerate(FORGED_HEADERS):
        base = f"https{BASE[4:]}" if forged.get("X-Forwarded-Proto") == "https" else BASE
        headers = {**forged, "Cookie": cookie, "Referer": f"{base}/people/invite"}
        pages = [browser.get(path, base_url=base, headers=headers) for path in ("/", "/people", "/account", "/notices")]
        data = {"csrf_token": token, "name": "Somebody", "email": f"somebody{number}@example.org", "role": "learner"}
        pages.append(browser.post("/people/invite", base_url=base, headers=headers, data=data))
        assert [page.status_code for page in pages] == [303, 200, 200, 200, 303], forged
        for page in pages:
            found = [html.unescape(one) for one in ADDRESSES.findall(page.text)] + page.headers.getlist("Location")
            elsewhere += [(forged, one) for one in found if not OURS.match(one) or EVIL in one]
            elsewhere += [(forged, page.request.path)] if EVIL in page.text + str(page.headers) else []
    app.extensions["post"].wait()
    assert elsewhere == []
    assert len(FORGED_HEADERS) >= 20
    assert len(letters) == len(FORGED_HEADERS)
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


def leads_to_us(address: str) -> bool:
    """The same of what stands on a page, where an address may also be a place on it."""
    return bool(OURS.match(address)) and (not address.startswith("/") or stays(address))


def test_there_are_hundreds_of_hostile_addresses() -> None:
    assert len(HOSTILE) >= 200
    assert not stays("//evil.example")
    assert not stays("/\\evil.example")
    assert stays("/evidence/4?a=//evil.example")


DOORS = ("/sign-in", "/sign-in/code", "/sign-in/recovery")
"""Every page that takes a `next`."""


def test_there_is_no_other_page_that_leads_where_its_address_says() -> None:
    """What an address carries is turned into a place in one way alone."""
    code = {path: path.read_text().replace('rel="next"', "") for path in (ROOT / "portfolio" / "web").rglob("*.py")}
    views = [path for path, text in code.items() if '"next"' in text]
    assert {path.parent.name for path in views} == {"accounts"}
    text = "".join(path.read_text() for path in views)
    assert text.count('request.args.get("next"') == text.count('local_path(request.args.get("next"') > 0


@pytest.mark.parametrize("door", DOORS)
def test_signing_in_leads_nowhere_else(settled: Cast, door: str) -> None:
    """Neither for who is signed in, nor for a stranger, nor by any form or link of the page."""
    app = create_app(settled.installation)
    cookie, _token = sign_in(app, "amina")
    led_astray = []
    for hostile in HOSTILE:
        address = f"{door}?{urlencode({'next': hostile})}"
        there = app.test_client(use_cookies=False).get(address, base_url=BASE, headers={"Cookie": cookie})
        again = app.test_client(use_cookies=False).get(address, base_url=BASE)
        found = [html.unescape(one) for one in ADDRESSES.findall(again.text)]
        found += [there.headers["Location"], *again.headers.getlist("Location")]
        led_astray += [(hostile, one) for one in found if not leads_to_us(one)]
    assert led_astray == []


def test_the_second_step_leads_nowhere_else(cast: Cast) -> None:
    """From the password to the code, and from the code on."""
    with cast.installation.database.writing() as session:
        app_of = set_up(session, cast.actor("amina", session))
        session.commit()
    served = cast.installation
    app, led_astray = create_app(served), []
    for hostile in HOSTILE[:: len(HOSTILE) // 24]:
        browser, asked = app.test_client(), urlencode({"next": hostile})
        data = {"email": "amina@example.org", "password": PASSWORD, "next": hostile}
        data["csrf_token"] = token_on(browser.get(f"/sign-in?{asked}", base_url=BASE))
        first = browser.post(f"/sign-in?{asked}", base_url=BASE, data=data).headers["Location"]
        page = browser.get(f"/sign-in/code?{asked}", base_url=BASE)
        with served.database.writing() as session:
            session.execute(delete(UsedCode))
            session.commit()
        data = {"code": app_of.code(), "next": hostile, "csrf_token": token_on(page)}
        second = browser.post(f"/sign-in/code?{asked}", base_url=BASE, data=data)
        assert second.status_code == 303, second.text
        found = [first, second.headers["Location"], *map(html.unescape, ADDRESSES.findall(page.text))]
        led_astray += [(hostile, one) for one in found if not leads_to_us(one)]
    assert led_astray == []


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
