"""What bundles on their way in are called on screen."""

from portfolio.bundles.arriving.draft_queries import DraftRow
from portfolio.bundles.arriving.rules import DraftState
from portfolio.web.looks import Look

FATES = {
    "here": Look("is-met", "check-circle-fill", "Criteria are here already"),
    "load": Look("is-claimed", "plus-circle", "Criteria come with it"),
}
"""What becomes of the criteria that a portfolio stands on."""
STANDINGS = {
    DraftState.NEW: Look("is-none", "hourglass", "Not looked into yet"),
    DraftState.CHECKED: Look("is-claimed", "pencil", "Waits for you"),
    DraftState.REFUSED: Look("is-risk", "x-octagon", "Refused"),
    DraftState.BROUGHT: Look("is-met", "check-circle-fill", "Brought in"),
}
UNDER_WAY = Look("is-claimed", "arrow-repeat", "In progress")


def standing_of(draft: DraftRow) -> Look:
    """How a bundle in the list stands."""
    return UNDER_WAY if draft.is_under_way else STANDINGS[draft.state]
