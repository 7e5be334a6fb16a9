"""How much each portfolio takes, as an administrator sees it."""

import pytest
from sqlalchemy import select

from portfolio.storage.models import Blob
from portfolio.storage.rules import size_words
from portfolio.web import paging
from tests.cast import FULL_NAMES, Cast, add_file
from tests.client import StrictClient


def test_the_largest_comes_first(client: StrictClient, cast: Cast) -> None:
    """With what all of it takes; another centre's is not counted."""
    with cast.installation.database.writing() as session:
        add_file(session, cast.installation, cast, "ben", "Big", b"x" * 300_000)
        session.commit()
    ada = client.sign_in("ada")
    page = ada.get("/centre/disk-use")
    assert page.words.index(FULL_NAMES["ben"]) < page.words.index(FULL_NAMES["amina"])
    assert FULL_NAMES["olga"] not in page.words
    with cast.installation.database.reading() as session:
        sizes = session.scalars(select(Blob.size).where(Blob.centre_id == cast.homes["ada"])).all()
    assert f"{size_words(sum(sizes))} of 200 GB, in {len(sizes)} files" in page.words
    assert f"/enrolments/{cast.enrolments['ben']}" in page.links()
    assert "/centre/disk-use" in ada.get("/centre").links()
    found = ada.get("/centre/disk-use?q=BEN")
    assert FULL_NAMES["amina"] not in found.words
    assert "Nobody is found" in ada.get("/centre/disk-use?q=%25").words


def test_it_is_read_a_page_at_a_time(client: StrictClient, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """And takes the same statements however many there are."""
    assert cast.people
    ada = client.sign_in("ada")
    many = ada.get("/centre/disk-use").statements
    monkeypatch.setattr(paging, "ROWS", 1)
    page = ada.get("/centre/disk-use")
    assert page.statements == many
    assert "/centre/disk-use?page=2" in page.links()
    first, second = (FULL_NAMES[name] for name in ("amina", "ben"))
    assert first in page.words
    assert second in ada.get("/centre/disk-use?page=2").words


def test_it_is_for_administrators(client: StrictClient, cast: Cast) -> None:
    """Nobody else."""
    assert cast.people
    for name in ("iris", "ewan", "amina", "marguerite"):
        client.another().sign_in(name).get("/centre/disk-use", status=404)
