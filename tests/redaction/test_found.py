"""What goes out of a content, word for word, and which words stand in many texts without meaning anybody."""

from hashlib import sha256

import pytest

from portfolio.anonymise.findings import Label
from portfolio.anonymise.ordinary import is_ordinary
from portfolio.documents.redaction.plan import Swap
from portfolio.errors import InvalidState
from portfolio.evidence.models import Evidence
from portfolio.redaction import found
from portfolio.screening import deciding
from portfolio.screening.rules import Reason
from tests.redaction.bench import CUSTOMER, LETTER, Bench


def swaps(bench: Bench, evidence_id: int, text: str) -> dict[str, Swap]:
    """All that would go, by its words, where this is what is in the file."""
    with bench.installation.database.reading() as session:
        evidence = session.get_one(Evidence, evidence_id)
        accepted = found.accepted_in(session, evidence, sha256(LETTER).hexdigest())
        return {swap.words: swap for swap in found.swaps_of(session, evidence, accepted, {"text": text})}


def test_a_person_goes_by_all_that_they_are_called(bench: Bench) -> None:
    """Also without a title, and as another item calls them."""
    evidence_id = bench.added()
    going = swaps(bench, evidence_id, LETTER.decode().strip())
    assert {f"Mrs {CUSTOMER}", CUSTOMER, "Mrs Brzezicka", "07700 900417"} <= going.keys()
    assert {going[words].stand_in for words in (f"Mrs {CUSTOMER}", CUSTOMER, "Mrs Brzezicka")} == {"Customer A"}
    assert (going["07700 900417"].stand_in, going["07700 900417"].label) == ("[phone 1]", "PHONE")


def test_what_is_kept_does_not_go(bench: Bench) -> None:
    evidence_id = bench.added()
    phone = next(row for row in bench.scan(evidence_id).findings if row.label is Label.PHONE)
    with bench.installation.database.writing() as session:
        evidence = session.get_one(Evidence, evidence_id)
        deciding.keep(session, bench.actor(session), evidence, finding_uids=[phone.uid], reason=Reason.PUBLIC)
        session.commit()
    assert "07700 900417" not in swaps(bench, evidence_id, LETTER.decode().strip())


def test_words_that_stand_elsewhere_by_now_are_not_cut(bench: Bench) -> None:
    evidence_id = bench.added()
    with pytest.raises(InvalidState, match="has changed since"):
        swaps(bench, evidence_id, "Something else altogether, and a good deal longer than that letter was, so there.")


@pytest.mark.parametrize(
    ("label", "words", "expected"),
    [
        (Label.PERSON, "Grace", True),
        (Label.PERSON, "May", True),
        (Label.PERSON, "Brzezicka", False),
        (Label.PERSON, "Grace Brzezicka", False),
        (Label.PERSON, "Li", True),
        (Label.PHONE, "07700 900417", False),
        (Label.POSTCODE, "LS1 4AP", False),
        (Label.PERSON, "…", False),
    ],
)
def test_ordinary_words_need_their_capitals(label: Label, words: str, *, expected: bool) -> None:
    assert is_ordinary(label, words) is expected
