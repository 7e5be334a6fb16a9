"""What the pages of bundles show of one: how it stands, and how it is named."""

from dataclasses import dataclass

from portfolio.audit.events import fingerprint
from portfolio.bundles.kept_models import KeptBundle
from portfolio.bundles.kept_rules import KIND_WORDS, BundleKind
from portfolio.bundles.queries import BundleRow
from portfolio.policy.checks import can
from portfolio.policy.permissions import Permission
from portfolio.web.session import actor, installation
from portfolio.web.terms import worded


@dataclass(frozen=True, slots=True)
class Shown:
    """A bundle in a list. `withheld` are the hidden items for which nobody gets it at present."""

    row: BundleRow
    withheld: tuple[str, ...]

    @property
    def bundle(self) -> KeptBundle:
        """The bundle itself."""
        return self.row.bundle

    @property
    def kind(self) -> str:
        """What it is for."""
        return worded(KIND_WORDS[BundleKind(self.bundle.kind)])

    @property
    def is_there(self) -> bool:
        """Whether it can be downloaded now."""
        return self.bundle.blob is not None and not self.withheld

    @property
    def is_destroyed(self) -> bool:
        """Whether it was made, and is no more because of personal data in it."""
        return self.bundle.made_at is not None and self.bundle.blob is None and not self.is_removed

    @property
    def is_removed(self) -> bool:
        """Whether somebody removed it."""
        return self.bundle.removed_at is not None

    @property
    def may_remove(self) -> bool:
        """Whether it is there, and this person may remove it."""
        return self.bundle.blob is not None and can(actor(), Permission.KEPT_BUNDLE_REMOVE, self.bundle)

    @property
    def counted(self) -> str:
        """Of how many portfolios it is, and how many were held back."""
        inside = "1 {portfolio}" if self.row.inside == 1 else f"{self.row.inside} {{portfolios}}"
        return worded(f"{inside}, {self.row.held} held back" if self.row.held else inside)


def own_fingerprint() -> str:
    """The fingerprint of the key that this installation signs bundles with."""
    return fingerprint(installation().signer.public_key)
