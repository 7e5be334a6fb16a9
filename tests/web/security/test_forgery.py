"""Forged forms and safe methods (S5): a form needs this session's token and our own page; a GET changes nothing."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.policy.estate import Estate
from tests.policy.expected_routes import COLUMNS
from tests.policy.reading import BLOCKS, Block
from tests.policy.sent import SENT, WRITES_NOTHING

FORMS = [block for block in BLOCKS if block.method == "POST"]
PAGES = [block for block in BLOCKS if block.method == "GET"]
DONE = frozenset({"200", "201", "303"})
NOT_NOW = frozenset({"409", "422"})
"""Answers to somebody who may, where the world of the table has no object that is ready for it."""
WITHOUT = frozenset({"access_log"})
"""The one table that a safe request may write: who opened what."""
NOT_READY = {
    "POST /imports/send-invitations",
    "POST /enrolments/<int:enrolment_id>/units/<int:enrolment_unit_id>/move",
    "POST /files/<int:evidence_file_id>/redact/missed",
    "POST /criteria/load/now",
    "POST /criteria/load/take-out",
}
"""Forms that nobody can use as things stand in the world of these tests."""

Forgery = Callable[[Estate, str], tuple[dict[str, Any], dict[str, str]]]
"""The fields and the headers of a forged form, in the session of a view."""

FORGERIES: dict[str, Forgery] = {
    "no token": lambda _estate, _view: ({"csrf_token": None}, {}),
    "an empty token": lambda _estate, _view: ({"csrf_token": ""}, {}),
    "a made-up token": lambda _estate, _view: ({"csrf_token": "IjEyMyI.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"}, {}),
    "another session's token": lambda estate, view: ({"csrf_token": another(estate, view)}, {}),
    "a foreign origin": lambda _estate, _view: ({}, {"Origin": "https://evil.example"}),
    "a look-alike origin": lambda _estate, _view: ({}, {"Origin": "http://127.0.0.1:8000.evil.example"}),
    "another port's origin": lambda _estate, _view: ({}, {"Origin": "http://127.0.0.1:9000"}),
    "an origin that says nothing": lambda _estate, _view: ({}, {"Origin": "null"}),
    "a cross-site fetch": lambda _estate, _view: ({}, {"Sec-Fetch-Site": "cross-site"}),
    "a same-site fetch": lambda _estate, _view: ({}, {"Sec-Fetch-Site": "same-site"}),
}


def another(estate: Estate, view: str) -> str:
    """A right token that belongs to somebody else's session."""
    return estate.tokens["administrator" if view != "administrator" else "owner"]


def who_may(block: Block) -> tuple[str, str]:
    """The object and the view for which the form would do something, or at least be looked at."""
    return next(
        (name, view)
        for answers in (DONE, NOT_NOW)
        for name, codes in block.lines
        for view, code in zip(COLUMNS, codes, strict=True)
        if code in answers
    )


@pytest.mark.parametrize("block", FORMS, ids=str)
def test_a_forged_form_is_refused_and_changes_nothing(estate: Estate, block: Block) -> None:
    name, view = who_may(block)
    path, before = estate.path(block.rule, name), estate.rows(WITHOUT)
    for what, forge in FORGERIES.items():
        fields, headers = forge(estate, view)
        data = {
            key: value for key, value in {**SENT[block.rule](estate, view, name), **fields}.items() if value is not None
        }
        answer = estate.send(view, "POST", path, data, headers=headers, with_token="csrf_token" not in fields)
        assert answer.status_code == 400, f"{what}: {answer.status_code}"
        assert estate.rows(WITHOUT) == before, what
    assert not estate.was_written()


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://127.0.0.1:8000"}, {"Sec-Fetch-Site": "same-origin"}])
def test_the_same_form_from_our_own_page_is_taken(estate: Estate, headers: dict[str, str]) -> None:
    """So it is the forgery that was refused above, and the rows do show a change."""
    before = estate.rows(WITHOUT)
    silent, ready = set(), [block for block in FORMS if any(DONE & set(codes) for _name, codes in block.lines)]
    assert {str(block) for block in FORMS} - {str(block) for block in ready} == NOT_READY
    for block in ready:
        name, view = who_may(block)
        data = SENT[block.rule](estate, view, name)
        answer = estate.send(view, "POST", estate.path(block.rule, name), data, headers=headers)
        assert str(answer.status_code) in DONE, block
        if estate.rows(WITHOUT) == before:
            silent.add(str(block))
        estate.put_back()
    assert silent <= WRITES_NOTHING


@pytest.mark.parametrize("block", PAGES, ids=str)
def test_a_safe_request_changes_nothing_but_the_access_log(estate: Estate, block: Block) -> None:
    before = estate.rows(WITHOUT)
    first = block.lines[0][0]
    for name, codes in block.lines:
        for view, code in zip(COLUMNS, codes, strict=True):
            methods = ("GET", "HEAD", "OPTIONS") if name == first else ("GET",) if code not in {"in", "404"} else ()
            for method in methods:
                estate.send(view, method, estate.path(block.rule, name))
    assert estate.rows(WITHOUT) == before
    estate.put_back()


@pytest.mark.parametrize("block", FORMS, ids=str)
def test_a_form_cannot_be_sent_by_a_safe_request(estate: Estate, block: Block) -> None:
    """Neither in the address, nor with a header or a field that names another method."""
    name, view = who_may(block)
    path, before = estate.path(block.rule, name), estate.rows(WITHOUT)
    token = estate.tokens[view]
    for method in ("GET", "HEAD", "OPTIONS"):
        estate.send(view, method, f"{path}?csrf_token={token}&_method=POST", headers={"X-HTTP-Method-Override": "POST"})
    assert estate.rows(WITHOUT) == before
    estate.put_back()


def test_every_form_on_a_page_carries_a_token_and_posts_to_us(estate: Estate) -> None:
    """On every page of the table that its viewer may open."""
    forms = 0
    for block in PAGES:
        for name, codes in block.lines:
            for view, code in zip(COLUMNS, codes, strict=True):
                answer = estate.send(view, "GET", estate.path(block.rule, name)) if code == "200" else None
                if answer is None or answer.mimetype != "text/html":
                    continue
                for form in re.findall(r'<form[^>]*method="post".*?</form>', answer.text, re.DOTALL | re.IGNORECASE):
                    assert 'name="csrf_token"' in form, f"{block} as {view}"
                    action = re.search(r'<form[^>]*action="([^"]*)"', form)
                    assert action is None or action[1].startswith("/"), f"{block} as {view}"
                    forms += 1
    assert forms > 300
    estate.put_back()
