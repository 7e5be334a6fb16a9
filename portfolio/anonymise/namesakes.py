"""Capital words that are a person's name elsewhere, and here the name of a thing by where they stand: a street or room,
a law, an inn, goods that are counted, what is listed under 'Products:' or in a column of goods or places. Pure.
"""

import re
from collections.abc import Iterator

from portfolio.anonymise import layout
from portfolio.anonymise.cues import DOES, spaced
from portfolio.anonymise.words import GIVEN, PLACE, STREET, SURNAME, Words

_BUILT = spaced(
    """house court close street lane road avenue way terrace crescent gardens square building suite room ward wing
    theatre arms stand school academy college hospital station depot flats estate library museum stadium drive parade
    rd st ave suites rooms wards theatre pavilion arena bridge roundabout prize medal lecture award awards tariff"""
)
"""After these, as the last word of a run, the run is a place or an honour: few people are called so."""
_LAND = spaced("park hill hall green wood field fields common heath moor bay junction gate lodge")
"""The same, but surnames as well: only after 'in' or 'at', or where royalty or a saint goes before."""
_ROYAL = spaced(
    "victoria albert alexandra george edward elizabeth charlotte regent regents queens kings prince princes"
)
_RULES = spaced("law laws rule rules act charter bill campaign")
_RANKS = spaced("duke marquis marquess earl king queen prince princess duchess count bishop lord lady")
_MOST_BEFORE = 3
_LISTED = (
    r"(?:products|tariffs?|ranges|models|plans|brands|flavours|colours|shades|estates|schemes|stations|depots|branches"
    r"|stores|shops|halls|rooms|blocks|sites|wards|villages|towns|stops)"
)
_UNDER_LABEL = re.compile(
    rf"(?<![a-z]){_LISTED}(?: (?:names?|covered|affected|closed|include|are|from [^:\n]{{1,40}})){{0,2}}"
    r":[ ]([^\n]{1,300})",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(
    r"(?<![a-z])(?i:depots?|branch(?:es)?|stores?|halls?|sites?|tariffs?|ranges?|estates?|villages|towns|stations) "
    r"\(([A-Z][^()\n.,]{2,30},[^()\n.]{2,90})\)"
)
_COUNTED = re.compile(r"\d(?<![\w.].)\d{0,2} ?[xX] (?=[A-Z])")
_PACKED = re.compile(
    r"(?<![a-z])(?:\d{1,3}|two|three|four|five|six|a few|some) (?:bags?|boxes|packs?|tins?|tubs?|bottles?|sheets|rolls"
    r"|pallets?|lengths|pairs?|cases|jars?)(?: of)? (?=[A-Z])",
    re.IGNORECASE,
)
_ILLNESSES = spaced(
    """parkinson parkinsons crohn crohns alzheimer alzheimers hodgkin hodgkins tourette tourettes asperger aspergers
    huntington huntingtons raynaud raynauds meniere menieres sjogren sjogrens cushing cushings addison addisons
    dupuytren dupuytrens munchausen down graves bell lewy paget pagets"""
)
_OF_ILLNESS = spaced("disease syndrome palsy lymphoma phenomenon body contracture nurse nurses clinic and or uk")
_HAVING = spaced("with has have had got of from and or")
_AUTHORS = re.compile(
    r"(?<![\w.] )(?<!\w)[A-Z][\w'’-]{1,20}(?:, [A-Z]\.(?: ?[A-Z]\.)?)?"
    r"(?:(?:,| &| and|, and|, &) [A-Z][\w'’-]{1,20}(?:, [A-Z]\.(?: ?[A-Z]\.)?)?){0,3}(?: et al\.?)?,? "
    r"?\((?:19|20)\d\d[a-z]?\)"
)
_TITLES = spaced("mr mrs ms miss mx dr")
_TRADES = spaced(
    """insurance solicitors bank energy estates lettings properties homes housing motors cars travel holidays furniture
    interiors kitchens windows bathrooms opticians dental vets pharmacy couriers logistics removals plumbing heating
    electrical builders roofing water gas telecom broadband financial finance mortgages advisers accountants law legal
    partners associates brothers limited ltd plc llp foods bakery butchers jewellers florists tailors"""
)
_COLUMNS = spaced(
    """product products item items model make brand range store branch site block location town depot station resort
    dept department hotel restaurant route colour style goods stock place area venue estate hall ward"""
)


def numbers(words: Words) -> frozenset[int]:
    """The numbers of the words that are no person's where they stand."""
    found: set[int] = set()
    found.update(_built(words))
    found.update(_ruled(words))
    found.update(_of_rank(words))
    found.update(_of_illness(words))
    found.update(_paired(words))
    found.update(_spelling_out(words))
    for match in _AUTHORS.finditer(words.text):
        first = words.at(match.start())
        if not (first and words.form[first - 1] in _TITLES):
            found.update(range(first, words.at(match.end())))
    for pattern in (_UNDER_LABEL, _IN_BRACKETS):
        for match in pattern.finditer(words.text):
            found.update(_all_things(words, match.start(1), match.end(1)))
    for pattern in (_COUNTED, _PACKED):
        for match in pattern.finditer(words.text):
            found.add(words.at(match.end()))
    for cell in layout.cells(words.text):
        if cell.heading.rpartition(" ")[2] in _COLUMNS:
            found.update(range(words.at(cell.start), words.at(cell.end)))
    return frozenset(found)


def _built(words: Words) -> Iterator[int]:
    """Bevan House, the Nye Bevan Room, in Alexandra Park."""
    for form in (_BUILT | _LAND) & words.numbers.keys():
        for number in words.numbers[form]:
            first = _run_before(words, number)
            if first == number or not words.capital[number] or _is_numbered(words, number):
                continue
            if not _TITLES.isdisjoint(words.form[first:number]):
                continue
            if form in _LAND and not _is_land(words, first):
                continue
            yield from range(first, number + 1)


def _run_before(words: Words, number: int) -> int:
    """The first of the capital words that lead up to a word."""
    first = number
    while first and number - first < _MOST_BEFORE and words.capital[first - 1] and words.gap[first - 1] in (" ", ". "):
        if words.gap[first - 1] == ". " and words.form[first - 1] not in ("st", "wm", "sir"):
            break
        first -= 1
    return first


def _is_numbered(words: Words, number: int) -> bool:
    """Whether a number follows, so that the word begins what follows: 'Sarah Room 12'."""
    after = number + 1
    return after < len(words) and words.gap[number] == " " and words.raw[after][0].isdigit()


def _is_land(words: Words, first: int) -> bool:
    led = first > 0 and words.gap[first - 1] == " " and words.form[first - 1] in ("in", "at", "via", "near", "through")
    return led or words.form[first].rstrip("'s") in _ROYAL or words.form[first] in _ROYAL


def _ruled(words: Words) -> Iterator[int]:
    """Martyn's Law, Martha's Rule: called after somebody, and nobody's name."""
    for form in _RULES & words.numbers.keys():
        for number in words.numbers[form]:
            if number and words.capital[number] and words.gap[number - 1][:2] in ("'s", "’s"):
                yield from (number - 1, number)


def _of_illness(words: Words) -> Iterator[int]:
    """Parkinson's, Crohn's: called after who described them."""
    for form in _ILLNESSES & words.numbers.keys():
        for number in words.numbers[form]:
            owned = words.gap[number][:2] in ("'s", "’s") or form.endswith("s")
            following, before = words.form[number + 1 : number + 2], words.form[number - 1] if number else ""
            told = (following and following[0] in _OF_ILLNESS) or (before in _HAVING and words.gap[number - 1] == " ")
            if owned and words.capital[number] and told:
                yield number


def _paired(words: Words) -> Iterator[int]:
    """Hartwell & Rowe Insurance: two names and what the firm does."""
    for number in range(len(words) - 2):
        last = number + 2
        if words.gap[number] == " & " and words.form[last] in _TRADES and words.gap[number + 1] == " ":
            yield from (one for one in range(number, last + 1) if words.capital[one])


def _spelling_out(words: Words) -> Iterator[int]:
    """Capitals that the words in brackets after them spell: TEXAS (Thank, Explain ...)."""
    for number in range(len(words) - 3):
        form = words.form[number]
        opens = len(form) > 3 and words.shouted[number] and words.gap[number] == " ("
        if opens and "".join(one[0] for one in words.form[number + 1 : number + 3]) == form[:2]:
            yield number


def _of_rank(words: Words) -> Iterator[int]:
    """The Duke of Wellington, whether an inn or the man."""
    for form in _RANKS & words.numbers.keys():
        for number in words.numbers[form]:
            if words.capital[number] and words.form[number + 1 : number + 2] == ["of"] and number + 2 < len(words):
                yield from (number, number + 2)


def _all_things(words: Words, start: int, end: int) -> Iterator[int]:
    """The capital words of a list of things, up to the first that does something or is a whole name of a person."""
    for number in range(words.at(start), words.at(end)):
        following = words.form[number + 1 : number + 2]
        does = following and following[0] in DOES and words.gap[number] == " "
        if does and not words.flag[number] & (PLACE | STREET) and words.flag[number] & (GIVEN | SURNAME):
            return
        if words.capital[number]:
            yield number
