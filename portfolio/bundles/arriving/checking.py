"""JSON from strangers: read within limits, and compared with the published schemas. Pure, but for reading the schemas.

Of JSON Schema only what those schemas use is understood; a keyword that is not known here is an error of ours, so that
nothing is described that nobody checks.
"""

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from portfolio.errors import Rejected

SCHEMAS = Path(__file__).parent.with_name("schema")
FAULTS_MOST = 100
SAID_MOST = 300
NUMBER_MOST = 2**53
BRACKETS_MOST, VALUES_MOST = 1_000_000, 5_000_000
_NESTING = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[{\]}]', re.DOTALL)
_OPENING = frozenset((b"[", b"{"))

Found = tuple[tuple[str, str], ...]
"""What is wrong: pairs of a place and what is wrong there."""
Check = Callable[[Any], Found]


class BadBundle(Rejected):
    """A bundle that is not taken, with everything that is wrong with it as sentences without control characters."""

    def __init__(self, faults: Iterable[str]) -> None:
        found = list(dict.fromkeys(map(clean, faults)))
        shown = found[:FAULTS_MOST]
        if len(found) > len(shown):
            shown.append(f"and {len(found) - len(shown)} more")
        self.faults = tuple(shown)
        super().__init__("\n".join(self.faults))


def clean(words: str) -> str:
    """A sentence on one line that every screen takes, and not too long."""
    plain = "".join(sign if sign.isprintable() else "�" for sign in " ".join(words.split()))
    return plain if len(plain) <= SAID_MOST else f"{plain[: SAID_MOST - 1]}…"


# Reading


def read_json(raw: bytes, name: str, *, depth: int) -> Any:
    """What JSON says. Raises BadBundle when it is none, is nested deeper, or says what no database takes."""
    try:
        _check_depth(raw, depth)
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_once,
            parse_constant=_no_number,
            parse_int=_whole,
            parse_float=_finite,
        )
        _check_strings(value)
    except _Refused as refused:
        raise BadBundle([f"{name}: {refused}"]) from refused
    except UnicodeDecodeError as trouble:
        raise BadBundle([f"{name} is no UTF-8 text"]) from trouble
    except (ValueError, RecursionError) as trouble:
        raise BadBundle([f"{name} is no JSON: {trouble}"]) from trouble
    return value


class _Refused(Exception):
    """Said of a value that is JSON and still not taken."""


def _check_depth(raw: bytes, most: int) -> None:
    """Before anything is built of it: how much there is of it, and brackets outside of strings."""
    if raw.count(b"[") + raw.count(b"{") > BRACKETS_MOST or raw.count(b",") > VALUES_MOST:
        raise _Refused("there are more values in it than any portfolio has")
    deep = 0
    for found in _NESTING.finditer(raw):
        sign = found[0]
        if sign in _OPENING:
            deep += 1
            if deep > most:
                raise _Refused(f"lists and objects stand in each other more than {most} deep")
        elif sign[:1] != b'"':
            deep -= 1


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Refused(f"the name {twice!r} stands twice in one object")
    return found


def _no_number(word: str) -> Any:
    raise _Refused(f"{word} is no number that can be kept")


def _whole(digits: str) -> int:
    if len(digits) > 17 or abs(number := int(digits)) > NUMBER_MOST:
        raise _Refused(f"the number {digits[:30]} is out of range")
    return number


def _finite(digits: str) -> float:
    number = float(digits)
    if len(digits) > 40 or not math.isfinite(number) or abs(number) > NUMBER_MOST:
        raise _Refused(f"the number {digits[:30]} is out of range")
    return number


