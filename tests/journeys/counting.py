"""Counts what a person does in the browser, as the peer was counted: presses of the pointer, keys that act, page loads,
and the requests that go out. Typing is not counted; choosing a file is one press.
"""

import sys
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from playwright.sync_api import Page, Request

LISTENER = """
(() => {
  const said = (element) => (element.closest("label, a, button, summary, [role], input, select, textarea") ?? element);
  const name = (element) => (element.ariaLabel || element.innerText || element.labels?.[0]?.innerText || element.id ||
    element.tagName).trim().split("\\n")[0].slice(0, 60);
  const acts = "[type=checkbox], [type=radio], [type=file]";
  const typing = (element) => element.matches(`textarea, input:not(${acts})`);
  addEventListener("pointerdown", (event) => {
    if (event.isTrusted && !typing(event.target)) window.countStep("click", name(said(event.target)));
  }, true);
  addEventListener("keydown", (event) => {
    if (event.isTrusted && !typing(event.target)) window.countStep("key", event.key);
  }, true);
})();
"""
"""Putting the cursor where one types belongs to typing."""


@dataclass
class Counter:
    """Listens to one page from now on; `steps` is the sequence, in order."""

    page: Page
    steps: list[tuple[str, str]] = field(default_factory=list)
    is_listening: bool = False

    def __enter__(self) -> Self:
        self.page.expose_function("countStep", self._note)
        self.page.add_init_script(LISTENER)
        self.page.evaluate(LISTENER)
        self.page.on("load", lambda page: self._note("load", urlsplit(page.url).path))
        self.page.on("request", self._sent)
        self.is_listening = True
        return self

    def __exit__(self, *_error: object) -> None:
        self.is_listening = False
        sys.stdout.write("\n".join(f"{kind:8} {name}" for kind, name in self.steps) + f"\n{self.said}\n")

    def _note(self, kind: str, name: str) -> None:
        if self.is_listening:
            self.steps.append((kind, name))

    def _sent(self, request: Request) -> None:
        if request.resource_type in {"fetch", "xhr"}:
            self._note("request", f"{request.method} {urlsplit(request.url).path}")

    def count(self, kind: str) -> int:
        """How many steps of a kind."""
        return sum(1 for one, _name in self.steps if one == kind)

    @property
    def said(self) -> str:
        """The sum."""
        return ", ".join(f"{self.count(kind)} {kind}s" for kind in ("click", "key", "load", "request"))
