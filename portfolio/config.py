"""Typed settings from the environment, checked once at start. All is derived from the home folder unless said."""

import ipaddress
import os
import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

from portfolio.errors import Rejected

ROOT = Path(__file__).resolve().parent.parent
KILOBYTE = 1024
TOKEN_LEAST = 16
MEGABYTE = 1024 * KILOBYTE
BUCKET = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/((?:[a-z0-9][a-z0-9_-]*/?)*))?")


def setting(name: str, default: str, meaning: str) -> str:
    """A dataclass field that is read from the environment variable PORTFOLIO_<name>."""
    return field(default=default, metadata={"name": f"PORTFOLIO_{name}", "meaning": meaning})


@dataclass(frozen=True, slots=True)
class Raw:
    """The settings as text, with what each means. The README's table is generated from here and tested against it."""

    home: str = setting("HOME", "", "the one folder with database, files and keys; required")
    url: str = setting("URL", "http://127.0.0.1:8000", "the address people type; https in production")
    hosts: str = setting("HOSTS", "", "further host names to answer to, with commas between")
    bind: str = setting("BIND", "127.0.0.1", "the network address to listen on")
    port: str = setting("PORT", "8000", "the port to listen on")
    database: str = setting(
        "DATABASE", "", "a PostgreSQL address (postgresql+psycopg://...); empty: SQLite in the home folder"
    )
    store: str = setting(
        "STORE", "", "a bucket for files (s3://bucket/prefix), which needs PostgreSQL; empty: files in the home folder"
    )
    store_endpoint: str = setting("STORE_ENDPOINT", "", "address of the S3 service; empty: Amazon's own for the region")
    store_region: str = setting("STORE_REGION", "eu-west-2", "the bucket's region")
    store_key: str = setting("STORE_KEY", "", "identifier of the key to the bucket")
    store_secret: str = setting("STORE_SECRET", "", "the key's secret")
    web_processes: str = setting("WEB_PROCESSES", "1", "how many web processes to run")
    workers: str = setting("WORKERS", "1", "how many workers to run beside them; 0 where others do the work")
    proxies: str = setting("PROXIES", "0", "how many reverse proxies stand in front and set X-Forwarded-For")
    idle_minutes: str = setting(
        "IDLE_MINUTES", "30", "a session ends after this long without a request, or up to a minute sooner"
    )
    session_hours: str = setting("SESSION_HOURS", "12", "a session ends after this long in any case")
    upload_megabytes: str = setting("UPLOAD_MEGABYTES", "500", "the largest file that is taken")
    learner_megabytes: str = setting("LEARNER_MEGABYTES", "5120", "how much one portfolio may hold")
    centre_megabytes: str = setting("CENTRE_MEGABYTES", "204800", "how much all of a centre's portfolios may hold")
    smtp_host: str = setting("SMTP_HOST", "", "mail server; empty: links are printed by the command line instead")
    smtp_port: str = setting(
        "SMTP_PORT", "587", "mail server's port; STARTTLS is required unless it is on this machine"
    )
    smtp_user: str = setting("SMTP_USER", "", "mail server's account")
    smtp_password: str = setting("SMTP_PASSWORD", "", "mail server's password")
    mail_from: str = setting("MAIL_FROM", "", "the sender's address of mail")
    metrics_token: str = setting(
        "METRICS_TOKEN", "", "a token for reading /metrics from elsewhere; empty: only this machine may"
    )
    log_level: str = setting("LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR")


