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
from portfolio.criteria.actions import load_pack, load_unit
from portfolio.criteria.shelf import read_shelf

SHIPPED = ROOT / "criteria"
"""The packs and units that come with the product."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opener(System):
    """The product while it loads criteria: what it loads for the whole site stands in that centre's stream."""

    centre_stream_id: int


def open_centre_with_packs(
    session: Session, *, name: str, number: str, administrator: tuple[str, str], packs: Sequence[Path]
) -> str:
    """A new centre with the packs and units in these files and folders for the whole site; answers the text of the
    one-use link for the administrator.

    `administrator` is the e-mail address and the name. Raises PackFaults for what cannot be read.
    """
    centre = open_centre(session, System(), name=name, number=number)
    opener = Opener(centre_stream_id=centre.stream_id)
    shelf = read_shelf(packs)
    for pack in shelf.packs:
        load_pack(session, opener, pack)
    for unit in shelf.units:
        load_unit(session, opener, unit)
    email, full_name = administrator
    _membership, link = invite(session, opener, centre, email=email, name=full_name, role=Role.ADMINISTRATOR)
    return link
