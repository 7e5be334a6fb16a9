"""What an address is made of: flats, houses, streets and towns, in words and forms. Pure."""

import re

from portfolio.anonymise.cues import spaced
from portfolio.anonymise.gazetteers import fold, words

_TYPES = (
    "road|rd|street|st|str|lane|ln|avenue|ave|av|close|cl|drive|dr|crescent|cres|court|ct|place|pl"
    "|terrace|terr|gardens|garden|gdns|grove|gr"
    "|way|walk|rise|bank|mews|square|sq|hill|view|park|row|green|parade|wynd|brae|vale|fold|croft"
    "|crofts|end|gate|mount|yard|wharf|quay"
    "|embankment|esplanade|promenade|broadway|circus|drove|loan|gait|path|passage|alley|approach"
    "|causeway|chase|copse|dale|dene|field"
    "|fields|garth|glade|glen|heights|hollow|ings|knoll|lea|leas|leys|meadow|meadows|mead|nook"
    "|orchard|orchards|paddock|paddocks|ridge"
    "|side|spinney|villas|warren|wood|woods|bridge|common|corner|cottages|crest|cross|cut|dell|drift"
    "|estate|est|farm|ginnel|haven|headland"
    "|highway|holt|keep|link|links|loke|maltings|mill|moor|mile|marsh|oval|parkway|pasture|pastures"
    "|pightle|plain|pleasant|point|precinct|reach|ride"
    "|riverside|roundabout|slope|snicket|springs?|steps|strand|stray|thorpe|top|track|turn|twitten"
    "|vennel|viaduct|villages?|weald|weir|well|wells"
    "|lodge|cottage|house|hall|manor|grange|tower|towers|mansions|buildings|flats|apartments|barn"
    "|barns|boulevard|blvd|burn|beck|brow|bottom|butts|cliff|cliffs|down|downs|edge|acre|acres|rows"
    "|shaw|stables|trees|thicket|parc|coppice|covert|fort|ford|ferry|moorings|marina|harbour|shore"
    "|sands|beach|bay|churchyard|borough|byre|loch|strath|brook|stream|water|waters|lock|toft|fairway"
    "|hey|heys|heath|hurst|island|isle|lee"
)
_PLAIN_TYPES = (
    "road|rd|street|lane|ln|avenue|ave|crescent|cres|terrace|gardens|gdns|grove|mews|drive|close|court"
    "|square|parade|wynd|boulevard|place"
)
_HOUSES = (
    "cottage|house|farm|farmhouse|barn|lodge|villa|manor|hall|maltings|mill|rectory|vicarage|bungalow"
    "|croft|grange|court|tower|towers|point"
    "|mansions|apartments|lofts|heights|buildings|building|chambers|stables|coach house|granary|oast"
    "|bothy|forge|smithy|schoolhouse|gatehouse|steading|wharf"
    "|quay|place|gardens|flats|halls?|residence|block|view|chapel|works|foundry|warehouse|almshouses"
    "|marina|caravan park|park homes"
)
_DWELLINGS = (
    "cottage|farm|farmhouse|barn|lodge|villa|manor|rectory|vicarage|bungalow|croft|coach house|granary|oast house|bothy"
    "|forge|smithy|schoolhouse|school house|gatehouse|steading|stables|chapel|mill|boathouse|net loft|dairy|bakehouse"
    "|mill house|farm house|old house|tollhouse|toll house|railway cottages?|station house|the grange|the hollies"
)
"""Houses that somebody lives in, as their names end."""
DWELLING = re.compile(rf"(?:[A-Z][\w'\N{{RIGHT SINGLE QUOTATION MARK}}-]{{0,20}} ){{0,3}}(?i:{_DWELLINGS})\Z")
STREET_AFTER_HOUSE = re.compile(
    rf",[ \n](?:[A-Z][\w'\N{{RIGHT SINGLE QUOTATION MARK}}-]{{1,20}} ){{1,3}}"
    rf"(?i:{_PLAIN_TYPES}|hill|row|green|bank)(?!\w)"
)
NEAR_TOWN = re.compile(r",? (?:nr\.?|near|by) (?=[A-Z])")
SMALL_HOUSE = re.compile(
    rf"(?<![a-z])(?:at|to|from|of|is|address)[ :]{{1,2}}((?:the |old |\w{{3,15}} ){{1,3}}?(?:{_DWELLINGS}), "
    rf"(?:[a-z]{{2,15}} ){{1,2}}(?:{_PLAIN_TYPES}))(?!\w)"
)
_WELSH = (
    r"(?:Heol|Ffordd|Stryd|L[oô]n|Rhodfa|Cwrt|Clos|Maes|Bryn|T[yŷ]|Parc|Rhes|Teras|Tan|Pen|Plas|Llys|Cae"
    r"|Gerddi|Bron|Dol|Dôl|Erw|Glan|Nant|Rhiw|Twyn|Coed|Gwaun|Trem|Golwg)"
)
_MISREAD = "0-9OolIS|"
NUMBER = (
    rf"(?:(?:[Nn]o\.?|[Nn]umber)[ ]?)?[0-9][{_MISREAD}]{{0,3}}[A-Za-z]?(?:[ ]?[-/\N{{EN DASH}}&][ "
    rf"]?[0-9]{{1,4}}[A-Za-z]?)?"
)
_GAP = r"[ \t\u00a0]{1,4}"
_WORD = (
    r"(?:[A-Z\N{LATIN CAPITAL LETTER A WITH GRAVE}-\N{LATIN CAPITAL LETTER THORN}][\w'"
    r"\N{RIGHT SINGLE QUOTATION MARK}.-]{0,20}|(?:of|the|le|la|y|yr|de|on|and|upon|in|by|o'|an|na)(?=[ "
    r"\t]))"
)
_NAME = _WORD.replace("|and|", "|")
FLAT = (
    r"(?:(?:flat|apartment|apt\.?|unit|suite|studio|maisonette|plot|caravan|pitch|berth|room|bedsit"
    r"|flt)[ ]?(?:no\.?[ ]?)?(?:[A-Za-z]?\d{1,4}[A-Za-z]?(?:[/.-]\d{1,3})?|[A-Za-z])(?![A-Za-z0-9])"
    r"|\d{1,2}/\d{1,2}(?=[ ]?,)|\d{0,2}[PG]?F\d{1,2}(?=[ ]?,)|fl[ ]?at[ ]?\d{1,4}[A-Za-z]?"
    r"|(?:top|ground|first|second|third|upper|lower|basement|garden|middle)(?:[ -]floor)?[ ]flat(?:[ "
    r"]?[A-Za-z\d])?|(?:ground|first|second|third|fourth|top)[ ]floor)"
)
IN_FLAT = re.compile(rf"(?<![a-z0-9])(?:{FLAT.lower()})")
"""The same in a text of small letters."""
FLAT_SIGNS = (
    "flat", "flt", "fl at", "apartment", "apt", "unit", "suite", "studio", "maisonette", "plot", "caravan", "pitch",
    "berth", "room", "bedsit", "floor",
)  # fmt: skip
FLAT_NUMBER = re.compile(r"[0-9][ ]?,")
"""One of the signs or this is in every text of small letters in which that stands."""
FLAT_START = re.compile(rf"(?<![A-Za-z0-9])(?i:{FLAT})")
STREET = re.compile(
    rf"(?<![\w£$€.,:/-])({NUMBER})[ ]?,?{_GAP}(?!(?:st|nd|rd|th)\b)"
    rf"(?:(?:{_WORD}{_GAP}){{1,4}}?(?i:{_TYPES})(?![\w'\N{{RIGHT SINGLE QUOTATION MARK}}])\.?(?:{_GAP}"
    r"(?:North|South|East|West|N|S|E|W|Upper|Lower)(?!\w))?"
    rf"|(?:The|High|Low|Back){_GAP}[A-Z]\w{{2,20}}(?=[ ]{{0,2}}(?:[,\n(-]|\Z))"
    rf"|{_WELSH}(?:{_GAP}{_WORD}){{1,3}})"
)
STREET_SMALL = re.compile(
    rf"(?<![\w£$€.,:/-])([0-9]{{1,4}}[a-z]?)[ ]?,?[ ]("
    rf"(?:[a-z][a-z'\N{{RIGHT SINGLE QUOTATION MARK}}]{{1,20}}[ ]){{1,3}})({_PLAIN_TYPES})"
    rf"(?![\w'\N{{RIGHT SINGLE QUOTATION MARK}}])"
)
_SAID = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    "|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|a hundred and"
)
STREET_SAID = re.compile(
    rf"(?<![\w-])(?i:(?:number |flat )?(?:{_SAID})(?:[ -](?:{_SAID}))?),?{_GAP}"
    rf"(?:{_WORD}{_GAP}){{1,4}}?(?i:{_TYPES})(?!\w)"
)
SAID_START = re.compile(rf"(?:number |flat |(?:{_SAID})[ ,\t\u00a0-])")
"""Where that can begin, in a text of small letters."""
NUMBER_START = re.compile(r"[0-9](?<![\w£$€.,:/-].)")
STREET_START = re.compile(r"[0-9](?<![\w£$€.,:/-].)|[Nn](?=(?:o|umber)\.?[ ]?[0-9])")
"""Where a house number in figures can begin, alone and with 'number' before it."""
BARE_STREET = re.compile(
    rf"(?:{_NAME}{_GAP}){{1,4}}?(?i:{_TYPES})(?![\w'\N{{RIGHT SINGLE QUOTATION MARK}}])\.?|{_WELSH}"
    rf"(?:{_GAP}{_WORD}){{1,3}}"
)
HOUSE = re.compile(rf"(?:(?:The|Old|Ty|Tŷ|Y|Yr){_GAP})?(?:{_WORD}{_GAP}){{1,4}}?(?i:{_HOUSES})(?!\w)")
_NAMED = (
    rf"(?:(?:The{_GAP})?(?:{_WORD}{_GAP}){{1,4}}?(?i:{_HOUSES})(?!\w)|{_WELSH}(?:{_GAP}{_WORD}){{1,2}}"
    rf"|The{_GAP}(?:{_WORD}{_GAP}?){{1,3}})"
)
BEFORE_STREET = re.compile(
    rf"(?:(?i:{FLAT})|{_NAMED}|[A-Z]\d{{1,3}}|\d{{1,3}}[A-Za-z])(?:[ ]?,[ ]?(?:(?i:{FLAT})"
    rf"|{_NAMED}))?[ ]?,?[ \t]{{0,4}}\n?[ \t]{{0,12}}\Z"
)
TOWN = re.compile(
    r"[A-Z\N{LATIN CAPITAL LETTER A WITH GRAVE}-\N{LATIN CAPITAL LETTER THORN}][\w'"
    r"\N{RIGHT SINGLE QUOTATION MARK}|-]{1,24}(?:[ \t]{1,2}(?!(?:Postcode|Post|Tel|Telephone|Phone"
    r"|Email|Mobile|Mob|Ph|DOB|Ref)(?!\w))(?:(?:on|upon|le|la|by|in|under|y|yr"
    r"|the|of|next|cum|super|sub|and|en)[ -]){0,2}(?:[A-Z][\w'\N{RIGHT SINGLE QUOTATION MARK}"
    r"|-]{1,24})){0,3}"
)
NEVER_TOWN = re.compile(
    r"(?:dear|address|re|our|your|date|tel|telephone|phone|email|mobile|mob|customer|sir|to|from|yours|kind"
    r"|regards|thank|thanks|hi|hello|ref|reference|subject|account|acct|policy|order"
    r"|i|we|he|she|it|they|you|my|the|this|that|please|mr|mrs|ms|miss|mx|dr|prof|monday|tuesday"
    r"|wednesday|thursday|friday|saturday|sunday|january|february|march|april"
    r"|may|june|july|august|september|october|november|december|signed|postcode|complaint|formal"
    r"|without|private|and|but|so|nino|ni|nhs|dob|ph|claim|case|number|no|contact|also|when|if|then"
    r"|there|on|at|in|as|not|is|was|for|can|cust|caller|agent|note|notes|said|says|born|aged|after"
    r"|before|sort|bank|iban)(?![\w])",
    re.IGNORECASE,
)
_PLAIN_NOT = spaced(
    """the in on down up my our a an to from at and for of more very long short wrong right other only minutes
    minute min mins miles mile day days week weeks people men times hours hour year years house houses whole
    same each per out off your his her their no new is was one two three by with that this it into until past"""
)
ORGANISED = re.compile(
    r"(?<![a-z])(?:council|ltd|limited|plc|llp|bank|energy|centre|department|dept|team|office|offices"
    r"|services?|customer|insurance|trust|association|housing|university|college"
    r"|relations|group|society|store|branch|hospital|surgery|school|complaints?|headquarters|hq"
    r"|ombudsman|fos|phso|lgsco|ico|solicitors|freepost|warehouse|depot|headed)(?![a-z])",
    re.IGNORECASE,
)
OWN_OFFICE = re.compile(
    r"(?:registered (?:office|address)|head ?office|our (?:\w+ ){0,2}(?:office|store|branch|shop|depot"
    r"|warehouse|showroom|address)|(?:branch|store|shop|office|showroom|garage|centre) (?:at|on|in)"
    r"|write to us at)\W{0,4}(?:\w+\W+){0,4}\Z",
    re.IGNORECASE,
)
Part = tuple[int, int, float, str]
"""Where a part of an address begins and ends, how sure that is, and why."""


def is_place(said: str) -> bool:
    """Whether a town, district, county or country is called this."""
    return fold(said.strip(" .,")) in words("places")


def is_given_name(said: str) -> bool:
    """Whether the first word is in the list of given names."""
    first = said.split(maxsplit=1)[0] if said.split() else ""
    return fold(first) in words("given_names")


def is_plain_type(word: str) -> bool:
    """Whether a word is hardly ever anything but the end of a street's name."""
    return word in _PLAIN_TYPES.split("|")


def is_small_street(between: str) -> bool:
    """Whether the small words between a number and 'road' can be a street's name."""
    return not set(between.split()) & _PLAIN_NOT


def begins(before: str, start: int) -> bool:
    """Whether what starts here is not the end of a longer run of capital words."""
    lead = before[:start].rstrip(" \t")
    return not lead or not lead[-1].isalnum() or lead.rpartition(" ")[2].islower()


def is_person(said: str) -> bool:
    line = said.strip(" ,\n\t")
    return bool(re.match(r"(?:mr|mrs|ms|miss|mx|dr|prof|rev|sir|cllr)\b", line, re.IGNORECASE)) or (
        is_given_name(line) and not HOUSE.match(line)
    )
