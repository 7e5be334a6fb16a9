"""How well names are found whose surname is in no list, by the origin of the families that bear them.

Each held-out surname is put into short texts of the kinds that evidence has, one mention in each, so that only where it
stands can give it away. `python -m tests.anonymise.origins` prints recall by origin and by place.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from portfolio.anonymise.detect import detect

HELD_OUT = Path(__file__).parent / "held_out_surnames.txt"

# {s} is the surname, {g} a given name of the same origin; what stands between the bars is the mention
PLACES = {
    "greeting": "Dear |Mr {s}|,\n\nThank you for your letter of 3 May about the bill. We are looking into it.\n",
    "title": "I spoke to |Ms {s}| on Tuesday and she promised that somebody would ring me back.\n",
    "signature": "I look forward to your reply within fourteen days.\n\nYours sincerely\n\n|{g} {s}|\n",
    "header": "From: |{g} {s}|\nTo: Customer Relations\nSubject: Refund still not paid\n\nSee below please.\n",
    "full name": "The customer, |{g} {s}|, rang at 10:15 because the parcel had been left in the rain.\n",
    "sentence": "Later that week |{g} {s}| sent photographs of the damp and asked for an inspection.\n",
    "cell": "date,customer,issue,status\n03/05/2024,|{g} {s}|,late delivery,open\n",
    "form": "Surname: |{s}|\nFirst name: not given\nNature of complaint: missed appointment\n",
    "turned round": "Customer: |{s}, {g}|\nComplaint: charged twice for one order\n",
    "capitals": "12/5 CALLED MRS |{S}| BACK - NO ANSWER, LEFT VOICEMAIL.\n",
    "lower case": "notes: |mrs {l}| rang re leak under sink, adv engineer booked for fri am\n",
    "possessive": "We found that |{g} {s}|'s meter had been read wrongly twice in the spring.\n",
    "initial": "The second visit was agreed with |{i}. {s}| on the telephone the next morning.\n",
    "alone": "We rang back on Friday. |{s}| said that nobody had been to look at the boiler.\n",
}


@dataclass(frozen=True, slots=True)
class Trial:
    """One text with one mention of a person, who must be found."""

    origin: str
    place: str
    text: str
    start: int
    end: int

    def found(self) -> bool:
        """Whether every letter of the mention but its title is in something found."""
        covered = set[int]()
        for finding in detect(self.text):
            covered.update(range(finding.start, finding.end))
        title = re.match(r"(?i)(mr|mrs|ms) ", self.text[self.start : self.end])
        start = self.start + (title.end() if title else 0)
        return all(at in covered for at in range(start, self.end) if self.text[at].isalnum())


def held_out() -> Iterator[tuple[str, list[str], list[str]]]:
    """Each origin with its given names and its held-out surnames."""
    origin, given, surnames = "", list[str](), list[str]()
    for line in HELD_OUT.read_text(encoding="utf-8").splitlines():
        if heading := re.fullmatch(r"\[(.+)\] (.+)", line):
            if origin:
                yield origin, given, surnames
            origin, given, surnames = heading[1], heading[2].split(", "), []
        elif line and not line.startswith("#"):
            surnames += [surname.replace("_", " ") for surname in line.split()]
    yield origin, given, surnames


def trials(every: int = 1) -> Iterator[Trial]:
    """Every held-out surname, or one in so many of them, in every place."""
    for origin, given, surnames in held_out():
        for surname, first in zip(surnames[::every], cycle(given), strict=False):
            for place, pattern in PLACES.items():
                before, mention, after = pattern.format(
                    s=surname, g=first, i=first[0], l=surname.lower(), S=surname.upper()
                ).split("|")
                yield Trial(origin, place, before + mention + after, len(before), len(before + mention))


def recall(every: int = 1) -> tuple[dict[str, float], dict[str, float]]:
    """The share found by origin and by place, of all held-out surnames or of one in so many."""
    tried, found = Counter[str](), Counter[str]()
    for trial in trials(every):
        hit = trial.found()
        for key in (f"origin {trial.origin}", f"place {trial.place}"):
            tried[key] += 1
            found[key] += hit
    shares = {key: found[key] / tried[key] for key in tried}
    return (
        {key.removeprefix("origin "): share for key, share in shares.items() if key.startswith("origin ")},
        {key.removeprefix("place "): share for key, share in shares.items() if key.startswith("place ")},
    )


def main() -> int:
    """Print the report, the worst first."""
    by_origin, by_place = recall()
    for title, shares in (("origin", by_origin), ("place", by_place)):
        sys.stdout.write(f"recall by {title}\n")
        for name, share in sorted(shares.items(), key=lambda pair: pair[1]):
            sys.stdout.write(f"  {name:28} {share:6.1%}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
