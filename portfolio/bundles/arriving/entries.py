"""What the trail tells of a portfolio that arrives: the same as other entries would tell of its rows, each with the
digest that the row has here.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from portfolio.assessment.models import Signature
from portfolio.assessment.submitting import self_check_facts
from portfolio.audit import streams
from portfolio.audit.events import facts_digest
from portfolio.bundles.arriving.rows import Rows
from portfolio.evidence.amending import amendment_facts
from portfolio.redaction.models import Redaction
from portfolio.redaction.using import used_facts

Inner = list[Any]
"""The verb, the subject and the text of an entry within another."""


def told(rows: Rows, signatures: Iterable[Signature], redactions: Iterable[Redaction]) -> list[Inner]:
    """Everything that stands in a portfolio on the day of its arrival."""
    return [
        *_submissions(rows),
        *_reviews(rows),
        *_amendments(rows),
        *_redactions(rows, redactions),
        *_signatures(rows, signatures),
    ]


def _submissions(rows: Rows) -> Iterator[Inner]:
    parts: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for part in rows.records["submission_items"]:
        parts[part["submission"]].append(part)
    refs = {one["id"]: one["ref"] for one in rows.records["versions"]}
    for record in rows.records["submissions"]:
        submission = rows.submissions[record["id"]]
        text: dict[str, Any] = {"no": submission.no, "items": [], "declarations": submission.declarations}
        for part in parts[record["id"]]:
            version = rows.versions[part["version"]]
            claimed = rows.claimed[record["id"], part["version"]]
            listed = text.setdefault("further", []) if part["is_further"] else text["items"]
            listed.append([refs[part["version"]], version.no, version.digest, claimed])
        if submission.self_check:
            text["self_check"] = facts_digest(self_check_facts(submission.self_check))
        yield ["submission.submit", streams.named(submission), text]


def _reviews(rows: Rows) -> Iterator[Inner]:
    refs = {one["id"]: one["ref"] for one in rows.records["versions"]}
    of_part = {one["id"]: refs[one["version"]] for one in rows.records["submission_items"]}
    digests: dict[int, list[str]] = defaultdict(list)
    for record in rows.records["judgements"]:
        digests[record["review"]].append(rows.judgements[record["id"]].digest)
    for record in rows.records["reviews"]:
        verb = "review.release" if record["countersigns"] is None else "review.countersign"
        text = {"ref": of_part[record["item"]], "digests": digests[record["id"]], "review": rows.reviewed[record["id"]]}
        yield [verb, streams.named(rows.reviews[record["id"]]), text]


def _amendments(rows: Rows) -> Iterator[Inner]:
    """What was taken out, item by item. Versions are told as they stand since, so that nothing leads to them from here
    but the amendments themselves.
    """
    item_of = {one["id"]: one["item"] for one in rows.records["versions"]}
    changed: dict[int, list[list[str | int]]] = defaultdict(list)
    for record in rows.records["amendments"]:
        one = rows.amendments[record["id"]]
        digests = [one.digest_before, one.digest_after, one.claims_before, one.claims_after]
        number = rows.versions[record["version"]].no
        changed[item_of[record["version"]]].append([number, *digests, facts_digest(amendment_facts(one))])
    for item_id, versions in changed.items():
        item = rows.items[item_id]
        yield ["evidence.amend", streams.named(item), {"ref": item.ref, "versions": versions}]


def _redactions(rows: Rows, redactions: Iterable[Redaction]) -> Iterator[Inner]:
    refs = {one.uid: one.ref for one in rows.items.values()}
    for row in redactions:
        text = {"ref": refs[row.item_uid], "digest": facts_digest(used_facts(row))}
        yield ["redaction.use", f"evidence:{row.item_uid}", text]


def _signatures(rows: Rows, signatures: Iterable[Signature]) -> Iterator[Inner]:
    decisions = {streams.named(one): one for one in rows.decisions.values()}
    codes = {unit.id: unit.unit_code for unit in rows.units.values()}
    for signature in signatures:
        decision = decisions[signature.subject]
        verb = "unit.sign_off" if decision.kind.value == "signed_off" else "unit.reopen"
        text = {"unit": codes[decision.enrolment_unit_id], "no": decision.no, "digest": signature.digest}
        yield [verb, signature.subject, text]
