"""Made-up people of every origin that lives in Britain, and the ways in which one of them is written."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from random import Random

from portfolio.anonymise import gazetteers
from tests.anonymise.origins import held_out

TITLES = ("Mr", "Mrs", "Ms", "Miss", "Dr")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is written about."""

    given: str
    surname: str
    title: str
    nickname: str

    def address_name(self) -> str:
        """The part of an email address that is the person's own."""
        plain = [gazetteers.fold(name).replace("'", "").replace(" ", "") for name in (self.given, self.surname)]
        return ".".join(plain)

    def log_in(self) -> str:
        """A log-in as firms give them out."""
        given, surname = self.address_name().split(".")
        return given[0] + surname.replace("-", "")[:9]


FORMS: dict[str, Callable[[Person], str]] = {
    "full": lambda who: f"{who.given} {who.surname}",
    "first": lambda who: who.given,
    "nick": lambda who: who.nickname,
    "last": lambda who: who.surname,
    "titled": lambda who: f"{who.title} {who.surname}",
    "titledfull": lambda who: f"{who.title} {who.given} {who.surname}",
    "initial": lambda who: f"{who.given[0]}. {who.surname}",
    "titledinitial": lambda who: f"{who.title} {who.given[0]} {who.surname}",
    "initials": lambda who: f"{who.given[0]}{who.surname[0]}",
    "turned": lambda who: f"{who.surname}, {who.given}",
    "capsturned": lambda who: f"{who.surname.upper()}, {who.given}",
    "caps": lambda who: f"{who.given} {who.surname}".upper(),
    "capstitled": lambda who: f"{who.title} {who.surname}".upper(),
    "lower": lambda who: f"{who.given} {who.surname}".lower(),
    "lowerfirst": lambda who: who.given.lower(),
    "lowertitled": lambda who: f"{who.title} {who.surname}".lower(),
    "file": lambda who: f"{who.given}_{who.surname}".replace(" ", "_"),
}


@cache
def _pools() -> tuple[tuple[str, ...], tuple[tuple[tuple[str, ...], tuple[str, ...]], ...], dict[str, tuple[str, ...]]]:
    short_forms = {
        name.strip(): tuple(short.split())
        for name, _, short in (line.partition(":") for line in gazetteers.entries("nicknames"))
    }
    origins = tuple((tuple(given), tuple(surnames)) for _, given, surnames in held_out())
    return gazetteers.entries("surnames"), origins, short_forms


def person(dice: Random) -> Person:
    """Somebody whose surname is in the lists or held out from them, as often the one as the other."""
    listed, origins, short_forms = _pools()
    given_names, held_out_surnames = dice.choice(origins)
    surname = dice.choice(held_out_surnames) if dice.random() < 0.5 else dice.choice(listed)
    given = dice.choice(given_names) if dice.random() < 0.6 else dice.choice(tuple(short_forms))
    known = [short for short in short_forms.get(given, ()) if gazetteers.fold(short) in gazetteers.words("given_names")]
    return Person(given, surname, dice.choice(TITLES), dice.choice(known or [given]))
