"""Names of files: without the words that go, and still names that every computer takes. Pure."""

import re
from collections.abc import Callable
from pathlib import PurePosixPath

from portfolio.documents.sniff import ENDINGS

MOST = 120
_KNOWN = frozenset(ending for endings in ENDINGS.values() for ending in endings) | {
    *(".zip", ".htm", ".html", ".ics", ".vcf", ".xls", ".ppt"),
}
_ENDING_OF = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/tiff": ".tif",
    "audio/mpeg": ".mp3",
    "audio/wav": ".wav",
    "audio/mp4": ".m4a",
    "audio/ogg": ".ogg",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "video/webm": ".webm",
    "application/zip": ".zip",
    "text/html": ".html",
    "text/calendar": ".ics",
    "text/vcard": ".vcf",
}
_NOT_TAKEN = re.compile(r"[<>:\"/\\|?*\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])\Z", re.IGNORECASE)


def renamed(name: str, words: Callable[[str], str], before: str, made: str) -> str:
    """The name from now on. `words` is what a text says from now on; a file that became of another kind (`before` to
    `made`) has that one's ending.
    """
    stem, ending = parted(name)
    if before != made or not ending or not _fits(ending, made):
        ending = ending_of(made)
    return f"{_valid(words(stem))}{ending}"


def parted(name: str) -> tuple[str, str]:
    """What somebody called a file, without folders, and its ending where that is one that says a kind."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    ending = PurePosixPath(bare).suffix
    return (bare[: -len(ending)], ending) if ending.lower() in _KNOWN else (bare, "")


def ending_of(media_type: str) -> str:
    """The ending that files of a kind have here, with its dot; empty for a kind that none is known of."""
    return _ENDING_OF.get(media_type) or next(iter(ENDINGS.get(media_type, ())), "")


def _fits(ending: str, media_type: str) -> bool:
    endings = ENDINGS.get(media_type)
    return endings is None or ending.lower() in endings


def _valid(stem: str) -> str:
    stem = " ".join(_NOT_TAKEN.sub(" ", stem).split())[:MOST].strip(" .")
    return f"_{stem}" if _RESERVED.match(stem) else stem or "File"
