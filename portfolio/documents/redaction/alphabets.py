"""The letters of a file without a word on its alphabet, and the same alphabet for what is written. Pure."""

import codecs
import re
from dataclasses import dataclass

_WINDOWS = "portfolio.windows"
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_SEVERAL = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


@dataclass(frozen=True, slots=True)
class Alphabet:
    """How letters stand in a file; `mark` is what it begins with. `is_mixed`: not all of it was in that alphabet."""

    name: str
    mark: bytes = b""
    is_mixed: bool = False


def _as_windows(error: UnicodeError) -> tuple[str | bytes, int]:
    """What has no meaning in an alphabet has that of Windows or, failing that, its own number."""
    if isinstance(error, UnicodeDecodeError):
        odd = error.object[error.start : error.end]
        return "".join(map(_sign, odd)), error.end
    if isinstance(error, UnicodeEncodeError):
        signs = error.object[error.start : error.end]
        return b"".join(bytes([ord(sign)]) if ord(sign) < 256 else b"?" for sign in signs), error.end
    raise error


def _sign(byte: int) -> str:
    return bytes([byte]).decode("cp1252", "ignore") or chr(byte)


codecs.register_error(_WINDOWS, _as_windows)


def letters_of(data: bytes) -> tuple[str, Alphabet]:
    """The text of bytes, line ends as they are: by their mark, else UTF-8, else as Windows writes it."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, _WINDOWS if name == "utf-8" else "replace"), Alphabet(name, mark)
    try:
        return data.decode(), Alphabet("utf-8")
    except UnicodeDecodeError:
        if _SEVERAL.search(data):
            return data.decode("utf-8", _WINDOWS), Alphabet("utf-8", is_mixed=True)
    return as_windows(data), Alphabet("cp1252")


def bytes_of(text: str, alphabet: Alphabet) -> bytes:
    """The text as it is kept."""
    handler = _WINDOWS if alphabet.name == "cp1252" else "replace"
    return alphabet.mark + text.encode(alphabet.name, handler)


def as_windows(data: bytes) -> str:
    """Each byte as the one letter that it is for Windows; `bytes_of` such a text gives the bytes back."""
    return data.decode("cp1252", _WINDOWS)
