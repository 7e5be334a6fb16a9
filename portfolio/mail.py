"""Handing letters to the mail server, one after another, outside the request that asks for them.

So nobody can tell from the time of an answer whether a letter was sent. Names and addresses never reach the log.
"""

import logging
import queue
import smtplib
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from portfolio import clock
from portfolio.config import Mail, is_loopback

log = logging.getLogger("portfolio.mail")

WAITING_MOST = 200
SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Letter:
    """A plain-text message to one person."""

    name: str
    email: str
    subject: str
    body: str


def message(letter: Letter, sender: str) -> EmailMessage:
    """The letter as it goes out. Line breaks cannot get into a header. Raises ValueError for an impossible address."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address("NVQ Portfolio", addr_spec=sender)
    mail["To"] = Address(one_line(letter.name), addr_spec=letter.email)
    mail["Subject"] = one_line(letter.subject)
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.body)
    return mail


def one_line(text: str) -> str:
    """Text with every break and run of spaces as one space."""
    return " ".join(text.split())


@contextmanager
def connected(settings: Mail) -> Iterator[smtplib.SMTP]:
    """The mail server, under TLS unless it is on this machine, signed in to. Raises OSError or SMTPException."""
    with smtplib.SMTP(settings.host, settings.port, timeout=SECONDS) as server:
        if not is_loopback(settings.host):
            server.starttls(context=ssl.create_default_context())
        if settings.user:
            server.login(settings.user, settings.password)
        yield server


def send(settings: Mail, letter: Letter) -> None:
    """Hand a letter over. Raises OSError or SMTPException."""
    with connected(settings) as server:
        server.send_message(message(letter, settings.sender))


class Post:
    """The letters that wait, and the thread that sends them; it begins with the first letter."""

    def __init__(self, settings: Mail) -> None:
        self._settings = settings
        self._waiting: queue.Queue[Callable[[], Letter | None]] = queue.Queue(WAITING_MOST)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def is_set_up(self) -> bool:
        """Whether there is a mail server."""
        return bool(self._settings.host)

    def later(self, write: Callable[[], Letter | None]) -> None:
        """Have a letter written and sent soon; `write` may decide that there is none. What fails is logged."""
        if not self.is_set_up:
            return
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="post", daemon=True)
                self._thread.start()
        try:
            self._waiting.put_nowait(write)
        except queue.Full:
            log.error("a letter was not sent: %s are waiting already", WAITING_MOST)

    def wait(self) -> None:
        """Until everything that waits has been sent."""
        self._waiting.join()

    def _work(self) -> None:
        while True:
            write = self._waiting.get()
            try:
                letter = write()
                if letter is not None:
                    send(self._settings, letter)
            except Exception as error:  # noqa: BLE001 - the thread lives on, and the error's text may name a person
                log.error("a letter was not sent: %s", type(error).__name__)
            finally:
                self._waiting.task_done()
