"""The sorts of what points to a real person, as pages say and draw them."""

from portfolio.anonymise.findings import LABEL_WORDS, Label
from portfolio.anonymise.pseudonyms import Part

ICONS = {
    Label.EMAIL: "envelope",
    Label.PHONE: "telephone",
    Label.ADDRESS: "geo-alt",
    Label.POSTCODE: "geo-alt",
    Label.DATE_OF_BIRTH: "calendar3",
    Label.BANK_ACCOUNT: "bank",
    Label.SORT_CODE: "bank",
    Label.IBAN: "bank",
    Label.CARD_NUMBER: "credit-card",
    Label.VEHICLE_REG: "car-front",
    Label.IP_ADDRESS: "router",
    Label.URL_PROFILE: "link-45deg",
}
WHO = {
    Part.CUSTOMER: "customer",
    Part.COLLEAGUE: "colleague",
    Part.MANAGER: "manager",
    Part.OTHER: "somebody else",
}


def icon_of(label: Label, part: Part) -> str:
    """The icon that stands beside the words for it."""
    if label is Label.PERSON:
        return "person-badge" if part in {Part.COLLEAGUE, Part.MANAGER} else "person"
    return ICONS.get(label, "hash")


def who_or_what(label: Label, part: Part) -> str:
    """Who somebody is, or what something was taken for, within a sentence."""
    return WHO[part] if label is Label.PERSON else kind_of(label)


def kind_of(label: Label) -> str:
    """What it was taken for, within a sentence."""
    if label is Label.PERSON:
        return "name"
    words = LABEL_WORDS[label]
    return words if words[:2].isupper() or words.startswith("National") else words[:1].lower() + words[1:]


def one_of(label: Label) -> str:
    """The same with its article: “a name”, “an NHS number”."""
    kind = kind_of(label)
    return f"{'an' if kind.lower().startswith(('a', 'e', 'i', 'nhs')) else 'a'} {kind}"


def times(count: int) -> str:
    """How often something was found."""
    return "found once" if count == 1 else f"found {count} times"
