"""Every (state, action, role) triple tried by direct request: nothing happens to an item outside the one table (S3).

What was handed in or decided is compared column by column as well: it stays as it was, whatever happens.
"""

import re
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from tests.policy.estate import MISSING, VIEWS, Estate
from tests.policy.sent import SENT, edit, false_alarm, hiding, mending, nothing, review
from tests.policy.transitions import FURTHER, ITEMS, LEARNERS, TABLE, UNITS

Data = dict[str, Any]


def _handing_in(estate: Estate, _view: str, name: str) -> Data:
    declared = dict.fromkeys(("own_work", "ai_use", "confidential"), "y")
    return {"items": estate.ids["evidence_id"][name], **declared}


def _mapping(estate: Estate, _view: str, _name: str) -> Data:
    """A criterion of her unit that amina claims nowhere yet."""
    asked = (
        "SELECT criterion.id FROM criterion JOIN enrolment_unit USING (unit_version_id) WHERE enrolment_unit.id = ? "
        "AND criterion.id NOT IN (SELECT criterion_id FROM claim WHERE enrolment_unit_id = enrolment_unit.id)"
    )
    (criterion_id,) = estate.live.execute(asked, (estate.ids["enrolment_unit_id"]["amina"],)).fetchone()
    return {"criterion": criterion_id, f"annotation-{criterion_id}": "It is on page 1."}


def _and(then: str) -> Callable[[Estate, str, str], Data]:
    return lambda estate, view, name: {**review(estate, view, name), "then": then}


ACTIONS: dict[str, tuple[str, Callable[[Estate, str, str], Data]]] = {
    "save": ("/evidence/<int:evidence_id>/edit", edit),
    "map": ("/evidence/<int:evidence_id>/map", _mapping),
    "discard": ("/evidence/<int:evidence_id>/discard", nothing),
    "restore": ("/evidence/<int:evidence_id>/restore", nothing),
    "delete": ("/evidence/<int:evidence_id>/delete", nothing),
    "hand in": ("/enrolments/<int:enrolment_id>/hand-in", _handing_in),
    "withdraw": ("/submissions/<int:submission_id>/withdraw", nothing),
    "revise": ("/evidence/<int:evidence_id>/revise", nothing),
    "open": ("/marking/<int:submission_item_id>/open", nothing),
    "note": ("/marking/<int:submission_item_id>", review),
    "release": ("/marking/<int:submission_item_id>/release", nothing),
    "decide": ("/marking/<int:submission_item_id>", _and("release")),
    "countersign": ("/marking/<int:submission_item_id>/countersign", nothing),
    "decide and countersign": ("/marking/<int:submission_item_id>", _and("countersign")),
    "hide": ("/evidence/<int:evidence_id>/hide", hiding),
    "mend": ("/evidence/<int:evidence_id>/mend", mending),
    "show again": ("/evidence/<int:evidence_id>/show-again", false_alarm),
}
"""Each action's address, and what is sent with it."""

ON_RECORD = {
    "evidence_version": ("id, title, event_on, context, role, body, custody, notes, digest, frozen_at", "frozen_at"),
    "claim": ("id, criterion_id, annotation, place, submission_id", "submission_id"),
    "judgement": ("id, outcome, sufficient, feedback, decided_at, effective_at, digest", "id"),
    "item_review": ("id, valid, authentic, reliable, current, feedback, released_at", "released_at"),
    "submission": ("id, no, by_id, declarations, self_check, submitted_at", "id"),
    "unit_decision": ("id, enrolment_unit_id, no, kind, by_id, reason, decided_at", "id"),
    "signature": ("id, subject, person_id, role_word, statement, signed, signed_at, digest", "id"),
}
"""What must stay as it is: columns, and the column that is empty while it is not on record yet."""
TAKES_OUT = {"mend"}


