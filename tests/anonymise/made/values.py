"""Made-up values of every sort of personal data, in the layouts that people write them in.

Numbers come from the ranges kept for drama, testing and examples, and pass their checks. In a pattern `9` is any digit,
`A` any letter that is not mistaken for a digit, and what stands in small letters or marks stays.
"""

import string
from random import Random

STREETS = (
    "Alma Street", "Beech Grove", "Bramble Close", "Canal Walk", "Chapel Lane", "Clarence Road", "Copper Beeches",
    "Dunvegan Crescent", "Factory Row", "Fellside", "Ffordd Newydd", "Gasworks Lane", "Hawthorn Avenue",
    "Heol y Bryn", "Infirmary Road", "Jubilee Terrace", "King's Mead", "Lime Kiln Way", "Loch View",
    "Mafeking Street", "Mill Brow", "Nelson Parade", "Old Tannery Yard", "Orchard Rise", "Pinfold Drive", "Quayside",
    "Rectory Gardens", "St Oswald's Place", "Sandringham Mews", "Silver Birch Drive", "Tithebarn Street",
    "Union Square", "Vicarage Hill", "Wharf Road",
)  # fmt: skip
TOWNS = (
    "Aberdeen", "Barnsley", "Bedford", "Belfast", "Bolton", "Bradford", "Bristol", "Cardiff", "Carlisle", "Croydon",
    "Derby", "Dundee", "Exeter", "Gateshead", "Glasgow", "Grimsby", "Hull", "Ipswich", "Kettering", "Leicester",
    "London", "Luton", "Merthyr Tydfil", "Newport", "Northampton", "Oldham", "Paisley", "Plymouth", "Preston",
    "Reading", "Slough", "Stoke-on-Trent", "Swansea", "Telford", "Truro", "Walsall", "Wrexham", "York",
)  # fmt: skip
AREAS = (
    "AB", "B", "BD", "BN", "BS", "BT", "CF", "CR", "DN", "E", "EH", "G", "HU", "IP", "L", "LE", "LS", "M", "N", "NE",
    "NG", "NP", "OL", "PL", "S", "SE", "SW", "TR", "WF", "WV", "YO",
)  # fmt: skip
INWARD = (
    "AB", "BD", "DE", "EH", "FG", "GJ", "HL", "JN", "LP", "NQ", "PR", "QS", "RW", "SX", "TY", "UZ", "WA", "XB", "YD",
    "ZE",
)  # fmt: skip
HOSTS = ("example.com", "example.org", "example.net", "mail.example.com", "post.example.org", "home.example.net")
CARDS = ("4111111111111111", "4012888888881881", "5555555555554444", "5105105105105100", "378282246310005")
MOBILES = (
    "07700 900999", "07700 900 999", "07700900999", "+44 7700 900999", "+44 (0)7700 900 999", "07700-900-999",
)  # fmt: skip
LANDLINES = (
    "0113 496 0999", "0114 496 0999", "0116 496 0999", "0117 496 0999", "0121 496 0999", "0131 496 0999",
    "0141 496 0999", "0151 496 0999", "0161 496 0999", "020 7946 0999", "0191 498 0999", "028 9649 6999",
    "029 2018 0999", "01632 960 999",
)  # fmt: skip
PLATES = ("AA99 AAA", "AA99AAA", "A999 AAA", "A99 AAA", "AIG 9999", "AJI 9999")
REFERENCES = (
    "AA-99999999", "AAA/9999/A", "999999999", "C9999999", "AAA999999", "9999 9999 99", "2024-99999", "A99999-99",
)  # fmt: skip
WORDS = (
    "biscuit", "dragon", "fiesta", "gardener", "kestrel", "marmite", "midnight", "pebble", "puffin", "rover", "tango",
)  # fmt: skip
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def patterned(dice: Random, pattern: str) -> str:
    """The pattern with every 9 and A thrown anew."""
    return "".join(
        dice.choice(string.digits) if sign == "9" else dice.choice("ABCDEFGHJKLMNPRSTUVWXYZ") if sign == "A" else sign
        for sign in pattern
    )


def digits(dice: Random, count: int) -> str:
    """So many digits."""
    return patterned(dice, "9" * count)


def phone(dice: Random) -> str:
    """A mobile or a landline of the drama ranges, in one of the usual layouts."""
    if dice.random() < 0.6:
        shape = dice.choice(MOBILES)
        return shape[: shape.rindex("999")] + digits(dice, 3)
    shape = dice.choice(LANDLINES)
    number = shape[: shape.rindex("999")] + digits(dice, 3)
    code, _, rest = number.partition(" ")
    return dice.choice((number, number.replace(" ", ""), f"({code}) {rest}"))


