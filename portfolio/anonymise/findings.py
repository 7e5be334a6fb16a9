"""What a scan gives back: labelled places in a text, each with the person or thing it belongs to. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Label(StrEnum):
    """The nineteen sorts of personal data that are looked for."""

    PERSON = "PERSON"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    ADDRESS = "ADDRESS"
    POSTCODE = "POSTCODE"
    DATE_OF_BIRTH = "DATE_OF_BIRTH"
    NI_NUMBER = "NI_NUMBER"
    NHS_NUMBER = "NHS_NUMBER"
    BANK_ACCOUNT = "BANK_ACCOUNT"
    SORT_CODE = "SORT_CODE"
    IBAN = "IBAN"
    CARD_NUMBER = "CARD_NUMBER"
    VEHICLE_REG = "VEHICLE_REG"
    PASSPORT = "PASSPORT"
    DRIVING_LICENCE = "DRIVING_LICENCE"
    ACCOUNT_REF = "ACCOUNT_REF"
    IP_ADDRESS = "IP_ADDRESS"
    URL_PROFILE = "URL_PROFILE"
    USERNAME = "USERNAME"


LABEL_WORDS = {
    Label.PERSON: "Name of a person",
    Label.EMAIL: "Email address",
    Label.PHONE: "Phone number",
    Label.ADDRESS: "Address",
    Label.POSTCODE: "Postcode",
    Label.DATE_OF_BIRTH: "Date of birth",
    Label.NI_NUMBER: "National Insurance number",
    Label.NHS_NUMBER: "NHS number",
    Label.BANK_ACCOUNT: "Bank account number",
    Label.SORT_CODE: "Sort code",
    Label.IBAN: "IBAN",
    Label.CARD_NUMBER: "Card number",
    Label.VEHICLE_REG: "Vehicle registration",
    Label.PASSPORT: "Passport number",
    Label.DRIVING_LICENCE: "Driving licence number",
    Label.ACCOUNT_REF: "Account or case reference",
    Label.IP_ADDRESS: "IP address",
    Label.URL_PROFILE: "Address of a profile",
    Label.USERNAME: "User name",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """What one kind of rule proposes, before overlaps are settled: text[start:end] with the reason in words."""

    start: int
    end: int
    label: Label
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A place that holds personal data. Findings with the same entity are the same person or thing."""

    start: int
    end: int
    label: Label
    entity: str
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Known:
    """What a centre and a learner say beforehand: names to find wherever they stand, and words that are no finding."""

    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    leave_alone: tuple[str, ...] = ()


NOTHING_KNOWN = Known()
