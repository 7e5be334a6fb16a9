"""The states of stored content, and how much of it there may be."""

from dataclasses import dataclass
from enum import StrEnum

from portfolio.errors import TooLarge

KIB = 1024


class BlobState(StrEnum):
    """Kept; dying (no reference is left, the file is about to go); gone (the row is a tombstone)."""

    KEPT = "kept"
    DYING = "dying"
    GONE = "gone"


def size_words(size: int) -> str:
    """A number of bytes as people say it: 812 bytes, 48 KB, 2.4 MB, 4.9 GB."""
    if size < KIB:
        return f"{size} bytes"
    if size < KIB**2:
        return f"{size / KIB:.0f} KB"
    amount, unit = (size / KIB**2, "MB") if size < KIB**3 else (size / KIB**3, "GB")
    return f"{amount:.1f}".removesuffix(".0") + f" {unit}"


@dataclass(frozen=True, slots=True)
class Limits:
    """How many bytes one file, one portfolio, and all of a centre's portfolios may have."""

    file: int
    portfolio: int
    centre: int


@dataclass(frozen=True, slots=True)
class Room:
    """How much a portfolio and its centre hold, beside what they may."""

    limits: Limits
    portfolio: int
    centre: int

    @property
    def left(self) -> int:
        """How many bytes may still be added to the portfolio."""
        return max(0, min(self.limits.portfolio - self.portfolio, self.limits.centre - self.centre))

    def check(self, size: int, name: str = "What you sent") -> None:
        """Raises TooLarge, on the field of the files, when there is no room for so many bytes more."""
        if self.portfolio + size > self.limits.portfolio:
            left = size_words(max(0, self.limits.portfolio - self.portfolio))
            sentence = (
                f"There is no room for it: this {{portfolio}} holds {size_words(self.portfolio)} "
                f"of {size_words(self.limits.portfolio)}, so {left} are left. Ask your centre for more."
            )
            raise TooLarge(f"{name} has {size_words(size)}. {sentence}", "files")
        if self.centre + size > self.limits.centre:
            left = size_words(max(0, self.limits.centre - self.centre))
            sentence = f"Your centre has no room for it: {left} are left for everybody. Tell your centre."
            raise TooLarge(f"{name} has {size_words(size)}. {sentence}", "files")


def check_file_size(size: int, limits: Limits, name: str = "This file") -> None:
    """Raises TooLarge, on the field of the files, for a file that is larger than any may be."""
    if size > limits.file:
        sentence = f"{name} has {size_words(size)}. One file may have up to {size_words(limits.file)}."
        raise TooLarge(sentence, "files")
