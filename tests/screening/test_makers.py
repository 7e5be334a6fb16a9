"""Whom somebody may be the same as, and that everybody is looked at once for it."""

import pytest
from sqlalchemy.orm import Session

from portfolio.accounts.actors import Actor
from portfolio.anonymise.alike import Read, read
from portfolio.anonymise.findings import Label
from portfolio.enrolment.models import Enrolment
from portfolio.screening import deciding, makers
from portfolio.screening.entities import Known
from portfolio.screening.makers import MakersWords
from portfolio.screening.rules import Reason
from portfolio.screening.tokens import token_of
from tests.cast import Cast
from tests.screening.items import draft, entity_of, review

NAMES = ("Orla Quillfeather", "Brannagh Tolliver", "Dermot Haverstock", "Sunita Pemberton", "Joan Abernethy")
BODY = " ".join(f"Then Mrs {name} rang us about the bill." for name in NAMES)


@pytest.fixture
def amina(session: Session, cast: Cast) -> Actor:
    """The learner."""
    return cast.actor("amina", session)


def test_each_name_is_read_once(session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    evidence = draft(session, cast, BODY, "Calls")
    asked: list[str] = []
    parted: list[str] = []

    def token(among: Session, enrolment: Enrolment, label: Label, words: str) -> str:
        asked.append(words)
        return token_of(among, enrolment, label, words)

    def parts(words: str) -> Read:
        parted.append(words)
        return read(words)

    monkeypatch.setattr(makers, "token_of", token)
    monkeypatch.setattr(makers, "parts_of", parts)
    seen = review(session, evidence)
    assert len(seen.entities) == len(NAMES)
    assert len(asked) == len(set(asked)) == len(NAMES)
    assert len(parted) == len(set(parted)) == len(NAMES)
    assert [one.pseudonym for one in seen.entities] == ["Customer A"] * len(NAMES)


def test_only_who_is_to_be_decided_is_compared(
    session: Session, cast: Cast, amina: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence = draft(session, cast, BODY, "Calls")
    kept = entity_of(session, evidence, f"Mrs {NAMES[0]}")
    deciding.keep(session, amina, evidence, entity_uid=kept.uid, reason=Reason.PUBLIC)
    compared: list[str] = []

    def likely(_makers: MakersWords, one: Known, _entities: object) -> tuple[()]:
        compared.append(one.entity.uid)
        return ()

    monkeypatch.setattr(MakersWords, "likely_same", likely)
    others = {one.uid for one in review(session, evidence).entities} - {kept.uid}
    assert set(compared) == others
    assert len(compared) == len(NAMES) - 1
