"""Opening a centre on a real installation: its criteria packs, and the link for its first administrator."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from portfolio.accounts.actions import invite
from portfolio.accounts.rules import Role
from portfolio.audit.events import System
from portfolio.centres.actions import open_centre
from portfolio.config import ROOT
from portfolio.criteria.actions import load_pack
from portfolio.criteria.packs import read_pack


@dataclass(frozen=True, slots=True, kw_only=True)
class Opener(System):
    """The product while it opens a centre: what it loads for the whole site stands in that centre's stream."""

    centre_stream_id: int


def shipped_packs() -> list[Path]:
    """The pack files that come with the product."""
    return sorted((ROOT / "criteria").glob("*.yaml"))


def open_centre_with_packs(
    session: Session, *, name: str, number: str, administrator: tuple[str, str], packs: Sequence[Path]
) -> str:
    """A new centre with these packs for the whole site; answers the text of the one-use link for the administrator.

    `administrator` is the e-mail address and the name. Raises PackFaults for a pack that cannot be read.
    """
    centre = open_centre(session, System(), name=name, number=number)
    opener = Opener(centre_stream_id=centre.stream_id)
    for path in packs:
        load_pack(session, opener, read_pack(path))
    email, full_name = administrator
    _membership, link = invite(session, opener, centre, email=email, name=full_name, role=Role.ADMINISTRATOR)
    return link
