"""What a kept bundle is for, how a portfolio stands in it, and what the file is called. Pure."""

from datetime import date
from enum import StrEnum

MAKE_BUNDLE = "export.make_bundle"
"""The kind of the job."""
ZIP = "application/zip"
PORTFOLIOS_MOST = 100
"""How many portfolios may be chosen for one visit."""


class BundleKind(StrEnum):
    """Of one learner; for the visit of an external quality assurer; of everybody at a centre."""

    LEARNER = "learner"
    VISIT = "visit"
    CENTRE = "centre"


KIND_WORDS = {
    BundleKind.LEARNER: "One {portfolio}",
    BundleKind.VISIT: "For a visit",
    BundleKind.CENTRE: "The whole centre",
}


class PartState(StrEnum):
    """A portfolio of a bundle: nobody knows yet; in it; held back."""

    WAITING = "waiting"
    IN = "in"
    HELD = "held"


def file_name(whose: str, on: date, *, is_sample: bool = False, is_leap2a: bool = False) -> str:
    """What the downloaded file is called; `whose` is the name of a learner or of a centre."""
    return f"{'Leap2A' if is_leap2a else 'Bundle'} {whose}{' sample' if is_sample else ''} {on.isoformat()}.zip"
