"""E-mail addresses, addresses of machines, profiles and log-ins. Pure."""

import ipaddress
import re
from collections.abc import Iterator

from portfolio.anonymise.findings import Candidate, Label
from portfolio.anonymise.gazetteers import fold, words
from portfolio.anonymise.nearby import cues, in_small

_AT = re.compile(r"(?<=[\w.+-])[ ]?@[ ]?(?=\w)")
_LOCAL = re.compile(r"[\w.+'%&-]{1,64}\Z")
_DOMAIN = re.compile(r"[\w-]{1,63}(?:[ ]?\.[ ]?(?=[\w-])[\w-]{1,63}){1,5}")
_DOTTED = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_SAID = re.compile(
    r"(?<![\w@])[\w+-]{1,30}(?:(?: (?:dot|underscore|dash|hyphen) |[._-])[\w+-]{1,30}){0,4}"
    r"(?: at |\s?[\[(]at[\])]\s?)[\w-]{1,30}(?:(?: dot |\s?[\[(]dot[\])]\s?|\.)[\w-]{1,20}){0,3}"
    r"(?: dot |\s?[\[(]dot[\])]\s?|\.)(?:com|co|org|net|uk|example|test|ie|eu|info|me|gov|ac)(?!\w)",
    re.IGNORECASE,
)
_SHARED = re.compile(
    r"(?:.*[._-])?(?:complaints?|helpdesk|support|enquir(?:y|ies)|inquiries|customer[._-]?(?:service"
    r"|services|care|relations|support|resolution|team|experience)"
    r"|no-?reply|do-?not-?reply|feedback|info)\d{0,2}"
    r"|(?:(?:the|our|your|guest|data|tenant|resident|member|patient|learner|public|general|first"
    r"|second|line|central|online|uk|north|south|head|front"
    r"|help|hello|contact(?:us)?|sales|customers?|admin|office|desk|team|services?|care|claims|press"
    r"|dpo|privacy|protection|reception|bookings?"
    r"|returns?|refunds?|billing|accounts?|hr|jobs|careers|marketing|orders?|delivery|deliveries"
    r"|resolutions?|relations|mail|post|postmaster|webmaster|security"
    r"|fraud|housing|repairs?|lettings|membership|members|training|quality|learning|assessment|foi|sar"
    r"|escalations?|ombudsman|news|newsletter|shop"
    r"|store|web|legal|compliance|finance|payments?|warranty|planning|parking|permits|benefits"
    r"|revenues|environment|waste|library|enrolments?|exams?|iqa)[._-]?)+\d{0,2}",
    re.IGNORECASE,
)
_STAND_IN = re.compile(
    r"(?:[a-z]+[._-])?(?:customer|caller|colleague|manager|leader|supervisor|planner|advis[eo]r|agent|officer|engineer"
    r"|driver|clerk|learner|assessor|witness|person)[._-]?[a-z]",
    re.IGNORECASE,
)
"""A pseudonym such as "colleague.b" before the @."""
_OF_MESSAGE = re.compile(r"(?:message-id|in-reply-to|references|content-id):", re.IGNORECASE)
_LONGEST_HEADER = 200
_IPV4 = re.compile(r"\d(?<![\w.]\d)\d{0,2}\.(?:\d{1,3}\.){2}\d{1,3}(?![\w]|\.\d)")
_IPV6 = re.compile(r"[0-9A-Fa-f](?<![\w:.][0-9A-Fa-f])[0-9A-Fa-f]{0,3}:[0-9A-Fa-f:]{4,40}(?:\.\d{1,3}){0,3}")
_KNOWN_NETS = tuple(
    ipaddress.ip_network(net)
    for net in (
        "192.0.2.0/24",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
    )
)
_HANDLE = re.compile(r"@(?<![\w@./+-].)[A-Za-z_][\w.]{1,38}\w")
_HUMPS = re.compile(r"[A-Z][a-z]+|[A-Z]+(?![a-z])")
_CLIENTS = re.compile(
    r"(?:client|os|android|ios|windows|kernel|php|java|chrome|firefox|safari|edge|browser|engine|agent"
    r"|driver|codec|plugin|sdk|api|schema|db|server)[ /:v.]{0,3}\Z",
    re.IGNORECASE,
)
_OF_SOFTWARE = re.compile(
    r"(?<![a-z])(?:firmware|software|version|update[ds]?|release|app|driver|patch)(?![a-z])", re.IGNORECASE
)
_LINK = re.compile(
    r"(?<![\w@.])(?:https?://)?(?:[\w-]{1,40}\.){1,4}[a-z]{2,10}/[^\s<>\"'|,;)\]}]{1,120}", re.IGNORECASE
)
_LINK_SIGN = re.compile(r"\.[A-Za-z]{2,10}/")
_SITES = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)*(?:facebook|fb|instagram|twitter|x|tiktok|linkedin|youtube|snapchat"
    r"|threads|pinterest|reddit|github"
    r"|t|bsky|tumblr|flickr|vinted|etsy|ebay|depop|twitch|soundcloud|strava|nextdoor|trustpilot|about"
    r"|linktr|medium|wa|vimeo"
    r"|patreon|gofundme|justgiving|airbnb|spotify|mastodon|tripadvisor|steamcommunity|discord|onlyfans"
    r"|behance)\.[a-z.]{2,7}/",
    re.IGNORECASE,
)
_PERSONAL = re.compile(
    r"/(?:~|@|u/|users?/|people/|person/|profiles?/|in/|members?/|add/|staff/|author/|usr/)[\w.@%-]{2,}", re.IGNORECASE
)
_OWN_SITE = re.compile(
    r"(?<![\w@./-])(?:https?://)?(?:www\.)?[\w-]{2,40}(?:\.[\w-]{2,40}){0,3}\.(?:com|org|net|co\.uk|uk"
    r"|me|blog|info|ie)(?![\w@-])",
    re.IGNORECASE,
)
_DOMAIN_END = re.compile(r"\.(?:com|org|net|co\.uk|uk|me|blog|info|ie)(?![\w@-])", re.IGNORECASE)
_MINE = re.compile(
    r"(?:\bmy|\bhis|\bher|\btheir|personal)\W+(?:\w+\W+)?(?:web ?site|web ?page|blog|site|page"
    r"|portfolio|channel|profile)\W+(?:\w+\W+){0,2}\Z",
    re.IGNORECASE,
)
_BARE_HANDLE = re.compile(r"(?<![\w@./])[A-Za-z](?=[\w.]{0,30}[\d_.])[\w.]{2,30}\w(?![\w@/])")
_BETWEEN = re.compile(
    r"[\s:\-(/\"']*(?:(?:is|are|at|as|name|handle|account|user|username|under|on|called|id|page"
    r"|profile|me|its|it's|my|also|him|her)[\s:\-(\"'@]*)*\Z",
    re.IGNORECASE,
)
_SOCIAL = re.compile(
    r"(?<![a-z])(?:instagram|insta|ig|twitter|tik ?tok|snap ?chat|snap|facebook|fb|linkedin|youtube"
    r"|threads|bluesky|mastodon|reddit"
    r"|discord|telegram|vinted|depop|etsy|twitch|pinterest|socials?|handle)(?![a-z])",
)
_NETWORKS = (
    "insta", "ig", "twitter", "tik", "snap", "facebook", "fb", "linkedin", "youtube", "threads", "bluesky", "mastodon",
    "reddit", "discord", "telegram", "vinted", "depop", "etsy", "twitch", "pinterest", "social", "handle",
)  # fmt: skip
_OFFICIAL = re.compile(
    r"(?:.*(?:help|support|cares?|team|hq|official|service|services|uk|updates|news|info))\Z", re.IGNORECASE
)


