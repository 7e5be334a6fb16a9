"""A Word file laid out on pages, as LibreOffice does it where that is there: as a PDF, and on which page what is."""

import tempfile
from collections.abc import Iterable
from ctypes import c_long, create_string_buffer
from pathlib import Path

import pypdfium2
from pypdfium2 import raw

from portfolio.documents import engines, programs
from portfolio.documents.codec import Json
from portfolio.documents.sandbox import run_limited

SECONDS = 1200
MEMORY_BYTES = 6_000 * 1000**2
_UNDERSCORE = "5F"
"""How LibreOffice writes the one sign in our bookmarks that is no letter or digit."""
_STARTED_ANEW = 81
"""How it ends when it has only just made its settings."""
_NAME_MOST = 400
_MOST = 20_000
_OPTIONS = (
    'pdf:writer_pdf_Export:{"ExportBookmarksToPDFDestination":{"type":"boolean","value":"true"},'
    '"UseTaggedPDF":{"type":"boolean","value":"true"},"ExportBookmarks":{"type":"boolean","value":"true"},'
    '"InitialView":{"type":"long","value":"1"}}'
)


class NotLaidOut(Exception):
    """LibreOffice is not there, took too long, or could not do it."""


def as_pdf(source: Path, target: Path, *, seconds: int = SECONDS) -> None:
    """Write a Word file of ours as a PDF. Raises NotLaidOut, and then nothing stands at the target."""
    engine = engines.office()
    if engine is None:
        raise NotLaidOut
    with tempfile.TemporaryDirectory(prefix="portfolio-layout-", dir=target.parent) as scratch:
        copy, profile = Path(scratch) / "book.docx", Path(scratch) / "profile"
        copy.symlink_to(source.resolve())
        command = [
            engine.program,
            f"-env:UserInstallation={profile.as_uri()}",
            *("--headless", "--norestore", "--nologo", "--convert-to", _OPTIONS, "--outdir", scratch, str(copy)),
        ]
        try:
            if programs.run(command, seconds=seconds, memory_bytes=MEMORY_BYTES) == _STARTED_ANEW:
                programs.run(command, seconds=seconds, memory_bytes=MEMORY_BYTES)
            (Path(scratch) / "book.pdf").replace(target)
        except (programs.TooLong, programs.Failed, OSError) as trouble:
            raise NotLaidOut from trouble


def pages_of(pdf: Path, bookmarks: Iterable[str]) -> dict[str, int]:
    """On which page, from 1, these bookmarks of the Word file stand in its PDF, as far as that can be told."""
    outcome = run_limited("portfolio.documents.layout:destinations", str(pdf.resolve()))
    found = outcome.value if isinstance(outcome.value, dict) else {}
    pages = {name: found.get(name.replace("_", _UNDERSCORE)) for name in bookmarks}
    return {name: page for name, page in pages.items() if isinstance(page, int)}


def destinations(path: str) -> Json:
    """The named places of a PDF with the numbers of their pages; called by name in the child process."""
    document = pypdfium2.PdfDocument(path)
    found: dict[str, Json] = {}
    for number in range(min(raw.FPDF_CountNamedDests(document.raw), _MOST)):
        size = c_long(_NAME_MOST)
        name = create_string_buffer(_NAME_MOST)
        place = raw.FPDF_GetNamedDest(document.raw, number, name, size)
        if place and size.value > 0:
            page = raw.FPDFDest_GetDestPageIndex(document.raw, place)
            found[name.raw[: size.value].decode("utf-16-le", "replace").rstrip("\0")] = page + 1
    document.close()
    return found
