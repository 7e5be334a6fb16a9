"""Words that are names elsewhere are left alone where they name a place, a rule, goods, an illness or an author."""

import pytest

from portfolio.anonymise.detect import detect
from portfolio.anonymise.findings import Label


def names(text: str) -> list[str]:
    return [text[one.start : one.end] for one in detect(text) if one.label is Label.PERSON]


@pytest.mark.parametrize(
    "text",
    [
        # places and rooms by their last word, inns, villages
        "We meet in the Edith Marlow Room at ten.",
        "The lift at Bevan House is broken.",
        "It was left in Alexandra Park on Sunday.",
        "I was let off at the Duke of Wellington.",
        "A rude gent from Paisley rang twice.",
        "Trains will not call at Kirkby Stephen or Church Fenton.",
        "The tour stops at Bishop Wilton for lunch.",
        # laws and acronyms that are explained
        "Posters about Martha's Rule went up.",
        "Awaab's Law: we look at damp at once.",
        "Use GRACE (Greet, Respond, Ask, Close, End) on calls.",
        # goods that are counted, listed or in a column of their own
        "1 x Marshall lintel and 2 bags Hanson mix came broken.",
        "We sent two Percy footstools in grey.",
        "Products: Ruby, Amber, Jade and Pearl",
        "Please ring the depot (Normanton, Daventry, or Newton Abbot) first.",
        "store,product,issue\nStanley,Carol figure,broken\nAshton,Victoria duvet,too small\n",
        "Good morning, Hartwell & Rowe Insurance, how may I help?",
        # illnesses, authors, those after whom things are called
        "The letter for patients with Parkinson's has no large print.",
        "Good service is five things (Rowntree, Hale & Berry, 1988). Marlow (1989) adds one.",
        "We lost three tickets for Robinson Crusoe.",
        # short forms without a vowel
        "Rpt from the desk. Mgr to ring.",
    ],
)
def test_a_thing_called_like_somebody_is_left_alone(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The driver, Mr Park, said sorry.", ["Mr Park"]),
        ("Dear Mrs House,\n\nThank you.", ["Mrs House"]),
        ("In the room: Ade, Kirsten and Beth\n", ["Ade", "Kirsten", "Beth"]),
        ("Mr Crohn rang about the damp.", ["Mr Crohn"]),
    ],
)
def test_somebody_called_like_a_thing_is_found(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Cllr Dunmore (KD) and Cllr Sethi (RS) spoke. KD asked why.",
            ["Cllr Dunmore", "KD", "Cllr Sethi", "RS", "KD"],
        ),
        ("We are sending another today. ^GW\nThanks GW you are a star", ["GW", "GW"]),
        ("A word with the team. VK to have a chat w/ RW.\nLeave agreed.", ["VK", "RW"]),
        ("I wrote to Mr Ravenhill snr.", ["Mr Ravenhill snr"]),
        ("sorted it so dave p can come by. jean says ta", ["dave p", "jean"]),
        ("Taken by Quennell 0915. Mr Ravenhill rang.", ["Quennell", "Mr Ravenhill"]),
        ("The customer is P. & J. Ravenhill of this town.", ["P. & J. Ravenhill"]),
        ("Ms Jo anna Ravenhill", ["Ms Jo anna Ravenhill"]),
        ("I was with the guard. D.K. says he saw nothing. Mr Ravenhill rang.", ["D.K.", "Mr Ravenhill"]),
        ("told dave p ", ["dave"]),
        ("I'd like a miss do you say.", []),
    ],
)
def test_short_and_paired_names_are_found(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_initials_in_brackets_are_the_person_before_them() -> None:
    found = detect("Cllr Dunmore (KD) came. KD asked why.")
    assert len({one.entity for one in found}) == 1
