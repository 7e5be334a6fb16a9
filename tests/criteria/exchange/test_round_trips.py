"""Whatever a pack says goes out and comes back, but for what the format has no place for, which is said."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.criteria.contents import Pack, content_sha
from portfolio.criteria.exchange.formats import Format, lost, read, write
from portfolio.criteria.exchange.yaml_packs import as_yaml
from portfolio.criteria.packs import read_pack, read_pack_texts
from portfolio.opening import SHIPPED
from tests.criteria.exchange.packs import MOMENT, left, packs

TEXT_FORMATS = [one for one in Format if one is not Format.XLSX]
OURS = sorted(SHIPPED.glob("*.yaml"))


@pytest.mark.parametrize("wanted", Format)
@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_the_shipped_packs_come_back(path: Path, wanted: Format) -> None:
    pack = read_pack(path)
    reading = read(write(pack, wanted, changed=MOMENT))
    assert reading.format in {wanted, Format.MATRIX}
    assert reading.pack == left(pack, wanted)
    assert reading.remarks == ()
    assert bool(lost(pack, wanted)) == (left(pack, wanted) != pack)


@settings(max_examples=40, deadline=None)
@given(pack=packs(), wanted=st.sampled_from(TEXT_FORMATS))
def test_any_pack_comes_back(pack: Pack, wanted: Format) -> None:
    data = write(pack, wanted, changed=MOMENT)
    reading = read(data)
    assert reading.pack == left(pack, wanted)
    assert reading.remarks == ()
    assert bool(lost(pack, wanted)) == (left(pack, wanted) != pack)
    assert data == write(pack, wanted, changed=MOMENT)


@settings(max_examples=25, deadline=None)
@given(pack=packs())
def test_any_pack_comes_back_as_yaml(pack: Pack) -> None:
    text = as_yaml(pack, ("What was assumed\nis said.",))
    assert text.startswith("# What was assumed is said.\n")
    assert content_sha(read_pack_texts(text, {})) == content_sha(pack)


@settings(max_examples=6, deadline=None)
@given(pack=packs())
def test_any_pack_comes_back_as_a_workbook(pack: Pack) -> None:
    reading = read(write(pack, Format.XLSX, changed=MOMENT))
    assert (reading.format, reading.pack, reading.remarks) == (Format.XLSX, pack, ())