@dataclass(frozen=True, slots=True)
class Mail:
    """Where mail is handed over; `host` empty means there is no mail."""

    host: str
    port: int
    user: str
    password: str
    sender: str


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket of an S3-compatible service; `prefix` may be empty, `endpoint` empty means Amazon's own."""

    name: str
    prefix: str
    endpoint: str
    region: str
    key: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """Checked settings. Made by `from_environment`; tests make their own with `dataclasses.replace`."""

    home: Path
    url: str
    hosts: frozenset[str]
    bind: str
    port: int
    database_url: str
    web_processes: int
    workers: int
    proxies: int
    idle_minutes: int
    session_hours: int
    upload_bytes: int
    learner_bytes: int
    centre_bytes: int
    mail: Mail
    log_level: str
    bucket: Bucket | None = None
    metrics_token: str = field(default="", repr=False)
    argon2_memory_kib: int = 19_456
    argon2_passes: int = 2

    @property
    def is_secure(self) -> bool:
        """Whether people reach the product over TLS, so that cookies may be Secure and HSTS is sent."""
        return self.url.startswith("https://")

    @property
    def is_shared(self) -> bool:
        """Whether the database is one that several machines may use at once."""
        return not self.database_url.startswith("sqlite")

    @property
    def files(self) -> Path:
        """Where stored files are, by centre and SHA-256."""
        return self.home / "files"

    @property
    def incoming(self) -> Path:
        """Where uploads are written while they arrive; on the same file system as `files`."""
        return self.home / "incoming"

    @property
    def previews(self) -> Path:
        """What files look like, made again whenever it is missing; no backup needs it."""
        return self.home / "previews"

    @property
    def keys(self) -> Path:
        """Where the secret key and the audit signing key are."""
        return self.home / "keys"

    def secret_key(self) -> str:
        """The key that signs cookies; made on first use."""
        return key_file(self.keys / "secret", lambda: secrets.token_hex(32).encode()).decode()

    @classmethod
    def from_environment(cls, home: Path | None = None, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read and check PORTFOLIO_* variables; `home` wins over PORTFOLIO_HOME. Raises Rejected with the reason."""
        env = os.environ if environ is None else environ
        values = {f.name: env.get(f.metadata["name"], str(f.default)).strip() for f in fields(Raw)}
        raw = Raw(**values)
        folder = home or (Path(raw.home) if raw.home else None)
        if folder is None:
            raise Rejected("Say where the home folder is: portfolio --home DIR, or PORTFOLIO_HOME.")
        settings = cls(
            home=folder.expanduser().resolve(),
            url=raw.url.rstrip("/"),
            hosts=allowed_hosts(raw),
            bind=raw.bind,
            port=whole("PORTFOLIO_PORT", raw.port, 1, 65_535),
            database_url=raw.database or f"sqlite:///{folder.expanduser().resolve() / 'database.sqlite3'}",
            web_processes=whole("PORTFOLIO_WEB_PROCESSES", raw.web_processes, 1, 64),
            workers=whole("PORTFOLIO_WORKERS", raw.workers, 0, 64),
            proxies=whole("PORTFOLIO_PROXIES", raw.proxies, 0, 5),
            idle_minutes=whole("PORTFOLIO_IDLE_MINUTES", raw.idle_minutes, 1, 720),
            session_hours=whole("PORTFOLIO_SESSION_HOURS", raw.session_hours, 1, 168),
            upload_bytes=whole("PORTFOLIO_UPLOAD_MEGABYTES", raw.upload_megabytes, 1, 10_000) * MEGABYTE,
            learner_bytes=whole("PORTFOLIO_LEARNER_MEGABYTES", raw.learner_megabytes, 1, 1_000_000) * MEGABYTE,
            centre_bytes=whole("PORTFOLIO_CENTRE_MEGABYTES", raw.centre_megabytes, 1, 100_000_000) * MEGABYTE,
            mail=Mail(raw.smtp_host, whole("PORTFOLIO_SMTP_PORT", raw.smtp_port, 1, 65_535), raw.smtp_user,
                      raw.smtp_password, raw.mail_from),
            log_level=raw.log_level.upper(),
            bucket=bucket_of(raw),
            metrics_token=raw.metrics_token,
        )  # fmt: skip
        check(settings)
        return settings


def whole(name: str, text: str, least: int, most: int) -> int:
    """A whole number within bounds, or Rejected naming the setting."""
    if not text.isdigit() or not least <= int(text) <= most:
        raise Rejected(f"{name} must be a whole number from {least} to {most}.")
    return int(text)


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def allowed_hosts(raw: Raw) -> frozenset[str]:
    """Host names that requests may name: the public address's, those listed, and the loopback ones."""
    named = {urlsplit(raw.url).hostname or "", *(h.strip() for h in raw.hosts.split(","))}
    return frozenset(h.lower() for h in named if h) | {"127.0.0.1", "localhost", "::1"}


def bucket_of(raw: Raw) -> Bucket | None:
    """The bucket that the settings name, or None for the home folder. Raises Rejected for one that cannot be meant."""
    if not raw.store:
        left = [name for name in ("endpoint", "key", "secret") if getattr(raw, f"store_{name}")]
        if left:
            name = f"PORTFOLIO_STORE_{left[0].upper()}"
            raise Rejected(f"{name} is set but PORTFOLIO_STORE is not: say which bucket, or set neither.")
        return None
    named = BUCKET.fullmatch(raw.store)
    if named is None:
        raise Rejected("PORTFOLIO_STORE must be an address such as s3://bucket/prefix, in small letters and digits.")
    if not raw.store_key or not raw.store_secret:
        raise Rejected("PORTFOLIO_STORE needs the bucket's key: set PORTFOLIO_STORE_KEY and PORTFOLIO_STORE_SECRET.")
    parts = urlsplit(raw.store_endpoint)
    if raw.store_endpoint and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/")):
        raise Rejected("PORTFOLIO_STORE_ENDPOINT must be an address such as https://s3.example.org, without a path.")
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise Rejected("PORTFOLIO_STORE_ENDPOINT must begin with https unless the service is on this machine.")
    endpoint = raw.store_endpoint.rstrip("/")
    return Bucket(named[1], named[2] or "", endpoint, raw.store_region, raw.store_key, raw.store_secret)


def check(settings: Settings) -> None:
    """Refuse settings that would be unsafe, or that cannot work, with the sentence that mends them."""
    parts = urlsplit(settings.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise Rejected("PORTFOLIO_URL must be an address such as https://portfolio.example.org, without a path.")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise Rejected("PORTFOLIO_URL must begin with https unless the product is only reached from this machine.")
    if not settings.is_secure and not is_loopback(settings.bind):
        raise Rejected("PORTFOLIO_BIND may leave this machine only when PORTFOLIO_URL begins with https.")
    if not settings.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise Rejected("PORTFOLIO_DATABASE must begin with postgresql+psycopg://, or be empty for SQLite.")
    if settings.bucket is not None and not settings.is_shared:
        raise Rejected("PORTFOLIO_STORE needs PORTFOLIO_DATABASE: beside SQLite, files stay in the home folder.")
    if settings.mail.host and "@" not in settings.mail.sender:
        raise Rejected("PORTFOLIO_MAIL_FROM must be an address when PORTFOLIO_SMTP_HOST is set.")
    if settings.metrics_token and len(settings.metrics_token) < TOKEN_LEAST:
        raise Rejected(f"PORTFOLIO_METRICS_TOKEN must have at least {TOKEN_LEAST} characters, or be empty.")
    if settings.log_level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise Rejected("PORTFOLIO_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR.")


def key_file(path: Path, make: Callable[[], bytes]) -> bytes:
    """The key in `path`, made with `make()` on first use; readable by its owner alone, and never half-written."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(make())
            out.flush()
            os.fsync(out.fileno())
        with suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_bytes()
