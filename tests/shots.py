"""Photograph every page of the demo centre, for each person, at each width, light and dark, and look at each with axe.

    python -m tests.shots [--out DIR] [--person KEY ...] [--quick]

The pages are found by following every link from where a person begins. A page that scrolls sideways at 320 px, or that
axe finds fault with, is named at the end. `--quick` takes one picture a page and looks at it in fewer ways.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from portfolio.demo.people import PEOPLE, Someone
from tests.accounts.steps import App
from tests.running import Running, free_port

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip
AXE = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
WIDTHS, SCHEMES, HEIGHT, NARROWEST = (390, 768, 1280), ("light", "dark"), 900, 320
NOT_PAGES = re.compile(
    r"^/(?:files/\d+(?:/redact/result)?|redactions/\d+/original|books/\d+/.*|static/.*|healthz|readyz|metrics|.*/trail/list"
    r"|bundles/\d+/\w+"
    r"|criteria/\d+/export/[\w-]+|criteria/template/\w+|criteria/load/kept"
    r"|imports/template/\w+|imports/\d+/bad-rows|centre/word-template/\w+)$"
)
EACH, SEVERAL = 1, {"/evidence/N": 5, "/evidence/N/map": 3, "/marking/N": 5, "/enrolments/N/units/N": 2}
"""How many pages of the same kind are looked at: they differ most where an item can be in many states."""
PUBLIC = (
    "/sign-in", "/forgotten-password", "/about/assessment", "/about/privacy", "/about/accessibility",
    "/about/help", "/about/help/learner", "/about/help/assessor", "/about/help/iqa", "/about/help/eqa",
    "/about/help/administrator", "/about/glossary", "/nowhere",
)  # fmt: skip


@dataclass
class Album:
    """Where the pictures go and what was found."""

    folder: Path
    is_quick: bool
    pages: int = 0
    pictures: int = 0
    faults: list[str] = field(default_factory=list)


def main(argv: Sequence[str] | None = None) -> int:
    """Print a line for each page; 1 when one scrolls sideways or axe finds fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("shots"))
    parser.add_argument("--person", nargs="*", help="only these people of the demo, by the first part of their address")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args(argv)
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        print("The pictures need Chromium. On Debian: apt-get install chromium")
        return 1
    album = Album(options.out, options.quick)
    people = [one for one in PEOPLE if not options.person or one.key in options.person]
    with demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        print(f"{'who':12} {'page':44} title")
        if not options.person:
            look_at_public(browser, address, album)
        for someone in people:
            look_as(browser, address, someone, album)
        for someone in people[-1:]:
            look_at_second_step(browser, address, someone, album)
        browser.close()
    for fault in album.faults:
        print(f"FAULT {fault}")
    print(f"{album.pages} pages, {album.pictures} pictures in {album.folder}/, {len(album.faults)} faults")
    return 1 if album.faults else 0


