"""What stands in somebody's or something's place, the same one everywhere in an enrolment. Pure."""

import re
from enum import StrEnum
from string import ascii_uppercase

from portfolio.anonymise.findings import Label

_GONE = re.compile(r"[^\w]+|_")
_POSSESSIVE = re.compile(r"[’']s?$")
_TITLE = re.compile(r"^(?:mr|mrs|ms|miss|mx|dr|prof|rev|sir|dame|lord|lady)\.?\s+", re.IGNORECASE)


class Part(StrEnum):
    """Who somebody is in what is told; things have no part."""

    CUSTOMER = "customer"
    COLLEAGUE = "colleague"
    MANAGER = "manager"
    OTHER = "other"
    NONE = "none"


PART_WORDS = {
    Part.CUSTOMER: "Customer",
    Part.COLLEAGUE: "Colleague",
    Part.MANAGER: "Manager",
    Part.OTHER: "Person",
}
"""What a person's pseudonym begins with, before its letter."""

THING_WORDS = {
    Label.EMAIL: "email",
    Label.PHONE: "phone",
    Label.ADDRESS: "address",
    Label.POSTCODE: "postcode",
    Label.DATE_OF_BIRTH: "date of birth",
    Label.NI_NUMBER: "NI number",
    Label.NHS_NUMBER: "NHS number",
    Label.BANK_ACCOUNT: "bank account",
    Label.SORT_CODE: "sort code",
    Label.IBAN: "IBAN",
    Label.CARD_NUMBER: "card",
    Label.VEHICLE_REG: "vehicle",
    Label.PASSPORT: "passport",
    Label.DRIVING_LICENCE: "driving licence",
    Label.ACCOUNT_REF: "account ref",
    Label.IP_ADDRESS: "IP address",
    Label.URL_PROFILE: "profile",
    Label.USERNAME: "user name",
}
"""What a thing's pseudonym says, before its number."""


def pseudonym(label: Label, part: Part, number: int) -> str:
    """“Customer A” for a person, “[phone 1]” for a thing. Numbers begin with 1; the 27th person is “Customer AA”."""
    if label is Label.PERSON:
        return f"{PART_WORDS[part]} {lettered(number)}"
    return f"[{THING_WORDS[label]} {number}]"


def lettered(number: int) -> str:
    """1 is A, 26 is Z, 27 is AA."""
    letters = ""
    while number:
        number, place = divmod(number - 1, len(ascii_uppercase))
        letters = ascii_uppercase[place] + letters
    return letters


def without_title(words: str) -> str:
    """What somebody is called, without a title before it."""
    return _TITLE.sub("", words)


def alike(label: Label, words: str) -> str:
    """The words as they are compared: two mentions that differ in case, spaces, title or an 's are one."""
    folded = " ".join(words.casefold().split())
    if label is Label.PERSON:
        return _POSSESSIVE.sub("", _TITLE.sub("", folded))
    return _GONE.sub("", folded) or folded
