"""Words that a text holds in another spelling: %20 and &amp;, lines broken inside a name or quoted, base64 and hex.

Each spelling is looked through in turn. Reading shows what is coded as words too, redacting what lies across lines.
"""

import re
from base64 import b64decode, b64encode

from portfolio.documents.redaction.spelling import edited, edits, uncoded, unfolded, unmarked
from portfolio.documents.redaction.work import Work

IN_CODE = "Words in code"
_RUN = re.compile(r"(?:[A-Za-z0-9+/]{40,200}\r?\n)*[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){8,}|(?:[0-9A-Fa-f]{2}[: -]){7,}[0-9A-Fa-f]{2}")
_NO_HEX = re.compile(r"[^0-9A-Fa-f]+")
_CODES = re.compile(r"[%&=\\]")
_TURNED = "\u202e"
_LEAST_RUN = 16
_LEAST_LETTERS = 6
_MOST_RUN = 1_000_000
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_SPACES = re.compile(r"\s+")


def words_in(work: Work, text: str, place: str, *, is_seen: bool = True) -> str:
    """What a text says from now on, whatever spelling the words that go have in it."""
    return swept(work, work.words(text, place, is_seen=is_seen), place)


def swept(work: Work, text: str, place: str) -> str:
    """The same for a text whose words as they stand were looked through already."""
    for spelling in () if work.only_reads else (unfolded, unmarked):
        read = spelling(text)
        if read is not None:
            text = edited(text, edits(read, work.find(read.text, place)))
    if _TURNED in text and not work.only_reads:
        text = work.words(text[::-1], place)[::-1]
    return _runs(work, _codes(work, text, place), place)


def link_to(work: Work, target: str, place: str) -> str:
    """Where a link leads from now on."""
    made = words_in(work, target, place, is_seen=False)
    return target if made == target else made.strip().replace(" ", "%20")


def loosely_decoded(data: bytes) -> bytes:
    """What base64 stands for, whatever breaks and signs lie in between, as far as it goes."""
    bare = _NO_BASE64.sub(b"", data)
    bare = bare[: len(bare) - (len(bare) % 4 == 1)]
    return b64decode(bare + b"=" * (-len(bare) % 4))


def _codes(work: Work, text: str, place: str) -> str:
    if not _CODES.search(text):
        return text
    if work.only_reads:
        for token in text.split():
            plain = uncoded(token) if "%" in token or "&" in token else None
            if plain is not None and plain.text != token:
                work.find(plain.text, place, is_seen=False)
        return text
    read = uncoded(text)
    return text if read is None else edited(text, edits(read, work.find(read.text, place)))


def _runs(work: Work, text: str, place: str) -> str:
    """Stretches of base64 and hex that hold a text."""

    def hexed(run: re.Match[str]) -> str:
        return _from_hex(work, run[0], place)

    def based(run: re.Match[str]) -> str:
        whole = _from_base64(work, run[0], place)
        if whole != run[0] or "/" not in run[0]:
            return whole
        return "/".join(
            _from_base64(work, part, place) if len(part) >= _LEAST_RUN else part for part in whole.split("/")
        )

    return _RUN.sub(based, _HEX.sub(hexed, text))


def _from_hex(work: Work, run: str, place: str) -> str:
    made = _said(work, bytes.fromhex(_NO_HEX.sub("", run)), place) if len(run) <= _MOST_RUN else None
    if made is None:
        return run
    sign = run[2] if run[2] in ":- " else ""
    return made.hex(sign) if sign else made.hex()


def _from_base64(work: Work, run: str, place: str) -> str:
    bare = _SPACES.sub("", run).rstrip("=")
    if len(bare) % 4 == 1 or len(run) > _MOST_RUN:
        return run
    is_for_urls = "-" in bare or "_" in bare
    try:
        data = b64decode(bare + "=" * (-len(bare) % 4), b"-_" if is_for_urls else None, validate=True)
    except ValueError:
        return run
    made = _said(work, data, place)
    return run if made is None else b64encode(made, b"-_" if is_for_urls else None).decode("ascii")


def _said(work: Work, data: bytes, place: str) -> bytes | None:
    """The bytes from now on, where they hold a text and something of it goes."""
    for alphabet in ("utf-8", "utf-16-le"):
        try:
            text = data.decode(alphabet)
        except UnicodeDecodeError:
            continue
        if _is_text(text) and (alphabet == "utf-8" or 2 * sum(map(str.isascii, text)) > len(text)):
            made = work.words(text, f"{place}, {IN_CODE.lower()}", is_seen=False)
            return None if made == text else made.encode(alphabet)
    return None


def _is_text(text: str) -> bool:
    return sum(map(str.isalnum, text)) >= _LEAST_LETTERS and all(
        sign.isprintable() or sign in "\r\n\t\f" for sign in text
    )
