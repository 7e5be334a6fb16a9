"""The schemas that go out with every bundle, read by a validator that is not ours: they describe what is in it, refuse
what is not, and say the same as our own reading of them.
"""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from portfolio.bundles.arriving.checking import schema
from portfolio.bundles.making import SCHEMAS
from tests.bundles.scenes import unpacked
from tests.drills.bundle import made
from tests.export.planted_once import copied

NAMES = ("manifest", "records", "history")
FREE = {"text", "rules", "self_check", "proof", "checked", "signed", "units"}
"""Objects that hold what is named by what is in a portfolio; units are those of `packs`."""
MAY_BE_ABSENT = {"self_check", "text", "salt", "erased_by", "erased_at"}
OTHER: dict[type, Any] = {str: 7, int: "seven", bool: "yes", list: {}, dict: [], type(None): [[]]}


def validator(name: str) -> Draft202012Validator:
    """The schema of that name, as others read it."""
    said = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    Draft202012Validator.check_schema(said)
    return Draft202012Validator(said, format_checker=FormatChecker())


@pytest.fixture(scope="module")
def told(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """What the JSON files of a bundle say, with rows in every table, by the name of their schema."""
    target = tmp_path_factory.mktemp("packed")
    with copied(sqlite_template, tmp_path_factory) as world:
        made(world, target)
    bundle = unpacked(target / "bundle.zip", target / "bundle")
    manifest = json.loads((bundle / "manifest.json").read_text())
    folders = [bundle / one["folder"] for one in manifest["portfolios"]]
    files = {name: [folder / f"{name}.json" for folder in folders] for name in ("records", "history")}
    read = {name: [json.loads(path.read_text()) for path in paths] for name, paths in files.items()}
    return {"manifest": [manifest], **read}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_in_a_bundle_is_as_its_schema_says(told: dict[str, list[Any]], name: str) -> None:
    described = validator(name)
    for value in told[name]:
        assert [error.message for error in described.iter_errors(value)] == []
        assert schema(name).faults(value, name) == []


def test_the_words_of_each_entry_are_as_the_schema_says(told: dict[str, list[Any]]) -> None:
    said = json.loads((SCHEMAS / "history.schema.json").read_text())
    seen = set()
    for entry in (entry for history in told["history"] for entry in history if "text" in entry):
        described = Draft202012Validator({"$defs": said["$defs"], "$ref": f"#/$defs/{entry['verb']}"})
        assert [error.message for error in described.iter_errors(entry["text"])] == []
        seen.add(entry["verb"])
    assert {"submission.submit", "review.release", "evidence.amend", "unit.sign_off", "unit.reopen"} <= seen


@pytest.mark.parametrize("name", NAMES)
def test_everything_is_asked_for_and_nothing_else_is_let_in(told: dict[str, list[Any]], name: str) -> None:
    """Of one object of every place: a name taken away, one put in, and a value of another kind."""
    described, ours = validator(name), schema(name)
    whole, tried = narrowed(told[name][0]), 0
    for path in places(whole):
        for spoil in (without, with_more, with_other):
            if spoil is without and path[-1] in MAY_BE_ABSENT:
                continue
            changed = copy.deepcopy(whole)
            spoil(at(changed, path[:-1]), path[-1])
            assert not described.is_valid(changed), (path, spoil)
            assert ours.faults(changed, name), (path, spoil)
            tried += 1
    assert tried > 20


def narrowed(value: Any) -> Any:
    """The same with no more than the first in its lists of rows: what is tried is one object, and quick."""
    if isinstance(value, dict):
        return {name: narrowed(one) for name, one in value.items()}
    is_of_rows = isinstance(value, list) and all(isinstance(one, dict) for one in value)
    return [narrowed(one) for one in value[:1]] if is_of_rows else value


def places(whole: Any) -> Iterator[tuple[Any, ...]]:
    """The way to every name in the objects that are described."""
    waiting: list[tuple[tuple[Any, ...], Any]] = [((), whole)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            is_free = path and path[-1] in FREE
            waiting += [] if is_free else [((*path, name), one) for name, one in value.items()]
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            waiting.append(((*path, 0), value[0]))
        if path and isinstance(path[-1], str):
            yield path


def at(value: Any, path: tuple[Any, ...]) -> Any:
    """What a way leads to."""
    for one in path:
        value = value[one]
    return value


def without(row: dict[str, Any], name: str) -> None:
    """A name less."""
    del row[name]


def with_more(row: dict[str, Any], name: str) -> None:
    """A name that nobody knows."""
    row["more"] = row[name]


def with_other(row: dict[str, Any], name: str) -> None:
    """A value of another kind."""
    row[name] = OTHER[type(row[name])]
