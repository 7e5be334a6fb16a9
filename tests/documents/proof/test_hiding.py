"""The proof finds a value wherever it is hidden, and finds nothing in the same kinds of files without it."""

from pathlib import Path
from unittest.mock import patch

import pytest

from portfolio.documents import engines
from portfolio.documents.proof.prover import prove
from portfolio.documents.proof.values import Proof, Value
from tests.documents.proof.hiding import HIDING
from tests.documents.proof.samples import VALUES, Hidden

OTHERS = (
    Value("Thomas Thornton", "PERSON"), Value("0113 496 0735", "PHONE"), Value("Hope", "PERSON", is_ordinary=True),
    Value("Brontë", "PERSON"), Value("Latha", "PERSON"), Value("Strong", "PERSON"), Value("Georgia", "PERSON"),
    Value("Ann", "PERSON"), Value("Page", "PERSON", is_ordinary=True), Value("4821", "ACCOUNT_REF"),
    Value("31926819", "BANK_ACCOUNT"), Value("60-16-13", "SORT_CODE"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def without_reading() -> object:
    """Reading pictures takes its time and is no matter here."""
    with patch.object(engines, "ocr", lambda: None):
        yield


def proved(hidden: Hidden, folder: Path, values: tuple[Value, ...], name: str = "") -> Proof:
    path = folder / "result"
    path.write_bytes(hidden[0])
    return prove(path, hidden[1], values, name=name)


@pytest.mark.parametrize("way", HIDING)
def test_what_is_hidden_is_found(way: str, tmp_path: Path) -> None:
    hidden = HIDING[way]()
    assert not proved(hidden, tmp_path, VALUES).is_clean
    assert proved(hidden, tmp_path, OTHERS).hits == ()
