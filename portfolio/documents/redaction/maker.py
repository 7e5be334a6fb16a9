"""A file redacted, and a file read whole: which module does it for which kind, and what lies inside other files.

Runs on hostile input: call it through `redaction.apart`, which gives it a process of its own.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from portfolio.documents.codec import Json
from portfolio.documents.redaction.names import parted, renamed
from portfolio.documents.redaction.plan import Plan, plan_of
from portfolio.documents.redaction.work import Inner, Refused, Unknown, Work
from portfolio.documents.scratch import writing_in
from portfolio.documents.sniff import HEAD_BYTES, inspect
from portfolio.errors import Rejected

_PACKAGE = "portfolio.documents.redaction."
_OFFICE = "application/vnd.openxmlformats-officedocument."
ARCHIVE = "application/zip"

REDACTORS: dict[str, str] = {
    "text/plain": "plain:redact_text",
    "text/markdown": "plain:redact_text",
    "text/csv": "plain:redact_csv",
    "application/rtf": "rich:redact_rtf",
    f"{_OFFICE}wordprocessingml.document": "office:redact_word",
    f"{_OFFICE}presentationml.presentation": "office:redact_slides",
    f"{_OFFICE}spreadsheetml.sheet": "office:redact_sheets",
    "application/pdf": "pages:redact_pdf",
    "message/rfc822": "mail:redact_eml",
    "application/vnd.ms-outlook": "mail:redact_msg",
    **dict.fromkeys(
        ("image/png", "image/jpeg", "image/gif", "image/webp", "image/tiff", "image/heic"), "pictures:redact_picture"
    ),
    **dict.fromkeys(
        ("audio/mpeg", "audio/wav", "audio/mp4", "audio/ogg", "video/mp4", "video/quicktime", "video/webm"),
        "recordings:redact_recording",
    ),
    ARCHIVE: "bundles:redact_archive",
    "text/html": "web:redact_page",
    "text/calendar": "cards:redact_cards",
    "text/vcard": "cards:redact_cards",
}
"""Media type to module and function `(source: Path, target: Path, work: Work, media_type: str) -> str`: it writes the
target and answers the media type of what it wrote. Each is loaded when a file of its kind comes."""

INSIDE = {".htm": "text/html", ".html": "text/html", ".ics": "text/calendar", ".vcf": "text/vcard"}
"""Kinds that stand inside mails and archives only, by their endings."""


def redact_into(target: str, source: str, media_type: str, plan: Any) -> Json:
    """Writes the redacted file and gives the report as JSON, or {"refused": sentence}; called by name in the child."""
    work = Work(plan_of(plan), redact_inner)
    try:
        with writing_in(Path(target).parent):
            made = redactor_of(media_type)(Path(source), Path(target), work, media_type)
    except Refused as trouble:
        return {"refused": str(trouble)}
    return work.finished(made).as_json()


def read_whole(source: str, media_type: str, scratch: str) -> Json:
    """Every text that a file holds, {"texts": [[place, words, is_seen], ...], "unread": ..., "gone": ...}, or
    {"refused": sentence}. The walk is that of redacting, so what is not read here is not redacted either. `scratch` is
    a folder for what is written on the way.
    """
    work = Work(Plan(), redact_inner, keeps_texts=True)
    try:
        with TemporaryDirectory(dir=scratch) as folder, writing_in(Path(folder)):
            redactor_of(media_type)(Path(source), Path(folder) / "out", work, media_type)
    except Refused as trouble:
        return {"refused": str(trouble)}
    report = work.finished(media_type).as_json()
    texts: list[Json] = [[one.place, one.words, one.is_seen] for one in work.texts]
    return {"texts": texts, "unread": report["unread"], "gone": report["gone"]}


def redact_inner(data: bytes, name: str, work: Work) -> Inner:
    """A file inside another one. Raises Refused when it cannot be read, Unknown when nothing here reads its kind."""
    with TemporaryDirectory() as folder:
        source, target = Path(folder) / "in", Path(folder) / "out"
        source.write_bytes(data)
        media_type = _kind_inside(source, data, name)
        try:
            made = redactor_of(media_type)(source, target, work, media_type)
            written = data if work.only_reads else target.read_bytes()
        except (Refused, MemoryError):
            raise
        except Exception as trouble:
            raise Refused("It is damaged.") from trouble  # broken files raise dozens of kinds from many libraries
        called = renamed(name, lambda stem: work.words(stem, "Names of files"), media_type, made)
        return Inner(written, called, made)


def _kind_inside(source: Path, data: bytes, name: str) -> str:
    """Inside others there are kinds, too, that nobody can add by themselves."""
    kind = INSIDE.get(parted(name)[1].lower())
    if kind is not None and b"\0" not in data[:HEAD_BYTES]:
        return kind
    try:
        return inspect(source, name).media_type
    except Rejected:
        if data.startswith(b"PK\x03\x04") and parted(name)[1].lower() in {"", ".zip"}:
            return ARCHIVE
        raise Unknown("It is of a kind that nothing here reads.") from None


def redactor_of(media_type: str) -> Callable[[Path, Path, Work, str], str]:
    """What redacts files of a kind. Raises Refused."""
    try:
        module, _, name = REDACTORS[media_type].partition(":")
    except KeyError:
        raise Refused("Files of this kind cannot be redacted here.") from None
    found: Callable[[Path, Path, Work, str], str] = getattr(import_module(_PACKAGE + module), name)
    return found
