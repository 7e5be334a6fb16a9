"""A person at a browser. After every step the page is looked at: axe, sideways overflow, and the console."""

import re
import sys
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ConsoleMessage, Page
from playwright.sync_api import Error as BrowserError

from tests.cast import PASSWORD
from tests.client import TOKEN
from tests.journeys.newcomers import Somebody

AXE = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
}
RUN_AXE = "options => typeof axe === 'undefined' ? null : axe.run(options).then(found => found.violations)"
PATIENCE_SECONDS = 90
"""How long a step may take: a machine with other work to do is slow, and not wrong."""
STATE = """() => [
    document.documentElement?.outerHTML, innerWidth, innerHeight, scrollX, scrollY,
    matchMedia("(prefers-color-scheme: dark)").matches,
    [...document.querySelectorAll("*")].indexOf(document.activeElement),
    ...[...document.querySelectorAll("input:not([type=hidden]), select, textarea")].map((e) => [e.value, e.checked]),
].join("\\n")"""
"""All that a page shows as it stands: its elements, what was typed and ticked, the window, and where in it one is."""
FOUND_RIGHT: set[int] = set()
"""Hashes of such states in which axe found nothing, as any party has them: it is asked once in a run."""
WHO = re.compile(r' data-person="[^"]*"')
CENTRE_NUMBER = re.compile(r"\b(70)(\d{3})\b")
ADDRESS = re.compile(r'\b(href|action|formaction)="([^"#]*)')
"""Up to the name of a place on the page, which stays: whether that is there is for axe to say."""
ROW = re.compile(r"(\D*)(\d+)")
LOOKS = 4
AT_REST = 500
"""Milliseconds after which what axe finds is there to stay."""
MOVED_ON = ("Execution context was destroyed", "of null (reading 'documentElement')")
"""What the browser says when another page came meanwhile, as when one that watches a job loads itself again."""


def as_any_party_has_it(state: str) -> str:
    """A state without the party's own: the forgery token, who is signed in, and the numbers of the centre and of rows
    in addresses. The first of each becomes 0, the next one 1, so that what is the same or another one stays so.
    """
    numbers: dict[str, dict[str, int]] = {}

    def counted(found: re.Match[str]) -> str:
        known = numbers.setdefault(found[1], {})
        return f"{found[1]}~{known.setdefault(found[2], len(known))}"

    state = CENTRE_NUMBER.sub(counted, WHO.sub("", TOKEN.sub(r"\1", state)))
    return ADDRESS.sub(lambda found: f'{found[1]}="{ROW.sub(counted, found[2])}', state)


class Visitor:
    """One browser with one cookie jar. `states` lists what was seen, as page title and what was done before it."""

    def __init__(self, browser: Browser, address: str, *, scripts: bool, is_phone: bool = False) -> None:
        self.address = address
        self.scripts = scripts
        self.states: list[str] = []
        self.complaints: list[str] = []
        self._context = browser.new_context(
            base_url=address,
            java_script_enabled=scripts,
            viewport={"width": 390, "height": 844} if is_phone else {"width": 1280, "height": 900},
            has_touch=is_phone,
            is_mobile=is_phone,
            locale="en-GB",
        )
        self._context.set_default_timeout(PATIENCE_SECONDS * 1000)
        self.page: Page = self._context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "status of 4" not in message.text:
            self.complaints.append(message.text)

    def look(self, done: str) -> None:
        """Note the state, and hold it against axe (where scripts run), overflow and the console."""
        for _ in range(LOOKS - 1):
            try:
                self._look(done)
            except BrowserError as error:
                if not any(words in error.message for words in MOVED_ON):
                    raise
                self.page.wait_for_load_state("load")
            else:
                return
        self._look(done)

    def _look(self, done: str) -> None:
        self.states.append(f"{self.page.title().removesuffix(' - NVQ Portfolio')}  <-  {done}")
        if self.scripts:
            state = hash(as_any_party_has_it(self.page.evaluate(STATE)))
            found = self._violations() if state not in FOUND_RIGHT else []
            if found:  # perhaps the page was still coming to rest, after a scroll or with a font on its way
                self.page.wait_for_timeout(AT_REST)
                found = self._violations()
            told = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found]
            assert not told, f"after {done!r} on {self.page.title()}: {told}"
            FOUND_RIGHT.add(state)
            width = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert width <= 0, f"after {done!r} the page is {width} px too wide"
        assert not self.complaints, f"after {done!r}: {self.complaints}"

    def _violations(self) -> list[dict[str, Any]]:
        """What axe finds on the page as it stands; each page is given axe once."""
        while (found := self.page.evaluate(RUN_AXE, AXE)) is None:
            self.page.evaluate(AXE_SCRIPT)
        told: list[dict[str, Any]] = found
        return told

    def sign_in(self, who: Somebody) -> None:
        """Through the front door."""
        self.page.goto("/")
        self.look("opened the front page")
        self.page.get_by_label("E-mail address").fill(who.email)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.press("Sign in")

    def sign_out(self) -> None:
        """By the button in the masthead."""
        self.press("Sign out")

    def press(self, name: str, *, exact: bool = True) -> None:
        """Press a button and look at what comes."""
        self.page.get_by_role("button", name=name, exact=exact).first.click()
        self.page.wait_for_load_state("load")
        self.look(f"pressed {name}")

    def press_until(self, name: str, words: str) -> None:
        """Press a button that first sends what was typed, and look once the page says these words."""
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.reads(words)
        self.look(f"pressed {name}")

    def press_and_go(self, name: str, address: str) -> None:
        """Press a button that first sends what was typed, and look at the page to which it then leads."""
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_url(address)
        self.look(f"pressed {name}")

    def follow(self, name: str | re.Pattern[str], *, exact: bool = False) -> None:
        """Follow a link and look at what comes."""
        link = self.page.get_by_role("link", name=name) if isinstance(name, re.Pattern) else (
            self.page.get_by_role("link", name=name, exact=exact)
        )  # fmt: skip
        link.first.click()
        self.page.wait_for_load_state("load")
        self.look(f"followed {name if isinstance(name, str) else name.pattern}")

    def turn_to(self, code: str) -> None:
        """Open a criterion on the marking page: with scripts one is open at a time."""
        criteria = self.page.get_by_role("navigation", name="Criteria claimed")
        criteria.get_by_role("link", name=re.compile(rf"^{re.escape(code)}\b")).click()

    def reads(self, words: str) -> None:
        """The page says these words, at once or when what was pressed has come back."""
        for _ in range(PATIENCE_SECONDS * 10):
            if words in " ".join(self.page.locator("body").inner_text().split()):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{words!r} is not on {self.page.title()}")

    def until(self, condition: str) -> None:
        """Wait until a JavaScript expression is true on the page.

        It is asked from outside: the page itself must not evaluate text, which its content security policy forbids.
        """
        for _ in range(PATIENCE_SECONDS * 10):
            try:
                if self.page.evaluate(f"!!({condition})"):
                    return
            except BrowserError as error:
                if not any(words in error.message for words in MOVED_ON):
                    raise
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{condition} did not become true on {self.page.title()}")

    def leave(self) -> None:
        """Say what was visited, and go."""
        sys.stdout.write("\n".join(self.states) + "\n")
        self._context.close()
