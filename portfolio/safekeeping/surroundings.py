"""What stands round the product: settings, disk, rights to files, keys, the mail server. Looks, and changes nothing."""

import os
import shutil
import smtplib
from collections.abc import Iterator
from pathlib import Path

from portfolio import mail
from portfolio.config import Settings
from portfolio.safekeeping.findings import Finding, fault, ok, warning
from portfolio.storage.rules import size_words

OTHERS = 0o077
OF_A_DISK = 20
"""One part in so many is to be free."""
LEAST_NAMES = 10_000
FILES_AT_ONCE = 4
AUDIT_KEY_BYTES = 32
LOSSES = {
    "secret": "everybody has to sign in anew",
    "factors": "everybody with a second step has to set it up anew",
}
"""What is lost with a key."""


def settings_found(settings: Settings) -> Iterator[Finding]:
    """Whether the settings fit a centre; that they are well-formed is known already."""
    if not settings.is_secure:
        yield warning(
            "settings",
            f"People reach it at {settings.url}, without TLS: only from this machine.",
            "Set PORTFOLIO_URL to the https address that people type, with a web server in front.",
        )
    elif not settings.proxies:
        yield warning(
            "settings",
            "The address is https, and no reverse proxy is said to stand in front.",
            "Set PORTFOLIO_PROXIES to how many there are, so that tries at passwords are counted by address.",
        )
    else:
        yield ok("settings", f"{settings.url}, {settings.proxies} in front.")


def mail_found(settings: Settings) -> Iterator[Finding]:
    """Whether the mail server takes us; nothing is sent."""
    if not settings.mail.host:
        yield warning(
            "mail",
            "No mail server is set: nobody is told anything by mail.",
            "Set PORTFOLIO_SMTP_HOST and PORTFOLIO_MAIL_FROM, or hand links over with portfolio people link.",
        )
        return
    place = f"{settings.mail.host}:{settings.mail.port}"
    try:
        with mail.connected(settings.mail) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        yield fault(
            "mail", f"{place} cannot be used: {type(error).__name__}.", "Check PORTFOLIO_SMTP_* and the mail server."
        )
    else:
        yield ok("mail", f"{place} takes letters from {settings.mail.sender}.")


def disk_found(settings: Settings, *, promised: int) -> Iterator[Finding]:
    """Whether there is room; `promised` is how much the limits still let people add on this disk."""
    usage, names = shutil.disk_usage(settings.home), os.statvfs(settings.home)
    says = f"{size_words(usage.free)} of {size_words(usage.total)} are free where {settings.home} is."
    more = "Make room or get a larger disk: when it is full, nothing can be saved."
    if usage.free < settings.upload_bytes:
        yield fault("disk", f"{says} One file may have {size_words(settings.upload_bytes)}.", more)
    elif usage.free < FILES_AT_ONCE * settings.upload_bytes or usage.free < usage.total / OF_A_DISK:
        yield warning("disk", says, more)
    elif usage.free < promised:
        yield warning(
            "disk",
            f"{says} The limits let people add {size_words(promised)}.",
            "Get a larger disk, or set PORTFOLIO_CENTRE_MEGABYTES to what there is room for.",
        )
    else:
        yield ok("disk", says)
    if names.f_files and names.f_favail < LEAST_NAMES:
        yield warning("disk", f"Only {names.f_favail:,} more files can be made on this disk (inodes).", more)


def rights_found(settings: Settings) -> Iterator[Finding]:
    """Whether nobody else on this machine can read the home folder and the keys."""
    looked_at = [settings.home, settings.keys, *(sorted(settings.keys.iterdir()) if settings.keys.exists() else [])]
    open_ones = [path for path in looked_at if path.exists() and path.stat().st_mode & OTHERS]
    for path in open_ones:
        mode = "700" if path.is_dir() else "600"
        yield fault("rights", f"Others on this machine may look at {path}.", f"chmod {mode} {path}")
    owner = settings.home.stat().st_uid
    if owner != os.geteuid():
        yield warning(
            "rights",
            "The home folder belongs to another account than the one that asks.",
            f"Run every portfolio command as the owner of {settings.home} (number {owner}).",
        )
    elif not open_ones:
        yield ok("rights", "The home folder and the keys are for their owner alone.")


def keys_found(settings: Settings) -> Iterator[Finding]:
    """Whether the keys are there. That the audit key is the right one is looked at with the trail."""
    audit = settings.keys / "audit"
    lost = {name: loss for name, loss in LOSSES.items() if not _has(settings.keys / name, 1)}
    if not _has(audit, AUDIT_KEY_BYTES):
        yield fault(
            "keys",
            f"{audit} is missing or is no key: the trail cannot be proved and nothing can be recorded.",
            "Stop the product and bring the keys back from a backup.",
        )
    for name, loss in lost.items():
        says = f"{settings.keys / name} is missing, and is made anew when it is needed."
        yield warning("keys", says, f"Unless it never was there, bring it back from a backup: without it {loss}.")
    if _has(audit, AUDIT_KEY_BYTES) and not lost:
        yield ok("keys", f"{len(list(settings.keys.iterdir()))} keys are there.")


def _has(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size >= size
