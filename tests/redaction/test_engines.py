"""The real programs over the whole path: a text and a letter in Word, written anew and proved in processes apart."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document

from portfolio.installation import Installation
from portfolio.redaction.jobs import APART
from portfolio.redaction.rules import RedactionState
from tests.cast import Cast
from tests.redaction.bench import CUSTOMER, LETTER, REDACTED, Bench

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def bench(installation: Installation, cast: Cast) -> Bench:
    """With the programs of the product."""
    return Bench(installation, cast, APART)


def letter() -> bytes:
    """A letter in Word: a name across two runs, a telephone number in a table, and a name in the properties."""
    document = Document()
    paragraph = document.add_paragraph("Dear team, Mrs Halina ")
    paragraph.add_run("Brzezicka").bold = True
    paragraph.add_run(" rang at noon.")
    document.add_table(1, 2).cell(0, 1).text = "07700 900417"
    document.core_properties.author = CUSTOMER
    document.core_properties.title = f"About {CUSTOMER}"
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def test_a_text_is_redacted_and_proved(bench: Bench) -> None:
    evidence_id = bench.added()
    made = bench.make(evidence_id)
    assert (made.state, made.note) == (RedactionState.MADE, "")
    assert made.proof is not None
    assert made.proof.values >= 3
    assert len(made.proof.ways) > 3
    bench.use(evidence_id)
    assert bench.content(evidence_id) == REDACTED
    assert bench.faults() == []


def test_a_letter_in_word_is_redacted_and_proved(bench: Bench) -> None:
    evidence_id = bench.added(letter(), f"{CUSTOMER}.docx", WORD)
    made = bench.make(evidence_id)
    assert (made.state, made.note, made.result_name) == (RedactionState.MADE, "", "Customer A.docx")
    assert made.proof is not None
    assert made.proof.parts > 5
    bench.use(evidence_id)
    result = bench.content(evidence_id)
    document = Document(BytesIO(result))
    assert document.paragraphs[0].text == "Dear team, Customer A rang at noon."
    assert document.tables[0].cell(0, 1).text == "[phone 1]"
    with ZipFile(BytesIO(result)) as opened:
        assert not any(b"Brzezicka" in opened.read(name) for name in opened.namelist())
    assert LETTER not in result
