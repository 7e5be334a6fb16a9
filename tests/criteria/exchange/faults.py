"""What is said of a file that cannot be taken."""

import pytest

from portfolio.criteria.exchange.formats import Reading, read
from portfolio.criteria.exchange.places import NotTaken


def faults_of(data: bytes) -> list[tuple[str, str]]:
    """Place and message of all that is wrong with a file."""
    with pytest.raises(NotTaken) as caught:
        read(data)
    return [(trouble.place, trouble.message) for trouble in caught.value.troubles]


def read_or_refused(data: bytes) -> Reading | NotTaken:
    """What became of a file."""
    try:
        return read(data)
    except NotTaken as refused:
        return refused
