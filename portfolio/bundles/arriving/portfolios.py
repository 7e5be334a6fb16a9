"""One portfolio of a bundle that was unpacked: its records, history, criteria and files read, compared and typed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from portfolio.audit.events import is_signed
from portfolio.bundles import verify
from portfolio.bundles.arriving import references
from portfolio.bundles.arriving.carried import Carried
from portfolio.bundles.arriving.checking import BadBundle, read_json, schema
from portfolio.bundles.arriving.incoming import Elsewhere, Head, Limits, Portfolio
from portfolio.documents.sniff import ENDINGS, inspect
from portfolio.errors import Rejected
from portfolio.storage.rules import size_words

RECORDS, HISTORY = "records.json", "history.json"
OLDER = (
    "The bundle does not carry the criteria: it was made by an earlier release. Ask its centre to make it again with "
    "this one"
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bundle that a portfolio is in: where it was unpacked, its signed list, the files on that by path, how large
    they may be, and the criteria that it carries.
    """

    folder: Path
    manifest: Mapping[str, Any]
    listed: dict[str, dict[str, Any]]
    limits: Limits
    carried: Carried

    def json(self, path: str) -> Any:
        """What a file of the list says."""
        if path not in self.listed:
            raise BadBundle([f"{path} is missing"])
        if self.listed[path]["size"] > self.limits.json:
            raise BadBundle([f"{path} has more than {size_words(self.limits.json)}"])
        return read_json((self.folder / path).read_bytes(), path.rpartition("/")[2], depth=self.limits.depth)


def portfolio_of(bounds: Bounds, told: Mapping[str, Any]) -> Portfolio:
    """The portfolio that the list of the bundle tells of. Raises BadBundle with everything that is wrong with it."""
    name = told["folder"]
    records, history = bounds.json(f"{name}/{RECORDS}"), bounds.json(f"{name}/{HISTORY}")
    if isinstance(records, dict) and "enrolment" in records and "packs" not in records:
        raise BadBundle([OLDER])
    _raise(*schema("records").faults(records, RECORDS), *_history_faults(history, HISTORY))
    _raise(*references.faults(records))
    _raise(*_differences(bounds, told, records))
    earlier = tuple(_elsewhere(bounds, name, arrival) for arrival in records["arrivals"])
    packs, wrong = bounds.carried.packs_of(records)
    found = [*wrong, *_proof_faults(bounds, told), *_file_faults(bounds, name, records)]
    found += _signature_faults(history, bounds.manifest["public_key"], HISTORY)
    for one in earlier:
        found += _signature_faults(one.history, one.arrival["public_key"], one.arrival["history"])
    if found or packs is None:
        raise BadBundle(found)
    return Portfolio(
        folder=bounds.folder / name,
        name=name,
        learner_name=told["learner"],
        qualification_title=told["qualification"],
        extent=told["extent"],
        stream=told["stream"],
        head=Head(**told["head"]),
        records=records,
        history=history,
        packs=packs,
        earlier=earlier,
    )


def _raise(*faults: str) -> None:
    if faults:
        raise BadBundle(faults)


# The history


def _history_faults(history: Any, name: str) -> list[str]:
    """What is not as the schema describes it, in the entries and in what they say."""
    described = schema("history")
    found = described.faults(history, name)
    if found:
        return found
    for entry in history:
        if "text" not in entry:
            continue
        where = f"{name}, entry {entry['seq']},"
        if described.defines(entry["verb"]):
            found += described.faults_as(entry["verb"], entry["text"], where)
            if not found and entry["verb"] == "enrolment.import":
                found += _inner_faults(entry["text"]["told"], where)
        else:
            found.append(f"{where} says words, which no entry of its kind does in a bundle")
    return found


def _inner_faults(told: list[list[Any]], where: str) -> list[str]:
    """The same of entries that an arrival tells within its own."""
    described, found = schema("history"), list[str]()
    for number, (verb, _subject, text) in enumerate(told):
        if described.defines(f"told.{verb}"):
            found += described.faults_as(f"told.{verb}", text, f"{where} told[{number}],")
        else:
            found.append(f"{where} told[{number}], is of a kind that no arrival tells")
    return found


def _signature_faults(history: list[dict[str, Any]], key: str, name: str) -> Iterator[str]:
    """The first entry that is not signed with the key."""
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
    for entry in history:
        if not is_signed(public, entry["hash"], entry["signature"]):
            yield f"{name}, entry {entry['seq']}, is not signed with the key of the centre where it was made"
            return


def _elsewhere(bounds: Bounds, folder: str, arrival: dict[str, Any]) -> Elsewhere:
    """A history that the portfolio brought along when it came to where the bundle was made."""
    history = bounds.json(f"{folder}/{arrival['history']}")
    _raise(*_history_faults(history, arrival["history"]))
    return Elsewhere(arrival, history)


def _proof_faults(bounds: Bounds, told: Mapping[str, Any]) -> list[str]:
    """What the verifier that goes out with bundles finds."""
    key = bytes.fromhex(bounds.manifest["public_key"])
    try:
        faults, _said = verify.check_portfolio(bounds.folder, bounds.listed, dict(told), key)
    except verify.Fault as fault:
        return [str(fault)]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as trouble:
        return [f"the history and the records cannot be compared ({type(trouble).__name__}: {trouble})"]
    return faults


# The records


def _differences(bounds: Bounds, told: Mapping[str, Any], records: Mapping[str, Any]) -> Iterator[str]:
    """What the list of the bundle says of the portfolio and its records say otherwise."""
    enrolment = records["enrolment"]
    learner = next(one["name"] for one in records["people"] if one["id"] == enrolment["learner"])
    compared = (
        ("portfolio", told["enrolment"], enrolment["uid"]),
        ("history", told["stream"], enrolment["stream"]),
        ("learner", told["learner"], learner),
        ("qualification", told["qualification"], records["qualification"]["title"]),
        ("centre", bounds.manifest["centre"]["uid"], enrolment["centre"]["uid"]),
        ("centre", bounds.manifest["centre"]["number"], enrolment["centre"]["number"]),
    )
    differing = [what for what, one, other in compared if one != other]
    yield from (f"the list of the bundle names another {what} than the records" for what in differing)
    if told["extent"] == "whole" and any("self_check" not in one for one in records["submissions"]):
        yield "a self-check is left out, which only a sample does"


def _file_faults(bounds: Bounds, folder: str, records: Mapping[str, Any]) -> Iterator[str]:
    """Files that evidence may not have: of a kind that is not taken, or that are something else than they are said."""
    looked: set[tuple[str, str]] = set()
    for one in records["files"]:
        path, media_type = f"{folder}/{one['path']}", one["media_type"]
        if path in bounds.listed and (path, media_type) not in looked:  # what is not on the list was told of by then
            looked.add((path, media_type))
            wrong = _kind_fault(bounds.folder / path, media_type)
            if wrong:
                yield f"{one['path']}: {wrong}"


def _kind_fault(path: Path, media_type: str) -> str:
    """Why a file is not of that kind; empty when it is. Names tell nothing: people change them when they mend items."""
    if media_type not in ENDINGS:
        return f"files of the kind {media_type} are not taken"
    why = ""
    for ending in ENDINGS[media_type]:
        try:
            if inspect(path, f"file{ending}").media_type == media_type:
                return ""
        except Rejected as refused:
            why = why or f". {refused.message}"
    return f"it is not {media_type}, as the records say{why}"
