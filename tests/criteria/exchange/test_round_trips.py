"""Whatever a pack says goes out and comes back, but for what the format has no place for, which is said."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.criteria.contents import Pack, PackUnit, content_sha
from portfolio.criteria.exchange.formats import Format, lost, read, write
from portfolio.criteria.exchange.yaml_packs import as_yaml, unit_as_yaml
from portfolio.criteria.packs import read_pack, read_pack_texts, read_unit_text
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


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_the_shipped_packs_come_back_with_each_unit_in_a_file_of_its_own(path: Path) -> None:
    """As bundles carry them: the pack, and every unit, are the same content."""
    pack = read_pack(path)
    units = {f"unit-{number}": unit for number, unit in enumerate(units_of(pack))}
    texts = {stem: unit_as_yaml(unit) for stem, unit in units.items()}
    main = as_yaml(pack, stems={unit.code: stem for stem, unit in units.items()})
    assert content_sha(read_pack_texts(main, texts)) == content_sha(pack)
    assert {stem: content_sha(read_unit_text(text)) for stem, text in texts.items()} == {
        stem: content_sha(unit) for stem, unit in units.items()
    }


@settings(max_examples=25, deadline=None)
@given(pack=packs())
def test_any_unit_comes_back_as_yaml(pack: Pack) -> None:
    for unit in units_of(pack):
        assert content_sha(read_unit_text(unit_as_yaml(unit))) == content_sha(unit)


def units_of(pack: Pack) -> list[PackUnit]:
    """All units of a pack but those in outline, which have no file."""
    return [unit for group in pack.groups for unit in group.units if not unit.is_outline]


@settings(max_examples=6, deadline=None)
@given(pack=packs())
def test_any_pack_comes_back_as_a_workbook(pack: Pack) -> None:
    reading = read(write(pack, Format.XLSX, changed=MOMENT))
    assert (reading.format, reading.pack, reading.remarks) == (Format.XLSX, pack, ())