def candidates(text: str) -> Iterator[Candidate]:
    """Everything that leads to a person on a network."""
    shared: set[str] = set()
    yield from _emails(text, shared)
    yield from _said_emails(text)
    yield from _machines(text)
    yield from _profiles(text, shared)


def is_shared(local: str) -> bool:
    """Whether the part of an e-mail address before the @ is a department's and nobody's own."""
    return _SHARED.fullmatch(local) is not None or _STAND_IN.fullmatch(local) is not None


def _emails(text: str, shared: set[str]) -> Iterator[Candidate]:
    done = 0
    for at in _AT.finditer(text) if "@" in text else ():
        if at.start() < done:
            continue
        spaced = at.end() - at.start() > 1
        local = _LOCAL.search(text[max(0, at.start() - 64) : at.start()])
        domain = (_DOMAIN if spaced else _DOTTED).match(text, at.end())
        if local is None or domain is None or not _has_ending(domain.group()):
            continue
        name = local.group().lstrip(".'-%&+")
        done = domain.end()
        if not name:
            continue
        if _names_message(text, at.start()):
            continue
        if is_shared(name):
            shared.add(domain.group().replace(" ", "").partition(".")[0].lower())
            continue
        yield Candidate(at.start() - len(name), domain.end(), Label.EMAIL, 0.99, "has the form of an e-mail address")


def _names_message(text: str, at: int) -> bool:
    """Whether an @ stands in a header that names a message, and nobody."""
    first = max(0, at - _LONGEST_HEADER)
    line = text.rfind("\n", first, at) + 1
    return (line > 0 or first == 0) and _OF_MESSAGE.match(text, line) is not None


