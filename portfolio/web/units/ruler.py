"""The ruler of a unit: a tick for each criterion, in groups by outcome. A picture: the tally beside it says it too."""

from collections.abc import Sequence

from markupsafe import Markup

from portfolio.mapping.coverage import Standing, State

TICKS = {
    State.MET: '<i class="t-met"></i>',
    State.MORE: '<i class="t-more"></i>',
    State.CLAIMED: '<i class="t-claimed"></i>',
    State.GAP: '<i class="t-none"></i>',
}
TICKS_LARGE = 100
"""For how many criteria the ticks are drawn large."""


def ruler(outcomes: Sequence[range], standings: Sequence[Standing]) -> Markup:
    """How the criteria stand; `outcomes` says which of them each outcome has."""
    ticks = [TICKS[standing.state] for standing in standings]
    groups = "".join(f"<span>{''.join(ticks[rows.start : rows.stop])}</span>" for rows in outcomes)
    size = "ruler ruler-l" if len(ticks) <= TICKS_LARGE else "ruler"
    return Markup(f'<span class="{size}" aria-hidden="true">{groups}</span>')  # noqa: S704 - fixed words
