"""A file as a preview: pieces that are made anew, never the original. Whatever the file is, there is an answer.

Runs on hostile input: call it through `sandbox.Previewer`, which gives it a process of its own.
"""

import logging
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path

from portfolio.documents.codec import Json
from portfolio.documents.preview import Manifest
from portfolio.documents.preview_bench import Bench, Full
from portfolio.documents.scratch import writing_beside
from portfolio.documents.xml_parts import Unreadable

UNREADABLE = "This file could not be read, so there is no preview. Download it to open it."
_OFFICE = "application/vnd.openxmlformats-officedocument."
_PACKAGE = "portfolio.documents."
LISTENING_SECONDS = 120
"""A recording is listened to before its first piece is begun."""
_TOLD = ("image/", "audio/", "video/")
"""Kinds whose reader is told which of them it is."""

READERS: dict[str, str] = {
    "application/pdf": "pdf_pages:pdf_pieces",
    f"{_OFFICE}wordprocessingml.document": "office_previews:word_pieces",
    f"{_OFFICE}presentationml.presentation": "office_previews:slide_pieces",
    f"{_OFFICE}spreadsheetml.sheet": "sheets:sheet_pieces",
    "text/csv": "sheets:csv_pieces",
    "text/plain": "text_previews:text_pieces",
    "text/markdown": "text_previews:markdown_pieces",
    "application/rtf": "text_previews:rtf_pieces",
    "message/rfc822": "letters:eml_pieces",
    "application/vnd.ms-outlook": "letters:msg_pieces",
    **dict.fromkeys(
        ("image/png", "image/jpeg", "image/gif", "image/webp", "image/tiff", "image/heic"),
        "preview_pictures:picture_pieces",
    ),
    **dict.fromkeys(
        ("audio/mpeg", "audio/wav", "audio/mp4", "audio/ogg", "video/mp4", "video/quicktime", "video/webm"),
        "recordings.previewing:recording_pieces",
    ),
}
"""Media type to module and function; each is loaded when a file of its kind comes."""


def preview_into(folder: str, path: str, media_type: str) -> Json:
    """Makes the preview of a file in a folder, and gives the manifest as JSON; called by name in the child process."""
    is_recording = media_type.startswith(("audio/", "video/"))
    bench = Bench(Path(folder), seconds=LISTENING_SECONDS if is_recording else None)
    try:
        with writing_beside(Path(folder)):
            reader_of(media_type)(bench, Path(path))
    except Unreadable as trouble:
        return Manifest(note=f"{trouble} Download the file to open it.").as_json()
    except Full:
        bench.note("Only the first part of the file is shown.")
    except Exception:
        logging.getLogger(__name__).info("A file could not be read for a preview.", exc_info=True)
        return Manifest(note=UNREADABLE).as_json()
    return bench.finished().as_json()


def reader_of(media_type: str) -> Callable[[Bench, Path], None]:
    """What reads files of this kind onto a bench."""
    module, _, name = READERS[media_type].partition(":")
    found: Callable[..., None] = getattr(import_module(_PACKAGE + module), name)
    return partial(found, media_type=media_type) if media_type.startswith(_TOLD) else found
