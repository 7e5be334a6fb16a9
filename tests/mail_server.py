"""A real mail server (aiosmtpd) on this machine that takes every letter and keeps it; with TLS and a password if asked.

Under TLS it takes nothing before STARTTLS, and with an account nothing from whom it does not know.
"""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Server:
    """Where the server listens and what it took; `signed_in` has who gave the right password."""

    port: int = 0
    taken: list[str] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        """Keep the letter as it came."""
        assert isinstance(envelope.original_content, bytes)
        self.taken.append(envelope.original_content.decode())
        return "250 OK"


class OnFreePort(Controller):
    """Learns its port from the system before it is greeted for the first time."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        Controller._trigger_server(self)


@contextmanager
def listening(*, tls: ssl.SSLContext | None = None, account: tuple[str, str] | None = None) -> Iterator[Server]:
    """One on a free port of this machine."""
    made = Server()

    def known(_server: SMTP, _session: Session, _envelope: Envelope, _way: str, given: object) -> AuthResult:
        assert isinstance(given, LoginPassword)
        user, password = given.login.decode(), given.password.decode()
        if (user, password) != account:
            return AuthResult(success=False, handled=False)
        made.signed_in.append(user)
        return AuthResult(success=True)

    running = OnFreePort(
        made, "127.0.0.1", 0, tls_context=tls, require_starttls=tls is not None, auth_required=account is not None,
        authenticator=known,
    )  # fmt: skip
    running.start()
    made.port = running.port
    try:
        yield made
    finally:
        running.stop()
