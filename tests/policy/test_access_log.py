"""Every opening by an external quality assurer is on record: whatever they may open, page by page."""

from typing import Any

import pytest
from werkzeug.routing import Rule

from portfolio.web.trail.lines import OPENED as WORDS
from tests.policy.estate import Estate
from tests.policy.expected_routes import COLUMNS
from tests.policy.reading import BLOCKS, Block

EQA = COLUMNS.index("eqa")
ABOUT_ONESELF = frozenset(
    {
        "/portfolio", "/account", "/account/second-step", "/account/second-step/codes", "/notices", "/drafts/<place>",
        "/centre/logo/<sha256>",
    }
)  # fmt: skip
"""What somebody who is signed in opens about themselves alone: nothing of a learner's stands there."""
OF_EACH_IN_IT = frozenset({"/bundles/<int:kept_bundle_id>/download"})
"""Where each portfolio that leaves is noted too, of which there is one in these tests."""
OPENED = [block for block in BLOCKS if block.method == "GET" and any(codes[EQA] == "200" for _, codes in block.lines)]


def rule_of(estate: Estate, block: Block) -> Rule:
    """The rule of the URL map that a block is about."""
    rules = estate.app.url_map.iter_rules()
    return next(rule for rule in rules if rule.rule == block.rule and block.method in (rule.methods or ()))


def kind_of(estate: Estate, block: Block) -> str:
    """What the view of a route declares."""
    view: Any = estate.app.view_functions[rule_of(estate, block).endpoint]
    return str(view.access.kind)


def logged(estate: Estate) -> list[tuple[str, str, int | None]]:
    """Who opened what page of whose."""
    rows = estate.live.execute("SELECT person, page, enrolment_id FROM access_log ORDER BY id").fetchall()
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("block", OPENED, ids=str)
def test_what_they_open_is_noted(estate: Estate, block: Block) -> None:
    kind = kind_of(estate, block)
    for name, codes in block.lines:
        if codes[EQA] != "200":
            continue
        before = logged(estate)
        assert estate.send("eqa", "GET", estate.path(block.rule, name)).status_code == 200
        noted = logged(estate)[len(before) :]
        estate.put_back()
        if kind == "public" or block.rule in ABOUT_ONESELF:
            assert noted == [], f"{block.rule} is about nobody"
            continue
        assert len(noted) == (2 if block.rule in OF_EACH_IN_IT else 1), f"{block.rule} for {name} is not on record"
        _person, page, enrolment_id = noted[0]
        assert page
        is_of_learner = (
            name.startswith("amina") and "qualification" not in block.rule and "unit_version" not in block.rule
        )
        assert enrolment_id == (estate.cast.enrolments["amina"] if is_of_learner else None)


def test_what_others_open_is_not_noted(estate: Estate) -> None:
    before = logged(estate)
    for view in ("owner", "assessor", "iqa", "administrator"):
        path = f"/enrolments/{estate.cast.enrolments['amina']}"
        assert estate.send(view, "GET", path).status_code == 200
    assert logged(estate) == before


def test_what_they_may_not_open_is_not_noted(estate: Estate) -> None:
    before = logged(estate)
    assert estate.send("eqa", "GET", f"/enrolments/{estate.cast.enrolments['cara']}").status_code == 404
    assert logged(estate) == before


def test_every_page_that_is_noted_is_told_in_words(estate: Estate) -> None:
    for block in OPENED:
        if kind_of(estate, block) == "public" or block.rule in ABOUT_ONESELF:
            continue
        endpoint = rule_of(estate, block).endpoint
        assert endpoint in WORDS or endpoint.partition(".")[0] in WORDS, endpoint
