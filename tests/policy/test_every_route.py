"""Every route x method x point of view x object, against the table that was written by hand (S1).

Each request begins from the same state of the world. What may not be seen looks like what is not there: the same status
and the same page. What was refused has written nothing.
"""

import re

import pytest
from werkzeug.test import TestResponse

from portfolio.export.holding import NOT_YOURS
from tests.policy.doors import contents
from tests.policy.estate import VIEWS, Estate
from tests.policy.expected_routes import COLUMNS
from tests.policy.reading import BLOCKS, Block
from tests.policy.sent import SENT, WRITES_NOTHING

AT_THE_DOOR = "You may not do this. Somebody with another role can."
"""What the policy says. An action that refuses says why in words of its own, and would only be the second to look."""
REFUSED_INSIDE = {
    "POST /books/<int:word_book_id>/held/<subject>/checked": NOT_YOURS,
    "POST /bundle-parts/<int:bundle_part_id>/held/<subject>/checked": NOT_YOURS,
}
"""Where the policy lets somebody see, and who may do it hangs on which file they name."""
TURNED_AWAY = "You were signed out before this was saved."
"""What somebody is told who is not signed in (any more) and sends a form."""
FIRST_STEP = "Give your password first."
"""What somebody is told who has not taken the first step of signing in and sends the second."""
REFUSED = frozenset({"in", "403", "404"})
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE")


def test_the_table_has_a_row_for_every_route_and_no_other(estate: Estate) -> None:
    routes = {
        f"{method} {rule.rule}"
        for rule in estate.app.url_map.iter_rules()
        for method in rule.methods or ()
        if method not in {"HEAD", "OPTIONS"}
    }
    rows = [str(block) for block in BLOCKS]
    assert set(rows) == routes
    assert len(rows) == len(set(rows))


def test_the_table_has_a_column_for_every_view_and_data_for_every_form() -> None:
    assert tuple(VIEWS) == COLUMNS
    assert {block.rule for block in BLOCKS if block.method in {"POST", "PUT"}} == set(SENT)


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_the_route_answers_as_the_table_says(estate: Estate, block: Block) -> None:
    differences = []
    pages: dict[str, dict[str, list[str]]] = {}
    for name, codes in block.lines:
        for view, expected in zip(COLUMNS, codes, strict=True):
            answer, got, wrong = ask(estate, block, name, view)
            if got != expected:
                differences.append(f"{name} as {view}: {expected} was expected, {got} came")
            differences += [f"{name} as {view}: {got}, {what}" for what in wrong]
            if got == "404":
                pages.setdefault(view, {}).setdefault(masked(answer), []).append(name)
    for view, by_look in pages.items():
        if len(by_look) > 1:
            differences.append(f"as {view}, these look different though all are 404: {list(by_look.values())}")
    assert not differences, "\n".join([f"{block}:", *differences])


def ask(estate: Estate, block: Block, name: str, view: str) -> tuple[TestResponse, str, list[str]]:
    """One request from the state that was kept: the answer, what came as the table says it, and what is wrong with it
    whatever the table says."""
    path = estate.path(block.rule, name)
    data = SENT[block.rule](estate, view, name) if block.method in {"POST", "PUT"} else None
    answer = estate.send(view, block.method, path, data)
    was_written = estate.was_written()
    got = code_of(answer, was_written=was_written)
    wrong = []
    if got in REFUSED and was_written and not is_logged(view, block):
        wrong.append("and yet something was written")
    if got == "303" and block.method == "POST" and not was_written and str(block) not in WRITES_NOTHING:
        wrong.append("and yet nothing was written")
    first = FIRST_STEP if block.rule.startswith("/sign-in/") else TURNED_AWAY
    if got == "in" and block.method == "POST" and first not in told_in(estate, answer):
        wrong.append("but not because nobody was signed in")
    if got == "403" and REFUSED_INSIDE.get(str(block), AT_THE_DOOR) not in answer.text:
        wrong.append("but not from the policy")
    if block.method == "GET" and name == block.lines[0][0]:
        head = estate.send(view, "HEAD", path)
        if head.status_code != answer.status_code or head.data:
            wrong.append(f"and HEAD gave {head.status_code}")
    estate.put_back()
    return answer, got, wrong


def told_in(estate: Estate, answer: TestResponse) -> str:
    """What the page after this answer will tell."""
    cookies = [cookie.partition(";")[0] for cookie in answer.headers.getlist("Set-Cookie")]
    return " ".join(str(contents(estate.app, cookie).get("_flashes", "")) for cookie in cookies)


def is_logged(view: str, block: Block) -> bool:
    """Whether the opening itself is on record: an external quality assurer's."""
    return view == "eqa" and block.method == "GET"


def code_of(answer: TestResponse, *, was_written: bool) -> str:
    """What came, as the table says it."""
    is_to_sign_in = answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in")
    return "in" if is_to_sign_in and not was_written else str(answer.status_code)


def masked(answer: TestResponse) -> str:
    """An answer without what differs by chance: its forgery token; headers and cookies count."""
    headers = sorted(
        f"{name}: {value}" for name, value in answer.headers if name not in {"Set-Cookie", "Content-Length"}
    )
    return re.sub(r'name="csrf_token"[^>]*>', "", answer.text) + "\n".join(headers)


@pytest.mark.parametrize("view", ["anonymous", "owner", "administrator", "disabled"])
def test_a_method_that_a_route_does_not_take_is_refused(estate: Estate, view: str) -> None:
    taken: dict[str, tuple[str, set[str]]] = {}
    for block in BLOCKS:
        taken.setdefault(block.rule, (block.lines[0][0], set()))[1].add(block.method)
    for rule, (name, methods) in taken.items():
        path = estate.path(rule, name)
        also = {"HEAD"} if "GET" in methods else set()
        for method in sorted(set(METHODS) - methods - also):
            assert estate.send(view, method, path).status_code == 405, f"{method} {rule}"
        options = estate.send(view, "OPTIONS", path)
        assert (options.status_code, options.data) == (200, b"")
        assert set(options.headers["Allow"].split(", ")) == methods | also | {"OPTIONS"}
        assert not estate.was_written()