def _check_strings(value: Any) -> None:
    """No string holds what a database refuses: half of a pair of surrogates, or a zero."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if not one.isascii() and any("\ud800" <= sign <= "\udfff" for sign in one):
                raise _Refused("a text holds half a character (a surrogate), which is no text")
            if "\0" in one:
                raise _Refused("a text holds a zero character, which no database keeps")
        elif isinstance(one, dict):
            waiting.extend(one)
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


# Schemas


class Schema:
    """One of the published schemas, as a check."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self._said = said
        self._defined: dict[str, Check] = {}
        self._check = self._compiled(said)

    def faults(self, value: Any, name: str) -> list[str]:
        """What of a value is not as described, as sentences that begin with the name of its file."""
        return _sentences(self._check(value), name)

    def faults_as(self, definition: str, value: Any, name: str) -> list[str]:
        """The same of one definition among the schema's `$defs`."""
        return _sentences(self._reference(f"#/$defs/{definition}")(value), name)

    def defines(self, definition: str) -> bool:
        """Whether there is such a definition."""
        return definition in self._said["$defs"]

    def _compiled(self, said: Mapping[str, Any]) -> Check:
        unknown = said.keys() - _KEYWORDS - _SAYING_NOTHING - {"$ref", "anyOf", "items", "prefixItems", "properties"}
        if unknown - {"required", "additionalProperties", "minItems", "maxItems"}:
            message = f"keywords that are not checked: {sorted(unknown)}"
            raise NotImplementedError(message)
        checks = [make(said[keyword]) for keyword, make in _KEYWORDS.items() if keyword in said]
        if "$ref" in said:
            checks.append(self._reference(said["$ref"]))
        if "anyOf" in said:
            checks.append(_any_of([self._compiled(one) for one in said["anyOf"]]))
        if said.get("type") == "object":
            checks.append(self._object(said))
        if said.get("type") == "array":
            checks.append(self._array(said))
        return checks[0] if len(checks) == 1 else _all_of(checks)

    def _reference(self, name: str) -> Check:
        stem = name.removeprefix("#/$defs/")
        if stem not in self._defined:
            self._defined[stem] = self._compiled(self._said["$defs"][stem])
        return self._defined[stem]

    def _object(self, said: Mapping[str, Any]) -> Check:
        fields = {name: self._compiled(one) for name, one in said.get("properties", {}).items()}
        required = frozenset(said.get("required", ()))
        more = said.get("additionalProperties", True)
        other = self._compiled(more) if isinstance(more, Mapping) else None

        def check(value: Any) -> Found:
            if not isinstance(value, dict):
                return ()
            found = [("", f"has no {name!r}") for name in required - value.keys()]
            for name, one in value.items():
                field = fields.get(name, other)
                if field is not None:
                    wrong = field(one)
                    if wrong:
                        found += [(f".{name}{place}", what) for place, what in wrong]
                elif more is False:
                    found.append(("", f"has {name!r}, which is not known"))
            return tuple(found)

        return check

    def _array(self, said: Mapping[str, Any]) -> Check:
        first = [self._compiled(one) for one in said.get("prefixItems", ())]
        rest = self._compiled(said["items"]) if isinstance(said.get("items"), Mapping) else None
        least, most = said.get("minItems", 0), said.get("maxItems", math.inf)

        def check(value: Any) -> Found:
            if not isinstance(value, list):
                return ()
            if not least <= len(value) <= most:
                return (("", f"has {len(value)} entries"),)
            found: list[tuple[str, str]] = []
            for number, one in enumerate(value):
                each = first[number] if number < len(first) else rest
                wrong = each(one) if each is not None else ()
                if wrong:
                    found += [(f"[{number}]{place}", what) for place, what in wrong]
                    if len(found) > FAULTS_MOST:
                        break
            return tuple(found)

        return check


@cache
def schema(name: str) -> Schema:
    """The published schema of that name: `manifest`, `records` or `history`."""
    return Schema(json.loads((SCHEMAS / f"{name}.schema.json").read_bytes()))


def _sentences(found: Found, name: str) -> list[str]:
    return [f"{name}{f', {place.lstrip(chr(46))},' if place else ''} {what}" for place, what in found]


def _all_of(checks: list[Check]) -> Check:
    """The first that finds anything speaks: what has the wrong type is not looked at further."""

    def check(value: Any) -> Found:
        for one in checks:
            if found := one(value):
                return found
        return ()

    return check


def _any_of(checks: list[Check]) -> Check:
    def check(value: Any) -> Found:
        found: Found = ()
        for one in checks:
            found = one(value)
            if not found:
                return ()
        return checks[0](value) if value is not None else found

    return check


_TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}


def _type(name: str) -> Check:
    is_one, fault = _TYPES[name], (("", f"is no {name}"),)
    return lambda value: () if is_one(value) else fault


def _enum(words: list[Any]) -> Check:
    kept, fault = frozenset(words), (("", f"is none of {', '.join(map(str, words))}"),)
    return lambda value: () if isinstance(value, str) and value in kept else fault


def _const(wanted: Any) -> Check:
    return lambda value: () if value == wanted and type(value) is type(wanted) else (("", f"is not {wanted!r}"),)


def _pattern(words: str) -> Check:
    """A `$` at the end is the very end, as in JSON Schema, and digits are those of ASCII."""
    matches = re.compile(f"{words[:-1]}\\Z" if words.endswith("$") else words, re.ASCII).search
    return lambda value: () if matches(value) else (("", "is not of the form that it has to have"),)


def _length(most: int) -> Check:
    return lambda value: () if len(value) <= most else (("", f"has {len(value)} characters, more than {most}"),)


def _at_least_long(least: int) -> Check:
    return lambda value: () if len(value) >= least else (("", "is too short"),)


def _minimum(least: int) -> Check:
    return lambda value: () if value >= least else (("", f"is less than {least}"),)


def _maximum(most: int) -> Check:
    return lambda value: () if value <= most else (("", f"is more than {most}"),)


def _format(name: str) -> Check:
    read: Callable[[str], object] = {"date": date.fromisoformat, "date-time": datetime.fromisoformat}[name]

    def check(value: Any) -> Found:
        try:
            read(value)
        except ValueError:
            return (("", "is no day and time of the calendar"),)
        return ()

    return check


_KEYWORDS: dict[str, Callable[[Any], Check]] = {
    "type": _type,
    "const": _const,
    "enum": _enum,
    "maxLength": _length,
    "minLength": _at_least_long,
    "pattern": _pattern,
    "format": _format,
    "minimum": _minimum,
    "maximum": _maximum,
}
"""Each keyword that says something of one value, in the order in which they are looked at."""
_SAYING_NOTHING = frozenset({"$schema", "$defs", "title", "description"})