def expected(table: str) -> dict[tuple[str, str, str], str]:
    """A table: what becomes of something, by action, state and view."""
    found: dict[tuple[str, str, str], str] = {}
    action = ""
    for line in filter(None, table.splitlines()):
        if not line.startswith(" "):
            action = line.strip()
            continue
        state, views, becomes = re.split(r"\s{2,}", line.strip())
        found |= {(action, state, view): becomes for view in views.split()}
    return found


EXPECTED, OF_UNITS = expected(TABLE) | expected(FURTHER), expected(UNITS)
SIGNING = {"sign off": "/units/<int:enrolment_unit_id>/sign-off", "reopen": "/units/<int:enrolment_unit_id>/reopen"}


def test_the_table_names_what_there_is() -> None:
    assert {action for action, _state, _view in EXPECTED} == set(ACTIONS)
    assert {state for _action, state, _view in EXPECTED} == set(ITEMS)
    assert {view for _action, _state, view in EXPECTED} < set(VIEWS)


def test_the_items_are_in_the_states_that_they_stand_for(estate: Estate) -> None:
    found = {state: state_of(estate.live, estate.ids["evidence_id"][f"amina {ref}"]) for state, ref in ITEMS.items()}
    assert found == {state: state for state in ITEMS}


@pytest.mark.parametrize("action", ACTIONS)
def test_nothing_happens_outside_the_table(estate: Estate, action: str) -> None:
    rule, sent = ACTIONS[action]
    differences = []
    for state, ref in ITEMS.items():
        name = f"amina {ref}"
        evidence_id, before = estate.ids["evidence_id"][name], on_record(estate.live)
        for view in VIEWS:
            answer = estate.send(view, "POST", path(estate, rule, name), sent(estate, view, name))
            was_written = estate.was_written()
            becomes, wanted = state_of(estate.live, evidence_id), EXPECTED.get((action, state, view))
            told = f"{action}, {state}, as {view}: {answer.status_code}, {becomes}"
            if wanted is None and was_written and not is_open_already(action, state, answer.status_code):
                differences.append(f"{told}, and something was written")
            if wanted is not None and (becomes != wanted or not was_written):
                differences.append(f"{told}; it should be {wanted}")
            if was_written and (lost := lost_from(estate.live, before, action, state)):
                differences.append(f"{told}, and on record these changed: {lost}")
            estate.put_back()
    assert not differences, "\n".join(differences)


@pytest.mark.parametrize("action", SIGNING)
def test_nothing_happens_to_a_unit_outside_the_table(estate: Estate, action: str) -> None:
    rule, differences = SIGNING[action], []
    for state, name in LEARNERS.items():
        for view in VIEWS:
            before = on_record(estate.live)
            answer = estate.send(view, "POST", estate.path(rule, name), SENT[rule](estate, view, name))
            was_written, becomes = estate.was_written(), unit_state(estate, name)
            wanted = OF_UNITS.get((action, state, view))
            if (
                was_written is (wanted is None)
                or becomes != (wanted or state)
                or changed(before, on_record(estate.live))
            ):
                differences.append(f"{action}, {state}, as {view}: {answer.status_code}, {becomes}")
            estate.put_back()
    assert not differences, "\n".join(differences)


def unit_state(estate: Estate, name: str) -> str:
    """Whether a learner's unit is signed off, met throughout or neither, from its rows alone."""
    unit_id = estate.ids["enrolment_unit_id"][name]
    decided = "SELECT kind FROM unit_decision WHERE enrolment_unit_id = ? ORDER BY no DESC"
    newest = estate.live.execute(decided, (unit_id,)).fetchone()
    if newest is not None and newest[0] == "signed_off":
        return "signed off"
    unmet = (
        "SELECT count(*) FROM criterion JOIN enrolment_unit USING (unit_version_id) WHERE enrolment_unit.id = ? "
        "AND criterion.id NOT IN (SELECT criterion_id FROM claim JOIN judgement ON judgement.claim_id = claim.id "
        "WHERE outcome = 'met' AND claim.enrolment_unit_id = enrolment_unit.id)"
    )
    return "under way" if estate.live.execute(unmet, (unit_id,)).fetchone()[0] else "met"


