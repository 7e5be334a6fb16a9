"""Files as an administrator sends them: the shipped pack, the same changed, and files that nobody should send."""

from io import BytesIO

from tests.cast import PACK

UNIT = "handle-referred-customer-complaints.yaml"
MAIN = PACK.name
UNIT_TEXT = (PACK.parent / "units" / UNIT).read_text()
MAIN_TEXT = PACK.read_text()
FIRST = "Establish what was referred, who referred it and why"


def changed_unit(title: str = "Establish who referred the complaint, and for what reason") -> str:
    """The unit with its first criterion worded otherwise."""
    assert FIRST in UNIT_TEXT
    return UNIT_TEXT.replace(FIRST, title)


def named(name: str, text: str | bytes) -> tuple[BytesIO, str]:
    """One file of that very name."""
    return BytesIO(text.encode() if isinstance(text, str) else text), name