def postcode(dice: Random) -> str:
    """A post code, now and then without its space or in small letters."""
    written = f"{dice.choice(AREAS)}{dice.randint(1, 28)} {dice.randint(1, 9)}{dice.choice(INWARD)}"
    return dice.choice((written, written, written, written.replace(" ", ""), written.lower()))


def address(dice: Random) -> str:
    """House, street and mostly the town."""
    flat = dice.choice(
        ("", "", "", f"Flat {dice.randint(1, 40)}, ", f"Flat {dice.randint(1, 12)}{dice.choice('AB')}, ")
    )
    street = f"{flat}{dice.randint(1, 240)} {dice.choice(STREETS)}"
    return dice.choice((street, f"{street}, {dice.choice(TOWNS)}", f"{street}, {dice.choice(TOWNS)}"))


def birthday(dice: Random) -> str:
    """A date of birth in one of the usual formats."""
    day, month, year = dice.randint(1, 28), dice.randint(1, 12), dice.randint(1934, 2006)
    name = MONTHS[month - 1]
    written = (f"{day} {name} {year}", f"{day:02}-{name[:3]}-{year}", f"{year}-{month:02}-{day:02}")
    return dice.choice((f"{day:02}/{month:02}/{year}", f"{day}.{month}.{year % 100:02}", *written))


def nhs_number(dice: Random) -> str:
    """Ten digits that pass the modulus 11 check."""
    while True:
        first = digits(dice, 9)
        check = 11 - sum(int(digit) * weight for digit, weight in zip(first, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            number = f"{first}{check % 11}"
            return dice.choice((number, f"{number[:3]} {number[3:6]} {number[6:]}"))


def iban(dice: Random) -> str:
    """A British IBAN that passes the check by 97."""
    rest = patterned(dice, "AAAA99999999999999")
    as_number = "".join(str(int(sign, 36)) for sign in rest + "GB00")
    number = f"GB{98 - int(as_number) % 97:02}{rest}"
    return dice.choice((number, " ".join(number[at : at + 4] for at in range(0, len(number), 4))))


def card(dice: Random) -> str:
    """One of the schemes' test numbers."""
    number = dice.choice(CARDS)
    if len(number) == 16 and dice.random() < 0.6:
        return dice.choice((" ", "-")).join(number[at : at + 4] for at in range(0, 16, 4))
    return number


def national_insurance(dice: Random) -> str:
    """Two letters that are given out, six digits and a letter."""
    number = patterned(dice, f"{dice.choice('ABCEHJLMPRSWXY')}{dice.choice('ACEHJLMPRSWXY')} 99 99 99 ")
    return dice.choice((number, number.replace(" ", ""))) + dice.choice("ABCD")


def plate(dice: Random) -> str:
    """A registration mark of today's, an older or a Northern Irish form."""
    return patterned(dice, dice.choice(PLATES))


def reference(dice: Random) -> str:
    """What picks out one customer or one case."""
    return patterned(dice, dice.choice(REFERENCES))


def sort_code(dice: Random) -> str:
    """Three pairs of digits."""
    return patterned(dice, dice.choice(("99-99-99", "99 99 99", "999999")))


def licence(dice: Random, surname: str) -> str:
    """A British driving licence of somebody of the surname."""
    plain = "".join(letter for letter in surname.upper() if letter in string.ascii_uppercase)
    birth = f"{dice.randint(5, 9)}{dice.randint(1, 12):02}{dice.randint(1, 28):02}{dice.randint(0, 9)}"
    return f"{(plain + '99999')[:5]}{birth}J9{patterned(dice, '9AA')}"


def network_address(dice: Random) -> str:
    """An address of the ranges kept for documentation."""
    last = dice.randint(1, 254)
    sixth = f"2001:db8:{dice.randint(4096, 65535):x}::{dice.randint(1, 9)}"
    return dice.choice((f"192.0.2.{last}", f"198.51.100.{last}", f"203.0.113.{last}", sixth))


def screen_name(dice: Random) -> str:
    """A name that says nothing of whose it is."""
    first, second, number = dice.choice(WORDS), dice.choice(WORDS), digits(dice, 2)
    return dice.choice((f"{first}_{second}{number}", f"{first}{number}7", f"{first}.{second}"))