def path(estate: Estate, rule: str, name: str) -> str:
    """The address for an item; what it does not have, such as a submission, is asked for by nobody's number."""
    if "enrolment_id" in rule:
        return estate.path(rule, "amina")
    argument = re.findall(r"<int:(\w+)>", rule)[0]
    return re.sub(r"<.*?>", str(estate.ids[argument].get(name, MISSING)), rule)


def is_open_already(action: str, state: str, status: int) -> bool:
    """Opening twice is no fault and writes nothing about the item."""
    return action == "open" and state.endswith(("opened", "noted")) and status == 303


def state_of(database: sqlite3.Connection, evidence_id: int) -> str:
    """In which of the states of the tables an item is, from its rows alone."""
    row = database.execute("SELECT hidden_at, trashed_at FROM evidence WHERE id = ?", (evidence_id,)).fetchone()
    if row is None:
        return "gone"
    if row[0] is not None or row[1] is not None:
        return "hidden" if row[0] is not None else "trashed"
    versions = database.execute(
        "SELECT id, frozen_at, withdrawn_at FROM evidence_version WHERE evidence_id = ? ORDER BY no DESC",
        (evidence_id,),
    ).fetchall()
    handed_in = [version for version in versions if version[1] is not None and version[2] is None]
    if not handed_in:
        return "taken back" if any(version[2] is not None for version in versions) else "draft"
    if versions[0][1] is None:
        return "reworked"
    version_id = handed_in[0][0]
    first, *further = database.execute(
        "SELECT submission_item.id, submission_item.state, submission.state FROM submission_item "
        "JOIN submission ON submission.id = submission_id WHERE evidence_version_id = ? ORDER BY submission_item.id",
        (version_id,),
    ).fetchall()
    pending = [row for row in further if row[1] not in {"released", "withdrawn"}]
    claimed = "SELECT count(*) FROM claim WHERE evidence_version_id = ? AND submission_id IS NULL"
    is_claimed = database.execute(claimed, (version_id,)).fetchone()[0] > 0
    came_to = [come_to(database, *row) for row in (first, *pending)]
    return ", then ".join([*came_to, *(["claimed"] if is_claimed else [])])


def come_to(database: sqlite3.Connection, item_id: int, item: str, submission: str) -> str:
    """How far what went in with one submission has come."""
    if item == "released":
        return "marked"
    if item == "countersign" or submission == "submitted":
        return "handed over" if item == "countersign" else "handed in"
    notes = database.execute("SELECT count(*) FROM item_review WHERE submission_item_id = ?", (item_id,)).fetchone()
    return "noted" if notes[0] else "opened"


def on_record(database: sqlite3.Connection) -> dict[tuple[str, int], tuple[object, ...]]:
    """Everything that must stay as it is, by table and id."""
    return {
        (table, row[0]): row
        for table, (columns, mark) in ON_RECORD.items()
        for row in database.execute(f"SELECT {columns} FROM {table} WHERE {mark} IS NOT NULL")
    }


def lost_from(database: sqlite3.Connection, before: dict[tuple[str, int], Any], action: str, state: str) -> list[str]:
    """What a request took from the record, but for what is taken out on purpose; further claims that are taken back
    are drafts again."""
    is_back = action == "withdraw" and state.endswith(", then handed in")
    lost = [] if action in TAKES_OUT else changed(before, on_record(database))
    return [one for one in lost if not (is_back and one.startswith("claim "))]


def changed(before: dict[tuple[str, int], Any], after: dict[tuple[str, int], Any]) -> list[str]:
    """What was on record and is not the same any more."""
    return [f"{table} {row_id}" for (table, row_id), row in before.items() if after.get((table, row_id)) != row]
