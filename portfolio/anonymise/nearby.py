"""What the words just before a number say that it is: a telephone, an account, a part of a machine. Pure."""

import re
from bisect import bisect_right
from functools import lru_cache

REACH = 70
"""How many characters before a number are read."""

_SAYS = {
    "leave": r"version|vers?|v|firmware|f/w|build|release|software|s/w|model|part|batch|lot|bar ?code|style"
    r"|stock(?! account)|size"
    r"|sku|ean|isbn|issn|upc|clause|section|sec|para|paragraph|pages?|pp|unit|criteri(?:a|on)|outcome"
    r"|colour|catalogue|cat"
    r"|product|item|voucher|promo|promotion(?:al)?|discount|coupon|offer|gift ?cards?|e-?gift|letter"
    r"|leaflet|template|chapter"
    r"|regulations?|directive|act|iso|bs|en|room|platform|flight|route|bus|train|gate|seat|coach|table|aisle"
    r"|till|tariff|recipe|pattern|fabric|size code|error(?: code)?|fault code|meter read(?:ing|s)?"
    r"|readings?|read|step|option"
    r"|evidence|element|document|doc|paper|form|agenda|minutes|procedure|guidance|handbook|manual"
    r"|question|registered (?:in england|company)|company(?: registration)?|charity|vat|pantone"
    r"|drawing"
    r"|spare|component|machine|appliance|boiler|hub|router|driver version|standard|protocol|patch|app|test",
    "dob": r"d\.? ?o\.? ?b\.?|dates? of birth|birth ?dates?|birth ?day|born|b/?day|b\.|bn\.?|d of b|date born",
    "sort": r"sort ?code|sort|s/c|sortcode|branch code",
    "bank": r"bank (?:account|acct|acc|a/c|details)|payee|beneficiary|building society|current account"
    r"|savings account|bacs|roll"
    r"|account (?:name|holder)|direct debits?|dd|bank",
    "account": r"accounts?|acct|acc|a/?c|accnt|acnt",
    "iban": r"iban|international bank",
    "card": r"(?:debit|credit|bank|payment|long|visa|amex|mastercard|charge) ?card|visa|amex|american express"
    r"|master ?card|maestro"
    r"|card (?:no|number|num|details|ending)|card|pan|long number|barclaycard",
    "nhs": r"n\.?h\.?s\.?|health (?:and|&) care|h ?& ?c|hcn|chi|health service",
    "ni": r"n\.?i\.?|nino|n\.i\.n\.o\.|national insurance|nat ins|n/i",
    "passport": r"pass ?ports?|ppt",
    "licence": r"driv(?:ing|er'?s?|ers) licen[cs]e|licen[cs]e|lic|dl|dvla",
    "vehicle": r"reg(?:istration)?(?: ?(?:plate|mark))?|vrm|vrn|number ?plates?|plates?|veh(?:icle)?s?|car|vans?"
    r"|lorry|courtesy car"
    r"|registered keeper|keeper|hire car|motor ?(?:bike|cycle)|taxi|hatchback|estate car|saloon|moped"
    r"|scooter|caravan|campervan"
    r"|ford|fiesta|focus|vauxhall|corsa|astra|volkswagen|vw|golf|polo|toyota|yaris|nissan|micra"
    r"|qashqai|honda|civic|jazz|bmw"
    r"|audi|mercedes|skoda|octavia|fabia|seat ibiza|kia|hyundai|mazda|peugeot|renault|clio|citroen"
    r"|volvo|mini|fiat|suzuki"
    r"|land ?rover|range rover|jaguar|tesla|dacia|transit|sprinter|parked|black cab|minicab",
    "ip": r"ips?(?: addr(?:ess)?(?:es)?)?|ip ?v[46]|logged in from|log-?ins? from|submitted from|connecting from",
    "user": r"user ?(?:name|id)s?|user|log-?ins?(?: (?:name|id))?|log in(?: (?:name|id))?|sign-?ins?|sign in"
    r"|signed in as|logged (?:in|on) as"
    r"|screen ?name|gamer ?tag|alias|posted (?:as|under)|nick(?:name)?|web login|portal id|member name|profile name",
    "social": r"instagram|insta|ig|twitter|tik ?tok|snap ?chat|snap|facebook|fb|linkedin|youtube|threads|bluesky"
    r"|mastodon|handle"
    r"|socials?|reddit|discord|telegram|vinted|depop|etsy|twitch|pinterest|on x|twitter/x|nextdoor|trustpilot",
    "phone": r"tel(?:ephone)?s?|phones?|phoned|mobiles?|mob|land ?line|ring|rings|rang|rung|ringing|call|calls"
    r"|called|calling|text"
    r"|texts|texted|texting|dial|dialled|whats ?app|fax|msisdn|direct (?:line|dial)|ddi|ph|cell"
    r"|contact(?: (?:no|number))?"
    r"|sms|call ?back|day ?time|evenings?|home (?:no|num|number)|work (?:no|num|number)|reach(?:ed)?"
    r"|voice ?mail|hunt group"
    r"|cli|extension|ext|(?:my|his|her|their|best|new|old|other|another|alternative|the|'s|mums|dads) "
    r"numbers?(?= is| was|:| on| -|,|\s*\Z| \()|[mtw](?=: )",
    "email": r"e-?mails?|e-?mailed",
    "ref": r"job (?:sheets?|cards?)|sia|orders?|refs?|references?|cases?|claims?|policy|policies|pol|tickets?"
    r"|tracking|bookings?|bkg"
    r"|member(?:ship)?s?|customer"
    r"|invoices?|inv|consignment|way ?bill|parcels?|complaints?|cmp|cmpl|enquir(?:y|ies)|incidents?"
    r"|inc|jobs?|log|session|chat"
    r"|photo ?card|smart ?card|(?:loyalty|library|club|advantage|nectar|travel|oyster|points|reward"
    r"|rewards|store|staff|id) card|rail ?card"
    r"|club ?card|nectar|oyster|badges?|pcn|penalty(?: charge)?(?: notice)?|charge notice|fine|fpn"
    r"|tenancy|tenant|rent|crime|cad|cris"
    r"|patient|hospital|mrn|student|learner|uln|candidate|employees?|staff|payroll|collar|warrant|shoulder|works|clock"
    r"|mpan|mprn|mpr|supply|meter(?: serial)?|msn|imei|iccid|sim(?: card)?|serial|utr|tax|council tax"
    r"|application|app ref|reservation"
    r"|pnr|confirmation|delivery(?: note)?|des?patch|quotes?|quotation|contract|agreement"
    r"|transactions?|txn|payment|receipt|returns?"
    r"|rma|sr|request|service request|work order|wo|works order|repairs?|appointment|prescription"
    r"|referral|pupil|uprn|upn|household"
    r"|mem|memb|ff|fqtv|frequent flyer|numerals?|epaulette|worn|datix|notes?|loyalty|rewards|locator"
    r"|permit|blue badge|operator|adviser id|advisor id|agent id|agent|driver id|courier|collection"
    r"|collect|shipment|shipping"
    r"|subscription|plan|loan|mortgage|pension|scheme|proposal|certificate|cert|file|docket|voucher "
    r"ref|entry|record|crm|urn"
    r"|urns|cid|id|person|persons|party|account ref|our ref|your ref|visit|pass|season ticket"
    r"|ombudsman|fos|interaction|contact id"
    r"|deposit|bag tag|warranty|guarantee|passholder|donor|supporter|client|clients|resident|property"
    r"|pin|registration id",
}


