"""Where somebody is taken after signing in: only ever to a page of this installation. Pure."""

from urllib.parse import urlsplit

LONGEST = 2_000


def local_path(text: str) -> str | None:
    """The text when every browser reads it as a path on this very server; None otherwise.

    Browsers drop control characters and read a backslash as a slash, so that neither may be in it.
    """
    if not text.startswith("/") or text.startswith("//") or len(text) > LONGEST:
        return None
    if "\\" in text or not text.isprintable():
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else text
