"""Letters: what goes out over a real socket, under which protection, and what happens when it cannot."""

import logging
import smtplib
import ssl
import threading
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from portfolio import clock, mail
from portfolio.config import Mail
from portfolio.mail import Letter, Post, message, send
from tests.mail_server import Server, listening

LETTER = Letter(
    "Zoë Ångström", "zoe@example.org", "Choose a new password", "Hello Zoë,\n\nhttps://example.org/link/abc\n"
)


@pytest.fixture
def server() -> Iterator[Server]:
    """A mail server."""
    with listening() as found:
        yield found


def settings(port: int = 25, host: str = "127.0.0.1", user: str = "") -> Mail:
    """Where to send."""
    return Mail(host, port, user, "secret", "portfolio@centre.example")


def test_a_letter_arrives_whole(server: Server) -> None:
    """Sender, person, subject and text."""
    send(settings(server.port), LETTER)
    [text] = server.taken
    assert "From: NVQ Portfolio <portfolio@centre.example>" in text
    assert "<zoe@example.org>" in text
    assert "Subject: Choose a new password" in text
    assert "Auto-Submitted: auto-generated" in text
    assert "https://example.org/link/abc" in text


@pytest.mark.parametrize(
    "breaking", ["\r\nBcc: all@example.org", "\nBcc: all@example.org", "\rBcc: x", "\x0bBcc: x", "\u2028Bcc: x"]
)
def test_no_line_break_gets_into_a_header(breaking: str) -> None:
    """Whatever a name or a centre's name holds."""
    made = message(Letter(f"Ada{breaking}", "ada@example.org", f"Hello{breaking}", "Text."), "portfolio@centre.example")
    head = made.as_bytes().split(b"\r\n\r\n")[0].decode()
    assert made["Bcc"] is None
    assert not [line for line in head.splitlines() if line.lower().startswith("bcc")]


@pytest.mark.parametrize("address", ["a@b.example\r\nBcc: x@y.example", "a@b.example, c@d.example", "no address"])
def test_an_impossible_address_is_not_written_to(address: str) -> None:
    """One person gets the letter, or nobody."""
    with pytest.raises(ValueError, match=r".*"):
        message(Letter("Ada", address, "Hello", "Text."), "portfolio@centre.example")


class Recorder:
    """Stands for a server elsewhere, and notes what was asked of it."""

    calls: list[str]

    def __init__(self, host: str, port: int, timeout: float) -> None:
        type(self).calls = [f"connect {host} {port}"]
        assert timeout

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.calls.append("close")

    def starttls(self, *, context: ssl.SSLContext) -> None:
        """Note it, and that the certificate is checked."""
        assert context.check_hostname
        assert context.verify_mode is ssl.CERT_REQUIRED
        self.calls.append("starttls")

    def login(self, user: str, _password: str) -> None:
        """Note it."""
        self.calls.append(f"login {user}")

    def send_message(self, _message: object) -> None:
        """Note it."""
        self.calls.append("send")


def test_to_another_machine_only_under_tls_and_then_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither password nor letter goes out in the clear."""
    monkeypatch.setattr(smtplib, "SMTP", Recorder)
    send(settings(587, "mail.example.org", "portfolio"), LETTER)
    assert Recorder.calls == ["connect mail.example.org 587", "starttls", "login portfolio", "send", "close"]


def test_on_this_machine_without(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is nobody in between."""
    monkeypatch.setattr(smtplib, "SMTP", Recorder)
    send(settings(25, "localhost"), LETTER)
    assert Recorder.calls == ["connect localhost 25", "send", "close"]


@pytest.fixture
def certified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """What a server needs to speak TLS; its certificate is among those that are trusted, and it counts as elsewhere."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    begun = clock.now() - timedelta(hours=1)
    here = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), begun, begun + timedelta(2))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = tmp_path / "certificate.pem", tmp_path / "key.pem"
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setattr(mail, "is_loopback", lambda _host: False)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, secret)
    return context


def test_a_letter_goes_under_tls_with_the_account(certified: ssl.SSLContext) -> None:
    """To a server that takes nothing in the clear and nothing from strangers."""
    with listening(tls=certified, account=("portfolio", "secret")) as server:
        send(settings(server.port, user="portfolio"), LETTER)
        assert server.signed_in == ["portfolio"]
        assert len(server.taken) == 1
        with pytest.raises(smtplib.SMTPAuthenticationError):
            send(settings(server.port, user="somebody"), LETTER)
        with pytest.raises(smtplib.SMTPException):
            send(settings(server.port), LETTER)
        assert len(server.taken) == 1


def test_nothing_goes_to_a_server_that_is_not_the_one_named(
    certified: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A certificate that nobody vouches for, one for another name, or no TLS at all."""
    with listening(tls=certified) as server:
        with pytest.raises(ssl.SSLCertVerificationError):
            send(settings(server.port, host="localhost"), LETTER)
        monkeypatch.delenv("SSL_CERT_FILE")
        with pytest.raises(ssl.SSLCertVerificationError):
            send(settings(server.port), LETTER)
    assert (server.taken, server.signed_in) == ([], [])
    with listening() as plain, pytest.raises(smtplib.SMTPNotSupportedError):
        send(settings(plain.port), LETTER)
    assert plain.taken == []


def test_the_post_sends_in_the_background_and_lives_on(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What cannot be written or sent is logged without a name, an address or a link, and the next one goes out."""
    post = Post(settings(server.port))
    release = threading.Event()

    def fail() -> Letter:
        release.wait(5)
        raise RuntimeError("zoe@example.org https://example.org/link/abc")

    with caplog.at_level(logging.ERROR):
        post.later(fail)
        post.later(lambda: None)
        post.later(lambda: LETTER)
        release.set()
        post.wait()
    assert len(server.taken) == 1
    assert [record.getMessage() for record in caplog.records] == ["a letter was not sent: RuntimeError"]
    monkeypatch.setattr(mail, "send", lambda _settings, _letter: (_ for _ in ()).throw(OSError("zoe@example.org")))
    with caplog.at_level(logging.ERROR):
        post.later(lambda: LETTER)
        post.wait()
    assert "zoe" not in caplog.text


def test_too_many_waiting_are_dropped_not_kept(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A mail server that hangs does not fill the memory."""
    monkeypatch.setattr(mail, "WAITING_MOST", 2)
    monkeypatch.setattr(mail, "send", lambda _settings, _letter: None)
    post, release, began = Post(settings()), threading.Event(), threading.Event()

    def hang() -> None:
        began.set()
        release.wait(5)

    post.later(hang)
    began.wait(5)
    with caplog.at_level(logging.ERROR):
        for _ in range(4):
            post.later(lambda: LETTER)
    release.set()
    post.wait()
    assert len(caplog.records) == 2


def test_without_a_server_nothing_is_even_written() -> None:
    """The command line prints links instead."""
    post = Post(settings(host=""))
    assert not post.is_set_up
    post.later(lambda: pytest.fail("written"))
    post.wait()