def _alternatives(pattern: str) -> list[str]:
    """The parts between the bars that stand in no bracket; a bracket at a part's start is written out."""
    parts, depth = [""], 0
    for sign in pattern:
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    found: list[str] = []
    for part in parts:
        bracket = _OPENING.match(part)
        found += [one + bracket.group(2) for one in bracket.group(1).split("|")] if bracket else [part]
    return found


def _by_first_letter() -> "re.Pattern[str]":
    """One pattern of all words, branched by first letter, so that most places in a text fail at once."""
    branches: dict[str, dict[str, list[str]]] = {}
    for kind, words in _SAYS.items():
        for one in _alternatives(words):
            branches.setdefault(one[0], {}).setdefault(kind, []).append(
                one[1:].replace(" ?", r"\s{0,4}").replace(" ", r"\s{1,4}")
            )
    letters = [
        re.escape(letter)
        + "(?:"
        + "|".join(
            f"(?P<{kind}_{place}>{'|'.join(ends)})(?:id|number|no|ref)?(?![a-z0-9])" for kind, ends in kinds.items()
        )
        + ")"
        for place, (letter, kinds) in enumerate(sorted(branches.items()))
    ]
    return re.compile(r"(?<![a-z0-9])(?:" + "|".join(letters) + ")")


_OPENING = re.compile(r"\(\?:((?:[^()?\[\]|]+\|)+[^()?\[\]|]+)\)(?![?*+{])(.*)")
_CUE = _by_first_letter()
_FILLER = re.compile(
    r"(?:[\s:;=#\"'(\[<{>*|,.\-\N{EN DASH}]|\N{RIGHT SINGLE QUOTATION MARK}"
    r"|(?<![a-z])(?:no|nos|num|numbers?|nr|id|ids|code|codes|ref|refs|references?|is|was|are|were|be"
    r"|being|the|my|her|his|their|your|our|its|it's"
    r"|of|for|on|to|at|as|this|that|it|new|old|one|current|currently|with|called|given|quoted|follows"
    r"|please|under|had|has|have|and|full"
    r"|i think|above|below|per|which|details?|details are|s|card|plate|line|from|by|in|down|me|him"
    r"|them|us|or|mark|notice)(?![a-z]))*+"
)
_MARKED = re.compile(r"(?<![a-z])(?:no|nos|num|numbers?|nr|ids?|codes?|refs?|references?)(?![a-z])|[#:=]")