def _has_ending(domain: str) -> bool:
    ending = domain.rpartition(".")[2].strip()
    return len(ending) >= 2 and not ending.isdecimal()


def _said_emails(text: str) -> Iterator[Candidate]:
    if " dot " not in text and "dot]" not in text and "dot)" not in text and "at]" not in text and "(at)" not in text:
        return
    for match in _SAID.finditer(text):
        said = match.group().lower()
        if " dot " in said or "dot" in said.partition("at")[2] or "[at]" in said or "(at)" in said:
            yield Candidate(match.start(), match.end(), Label.EMAIL, 0.9, "an e-mail address as it is said")


def _machines(text: str) -> Iterator[Candidate]:
    for match in _IPV4.finditer(text):
        octets = [int(part) for part in match.group().split(".")]
        if max(octets) > 255 or any(len(part) > 1 and part[0] == "0" for part in match.group().split(".")):
            continue
        told = next((cue for cue in cues(text, match.start(), 40) if cue.kind in {"ip", "leave", "user"}), None)
        if told is not None and (told.kind == "leave" or (told.kind == "user" and told.words == "user name")):
            continue
        if told is None and octets[0] == 10 and _OF_SOFTWARE.search(text, max(0, match.start() - 200), match.start()):
            continue
        address = ipaddress.ip_address(match.group())
        if _CLIENTS.search(text, max(0, match.start() - 16), match.start()):
            continue
        if (
            told is not None
            or any(address in net for net in _KNOWN_NETS)
            or (octets[0] >= 20 and sum(n >= 20 for n in octets) >= 3)
        ):
            yield Candidate(match.start(), match.end(), Label.IP_ADDRESS, 0.95, "has the form of an IP address")
    for match in _IPV6.finditer(text):
        said = match.group().rstrip(":.")
        try:
            ipaddress.IPv6Address(said)
        except ValueError:
            continue
        if len(said) > 5 and any(sign.isdecimal() for sign in said):
            yield Candidate(
                match.start(), match.start() + len(said), Label.IP_ADDRESS, 0.97, "has the form of an IP address"
            )


def _profiles(text: str, shared: set[str]) -> Iterator[Candidate]:
    for match in _LINK.finditer(text) if _LINK_SIGN.search(text) else ():
        said = match.group().rstrip(".,!?:*_")
        slug = re.sub(r"[^a-z]", "", said.lower().rpartition("/")[2])
        if slug and any(slug.startswith(one.replace("-", "")) for one in shared):
            continue
        if "github" in said and said.count("/") > (3 if "//" in said else 1):
            continue
        if (_SITES.match(said) and not _OFFICIAL.match(said)) or _PERSONAL.search(said):
            yield Candidate(
                match.start(), match.start() + len(said), Label.URL_PROFILE, 0.97, "the address of a profile"
            )
    yield from _handles(text, shared)
    if ("site" in text or "blog" in text or "page" in text) and _DOMAIN_END.search(text):
        for match in _OWN_SITE.finditer(text):
            if _MINE.search(text[max(0, match.start() - 50) : match.start()]):
                yield Candidate(match.start(), match.end(), Label.URL_PROFILE, 0.9, "somebody's own website")
    yield from _bare_handles(text)


def _handles(text: str, shared: set[str]) -> Iterator[Candidate]:
    """What stands after an @, unless it is an organisation's: capital words joined, of which none is a given name."""
    for match in _HANDLE.finditer(text) if "@" in text else ():
        name = match.group()[1:].lower().replace("_", "").replace(".", "")
        humps = _HUMPS.findall(match.group())
        is_joined = len(humps) >= 2 and "".join(humps) == match.group()[1:]
        is_named = any(fold(hump) in words("given_names") for hump in humps)
        if _OFFICIAL.match(name) or any(name.startswith(one.replace("-", "")) for one in shared):
            continue
        if not text.startswith("@", match.end()) and (is_named or not is_joined):
            yield Candidate(match.start(), match.end(), Label.URL_PROFILE, 0.9, "has the form of a social handle")


def _bare_handles(text: str) -> Iterator[Candidate]:
    small = in_small(text)
    if not any(name in small for name in _NETWORKS):
        return
    for match in _SOCIAL.finditer(small):
        following = _BARE_HANDLE.search(text, match.end(), match.end() + 60)
        if following is not None and _BETWEEN.match(text[match.end() : following.start()]):
            said = following.group()
            if not said[0].isupper() or any(sign in said for sign in "_0123456789"):
                yield Candidate(
                    following.start(), following.end(), Label.URL_PROFILE, 0.97, f"follows '{match.group()}'"
                )
