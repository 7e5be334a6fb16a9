"""What stands for words that are not kept: a hash that nobody can try words against without the key."""

from sqlalchemy.orm import Session

from portfolio.accounts.sealing import Seal
from portfolio.anonymise.findings import Label
from portfolio.anonymise.pseudonyms import alike
from portfolio.enrolment.models import Enrolment


def token_of(session: Session, enrolment: Enrolment, label: Label, words: str) -> str:
    """The token of words in one enrolment: the same for words that are alike, in every item."""
    seal: Seal = session.info["seal"]
    return seal.hash(f"{label.value}\0{alike(label, words)}", whose=enrolment.uid)