class Cue:
    """A word that says what a number is: its kind, its words, and how far before the place it ends."""

    __slots__ = ("_end", "_text", "gap", "kind", "words")

    def __init__(self, text: str, place: int, end: int, kind: str, words: str) -> None:
        self._text, self._end = text, place
        self.kind, self.words, self.gap = kind, words, place - end

    @property
    def between(self) -> str:
        """What stands between the word and the place."""
        return self._text[self._end - self.gap : self._end]

    @property
    def direct(self) -> bool:
        """Whether nothing but small words stands between."""
        return _FILLER.fullmatch(self.between) is not None

    @property
    def marked(self) -> bool:
        """Whether 'no', 'ref' or ':' stands between, and nothing but small words."""
        return self.words in {"id", "ref", "our ref", "your ref"} or (
            self.direct and _MARKED.search(self.between) is not None
        )


@lru_cache(maxsize=8)
def _noticed(text: str) -> tuple[str, list[int], list[tuple[str, str]]]:
    """The text in small letters, and where the words that say something end, with kind and word."""
    plain = text.replace("_", " ")
    small = plain.lower()
    if len(small) != len(text):
        small = "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in plain)
    ends: list[int] = []
    said: list[tuple[str, str]] = []
    for match in _CUE.finditer(small):
        ends.append(match.end())
        said.append(((match.lastgroup or "").partition("_")[0], match.group()))
    return small, ends, said


def forget() -> None:
    """Keep nothing of the texts that were read."""
    _noticed.cache_clear()


def in_small(text: str) -> str:
    """The text in small letters, with spaces for low bars; every sign keeps its place."""
    return _noticed(text)[0]


def speaks_of(text: str, *kinds: str) -> bool:
    """Whether a word of one of these kinds stands anywhere."""
    return any(kind in kinds for kind, _ in _noticed(text)[2])


def nearest(text: str, start: int, reach: int = REACH) -> Cue | None:
    """The last word before a place that says something."""
    small, ends, said = _noticed(text)
    number = bisect_right(ends, start) - 1
    if number < 0 or ends[number] < start - reach:
        return None
    return Cue(small, start, ends[number], *said[number])


def cues(text: str, start: int, reach: int = REACH) -> list[Cue]:
    """The words before a place that say something, the nearest first."""
    small, ends, said = _noticed(text)
    found: list[Cue] = []
    number = bisect_right(ends, start) - 1
    while number >= 0 and ends[number] >= start - reach:
        found.append(Cue(small, start, ends[number], *said[number]))
        number -= 1
    return found