@contextmanager
def demo() -> Iterator[str]:
    """A demo centre of its own, served; answers its address."""
    with tempfile.TemporaryDirectory(prefix="shots-") as folder:
        home, port = Path(folder), free_port()
        command = [sys.executable, "-m", "portfolio.cli", "--home", str(home), "demo", "build"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        running = Running(home, port)
        try:
            running.wait_until_healthy()
            yield f"http://127.0.0.1:{port}"
        finally:
            running.stop()


def look_at_public(browser: Browser, address: str, album: Album) -> None:
    """The pages for everybody, and what is said when a sign-in is refused."""
    context = browser.new_context(base_url=address, locale="en-GB")
    page = context.new_page()
    for path in PUBLIC:
        page.goto(path)
        look(page, "anybody", path, album)
    page.goto("/sign-in")
    sign_in(page, "nobody@demo.example", "not the password")
    look(page, "anybody", "/sign-in refused", album)
    context.close()


def sign_in(page: Page, email: str, password: str) -> None:
    """Fill in and send the form of the sign-in page."""
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("form:has(input[name=password]) button[type=submit]").click()
    page.wait_for_load_state("load")


def look_as(browser: Browser, address: str, someone: Someone, album: Album) -> None:
    """Sign in, follow every link, and look at each page; then at forms that are refused."""
    context = browser.new_context(base_url=address, locale="en-GB")
    page = context.new_page()
    page.goto("/sign-in")
    sign_in(page, someone.email, someone.password)
    waiting, seen, kinds = [urlsplit(page.url).path], set[str](), Counter[str]()
    while waiting:
        path = waiting.pop(0)
        if path in seen or not is_wanted(path, kinds):
            continue
        seen.add(path)
        page.goto(path)
        kinds[kind_of(path)] += 1
        look(page, someone.key, path, album)
        waiting += links(page, address)
    for path in [path for path in sorted(seen) if kind_of(path).endswith(("/add-files", "/write", "/new", "/invite"))]:
        page.goto(path)
        page.locator("form.form button[type=submit]").last.click()
        page.wait_for_load_state("load")
        look(page, someone.key, f"{path} refused", album)
    context.close()


def look_at_second_step(browser: Browser, address: str, someone: Someone, album: Album) -> None:
    """What is shown only on the way: the key to put into an app, the recovery codes, the second page of signing in."""
    context = browser.new_context(base_url=address, locale="en-GB")
    page = context.new_page()
    page.goto("/sign-in")
    sign_in(page, someone.email, someone.password)
    page.goto("/account/second-step")
    page.locator("input[name=password]").fill(someone.password)
    send(page)
    look(page, someone.key, "/account/second-step begun", album)
    app = App(page.locator("#key").inner_text().replace(" ", ""))
    page.locator("input[name=code]").fill(app.code())
    send(page)
    look(page, someone.key, "/account/second-step codes", album)
    page.goto("/account/second-step")
    look(page, someone.key, "/account/second-step on", album)
    context.clear_cookies()
    page.goto("/sign-in")
    sign_in(page, someone.email, someone.password)
    for path in ("/sign-in/code", "/sign-in/recovery"):
        page.goto(path)
        look(page, someone.key, path, album)
        send(page)
        look(page, someone.key, f"{path} refused", album)
    context.close()


def send(page: Page) -> None:
    """Send the page's first form."""
    page.locator("form.form button[type=submit]").first.click()
    page.wait_for_load_state("load")


def kind_of(path: str) -> str:
    """The address with its numbers made alike."""
    return re.sub(r"\d+", "N", path)


def is_wanted(path: str, kinds: Counter[str]) -> bool:
    """Whether it is a page, of a kind that has not been seen often enough."""
    return not NOT_PAGES.match(path) and kinds[kind_of(path)] < SEVERAL.get(kind_of(path), EACH)


def links(page: Page, address: str) -> list[str]:
    """The pages of ours that this one leads to."""
    found = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
    return [urlsplit(link).path for link in found if link.startswith(address)]


def look(page: Page, who: str, path: str, album: Album) -> None:
    """Photograph a page in every way, and note what is wrong with it."""
    album.pages += 1
    name = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "start"
    faults: list[str] = []
    ways = [(1280, "light")] if album.is_quick else [(width, scheme) for scheme in SCHEMES for width in WIDTHS]
    for width, scheme in ways:
        show(page, width, scheme)
        photograph(page, album, who, f"{name}-{width}-{scheme}")
        faults += [f"{width} {scheme}: {fault}" for fault in violations(page)]
    show(page, NARROWEST, "light")
    faults += sideways(page)
    if page.locator("details:not([open])").count():
        page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")
        faults += [f"all opened: {fault}" for fault in sideways(page)]
        show(page, WIDTHS[0], "light")
        photograph(page, album, who, f"{name}-{WIDTHS[0]}-opened")
        faults += [f"all opened: {fault}" for fault in violations(page)]
    print(f"{who:12} {path[:44]:44} {page.title().removesuffix(' - NVQ Portfolio')}", flush=True)
    for fault in dict.fromkeys(faults):
        print(f"{'':12}   {fault}")
        album.faults.append(f"{who} {path}: {fault}")


def show(page: Page, width: int, scheme: str) -> None:
    """The page at a width, light or dark."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")


def photograph(page: Page, album: Album, who: str, name: str) -> None:
    """The whole page, from top to bottom."""
    page.screenshot(path=album.folder / who / f"{name}.png", full_page=True)
    album.pictures += 1


def sideways(page: Page) -> list[str]:
    """By how much the page is wider than the window, and what sticks out."""
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if over <= 0:
        return []
    culprit = page.evaluate(
        """() => {
            const wide = document.documentElement.clientWidth, all = [...document.body.querySelectorAll('*')];
            const out = all.filter(one => one.getBoundingClientRect().right > wide + 1);
            return out.length ? out[out.length - 1].outerHTML.slice(0, 120) : '';
        }"""
    )
    return [f"{over} px too wide at {NARROWEST}: {culprit}"]


def violations(page: Page) -> list[str]:
    """What axe finds fault with, each with the first element."""
    found = Axe().run(page, options=AXE).response["violations"]
    return [f"axe {one['id']}: {' '.join(one['nodes'][0]['html'].split())[:120]}" for one in found]


if __name__ == "__main__":
    sys.exit(main())
