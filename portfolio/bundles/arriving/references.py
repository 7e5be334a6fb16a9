"""Whether the rows of one portfolio hold together: each names rows that are there, once, and none its own successor.

The rows have been compared with their schema before. Pure.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

Record = Mapping[str, Any]

NAMES = {
    "allocations": {"person": "people", "unit": "units"},
    "items": {"author": "people"},
    "versions": {"item": "items"},
    "files": {"version": "versions"},
    "claims": {"version": "versions", "unit": "units", "criterion": "criteria", "submission": "submissions"},
    "sightings": {"version": "versions", "person": "people"},
    "submissions": {"by": "people"},
    "submission_items": {"submission": "submissions", "version": "versions"},
    "reviews": {"item": "submission_items", "assessor": "people", "countersigns": "reviews"},
    "judgements": {"claim": "claims", "review": "reviews", "supersedes": "judgements", "assessor": "people"},
    "unit_decisions": {"unit": "units", "by": "people", "supersedes": "unit_decisions"},
    "signatures": {"person": "people"},
    "breaches": {"item": "items", "reported_by": "people", "mended_by": "people"},
    "amendments": {"breach": "breaches", "version": "versions", "by": "people"},
    "redactions": {"by": "people"},
    "units": {"unit_version": "unit_versions"},
    "criteria": {"unit_version": "unit_versions"},
}
"""By table: the columns that name a row of another by its id. Empty is allowed where the schema says so."""
ONCE = {
    "units": ("code",),
    "unit_versions": ("content_sha",),
    "criteria": ("unit_version", "code"),
    "items": ("ref",),
    "versions": ("item", "no"),
    "claims": ("version", "criterion"),
    "submissions": ("no",),
    "submission_items": ("submission", "version"),
    "reviews": ("item", "assessor"),
    "judgements": ("claim", "no"),
    "unit_decisions": ("unit", "no"),
    "signatures": ("subject",),
    "amendments": ("version", "no"),
    "arrivals": ("stream",),
}
"""By table: columns that are together different in each row."""


def faults(records: Record) -> Iterator[str]:
    """What does not hold together."""
    tables = {name: rows for name, rows in records.items() if isinstance(rows, list)}
    yield from _twice(tables)
    missing = list(_missing(records, tables))
    yield from missing
    if missing:
        return
    by_id = {name: {row["id"]: row for row in rows if "id" in row} for name, rows in tables.items()}
    yield from _versions(tables, by_id)
    yield from _decisions(tables, by_id)
    yield from _criteria(tables, by_id)
    yield from _names(records, tables)


def _twice(tables: Mapping[str, list[Record]]) -> Iterator[str]:
    for table, rows in tables.items():
        for column in ("id", "uid"):
            yield from _repeated(table, column, (row[column] for row in rows if column in row))
        if table in ONCE:
            columns = ONCE[table]
            yield from _repeated(table, " and ".join(columns), (tuple(row[each] for each in columns) for row in rows))


def _repeated(table: str, what: str, values: Iterable[Any]) -> Iterator[str]:
    counts = Counter(values)
    yield from (f"{table}: two rows have the same {what} ({value})" for value, count in counts.items() if count > 1)


def _missing(records: Record, tables: Mapping[str, list[Record]]) -> Iterator[str]:
    ids = {name: {row["id"] for row in rows if "id" in row} for name, rows in tables.items()}
    for table, columns in NAMES.items():
        for number, row in enumerate(tables[table]):
            for column, other in columns.items():
                if row[column] is not None and row[column] not in ids[other]:
                    yield f"{table}[{number}].{column} names a row of {other} that is not there"
    if records["enrolment"]["learner"] not in ids["people"]:
        yield "the learner of the portfolio is not among its people"


def _versions(tables: Mapping[str, list[Record]], by_id: Mapping[str, Mapping[int, Record]]) -> Iterator[str]:
    """Items have versions, these carry their references, and claims were handed in with their version."""
    for row in tables["versions"]:
        if row["ref"] != by_id["items"][row["item"]]["ref"]:
            yield f"a version of {by_id['items'][row['item']]['ref']} is called {row['ref']}"
    used = {row["item"] for row in tables["versions"]}
    yield from (f"{row['ref']} has no version that was handed in" for row in tables["items"] if row["id"] not in used)
    together = {(row["submission"], row["version"]) for row in tables["submission_items"]}
    for row in tables["claims"]:
        if (row["submission"], row["version"]) not in together:
            yield f"claim {row['uid']} was handed in with something that it does not belong to"


def _decisions(tables: Mapping[str, list[Record]], by_id: Mapping[str, Mapping[int, Record]]) -> Iterator[str]:
    """Nothing takes the place of what is not before it, so that there is no end of following it."""
    for table, of in (("judgements", "claim"), ("unit_decisions", "unit")):
        for row in tables[table]:
            before = by_id[table].get(row["supersedes"])
            if before is not None and (before[of] != row[of] or before["no"] >= row["no"]):
                yield f"{table} {row['uid']} takes the place of one that is not before it"
    for row in tables["reviews"]:
        other = by_id["reviews"].get(row["countersigns"])
        if other is not None and (other["item"] != row["item"] or not other["is_trainee"] or other["countersigns"]):
            yield f"review {row['uid']} countersigns one that is none of a trainee's on the same item"
    for row in tables["judgements"]:
        claim, review = by_id["claims"][row["claim"]], by_id["reviews"][row["review"]]
        part = by_id["submission_items"][review["item"]]
        if (claim["version"], claim["submission"]) != (part["version"], part["submission"]):
            yield f"judgement {row['uid']} is on a claim that its review is not about"
        elif row["assessor"] != review["assessor"]:
            yield f"judgement {row['uid']} is somebody else's than its review"


def _criteria(tables: Mapping[str, list[Record]], by_id: Mapping[str, Mapping[int, Record]]) -> Iterator[str]:
    """A criterion that is claimed is one of the unit that it is claimed in, in one of its wordings."""
    for row in tables["units"]:
        if by_id["unit_versions"][row["unit_version"]]["code"] != row["code"]:
            yield f"unit {row['code']} is pinned to the wording of another unit"
    for row in tables["claims"]:
        criterion, unit = by_id["criteria"][row["criterion"]], by_id["units"][row["unit"]]
        if by_id["unit_versions"][criterion["unit_version"]]["code"] != unit["code"]:
            yield f"claim {row['uid']} is on a criterion of another unit than it says"


def _names(records: Record, tables: Mapping[str, list[Record]]) -> Iterator[str]:
    """Rows that are named otherwise than by their id."""
    own: Collection[str] = {row["uid"] for row in tables["items"]}
    for row in tables["redactions"]:
        if row["item"] not in own or row["enrolment"] != records["enrolment"]["id"]:
            yield f"redaction {row['uid']} is of an item that is not there"
    decisions: Collection[str] = {f"unit_decision:{row['uid']}" for row in tables["unit_decisions"]}
    yield from (
        f"signature {row['uid']} is under something that is not there"
        for row in tables["signatures"]
        if row["subject"] not in decisions
    )
