"""Which system a Leap2A file is for. Mahara 22.10 took links inside its own names of things for dead ones and changed
them, so it reads no file with the standard names, and others read none with its names.
"""

from dataclasses import dataclass
from enum import StrEnum

VERSION = "http://www.leapspecs.org/2010-07/2A/"
"""Of Leap2A. Readers take a file without exactly this for one of 2009."""
ATOM = "http://www.w3.org/2005/Atom"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XHTML = "http://www.w3.org/1999/xhtml"


class Profile(StrEnum):
    """The names that a file is written with."""

    STANDARD = "standard"
    MAHARA_22_10 = "mahara-22.10"


PROFILE_WORDS = {
    Profile.STANDARD: "Most systems: Mahara up to 22.04 and from 23.04, and others that read Leap2A",
    Profile.MAHARA_22_10: "Mahara 22.10",
}


@dataclass(frozen=True, slots=True)
class Names:
    """The namespaces in which two systems must agree."""

    leap2: str
    categories: str
    mahara: str


NAMES = {
    Profile.STANDARD: Names(
        "http://terms.leapspecs.org/",
        "http://wiki.leapspecs.org/2A/categories/",
        "http://wiki.mahara.org/Developer_Area/Import%2F%2FExport/LEAP_Extensions#",
    ),
    Profile.MAHARA_22_10: Names(
        "https://web.archive.org/web/20100503000634/http://terms.leapspecs.org",
        "https://web.archive.org/web/20120819100914/http://wiki.leapspecs.org:80/2A/categories",
        "https://wiki.mahara.org/wiki/Developer_Area/Import//Export/LEAP_Extensions",
    ),
}
