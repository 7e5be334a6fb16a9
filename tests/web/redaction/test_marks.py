"""Marking by hand: saved as it is drawn or typed, refused in words, and never lost when two windows meet."""

import pytest
from werkzeug.datastructures import MultiDict

from portfolio.documents.redaction.plan import Box, Silence
from portfolio.errors import Rejected
from portfolio.web.redaction.marks import counted, marks_in, rows_of, rows_sent, seconds_in, time_words
from tests.client import StrictClient
from tests.redaction.bench import Bench
from tests.web.redaction.scenes import BOX, SCRIPT, path, photo, sent


def test_boxes_are_saved_and_shown_again(ben: StrictClient, bench: Bench) -> None:
    here = photo(bench)
    assert sent(ben, here, BOX).location == f"{here}"
    page = ben.get(here)
    assert "The marks are saved." in page.words
    assert '<rect x="10" y="20.5" width="30" height="5"/>' in page.text
    values = {e.get("name"): e.get("value") for e in page.all("input") if e.get("id", "").startswith("b1-")}
    assert values == {"box_left": "10", "box_top": "20.5", "box_width": "30", "box_height": "5", "box_gone": "1"}
    assert "Marked by you one box" in page.words


def test_a_script_is_told_the_new_number_and_the_same_again_changes_nothing(ben: StrictClient, bench: Bench) -> None:
    here = photo(bench)
    assert ben.post(f"{here}/marks", BOX, status=200, **SCRIPT).response.get_json() == {"rev": 1}
    assert ben.post(f"{here}/marks", {**BOX, "rev": "1"}, status=200, **SCRIPT).response.get_json() == {"rev": 1}


def test_a_row_that_is_ticked_or_emptied_goes(ben: StrictClient, bench: Bench) -> None:
    here = photo(bench)
    sent(ben, here, BOX)
    sent(ben, here, {**BOX, "rev": "1", "box_gone": "1"})
    assert "<rect" not in ben.get(here).text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"box_left": "abc"}, "Box 1: “abc” is not a number from 0 to 100."),
        ({"box_left": "101"}, "Box 1: “101” is not a number from 0 to 100."),
        ({"box_top": ""}, "Box 1: A field left empty is not a number from 0 to 100."),
        ({"box_page": "0"}, "Box 1: Give the number of a page"),
        ({"box_width": "0"}, "Box 1: A box needs a width and a height."),
        ({"span_from": "0:01", "span_to": "0:02"}, "Nothing can be marked by hand"),
    ],
)
def test_what_is_no_mark_is_refused_with_what_was_typed(
    ben: StrictClient, bench: Bench, change: dict[str, str], told: str
) -> None:
    here = photo(bench)
    page = sent(ben, here, {**BOX, **change}, 422)
    assert told in page.words
    [row] = [e for e in page.all("fieldset") if e.get("data-row") == "box" and e.get("data-row-blank") is None][:1]
    assert {e.get("name"): e.get("value") for e in row.iter("input")}["box_height"] == "5"
    refused = ben.post(f"{here}/marks", {**BOX, **change}, status=422, **SCRIPT).response.get_json()
    assert told in refused["message"]
    assert "<rect" not in ben.get(here).text


def test_two_windows_keep_both_until_somebody_chooses(ben: StrictClient, bench: Bench) -> None:
    here = photo(bench)
    sent(ben, here, BOX)
    late = ben.post(f"{here}/marks", {**BOX, "box_left": "50"}, status=409, **SCRIPT).response.get_json()
    assert late["rev"] == 1
    assert late["rows"]["words"] == "one box"
    assert [box["left"] for box in late["rows"]["boxes"]] == [0.1]
    page = sent(ben, here, {**BOX, "box_left": "50"}, 409)
    assert "The marks were changed in another window, so nothing was saved. There: one box." in page.words
    [rev] = [e.get("value") for e in page.all("input") if e.get("name") == "rev"]
    assert rev == "1"
    sent(ben, here, {**BOX, "box_left": "50", "rev": "1"})
    assert '<rect x="50"' in ben.get(here).text


def test_nothing_is_marked_while_a_version_waits_to_be_used(ben: StrictClient, bench: Bench) -> None:
    evidence_id = bench.added()
    bench.make(evidence_id)
    page = sent(ben, path(bench, evidence_id), {"rev": "0"}, 409)
    assert "A redacted version of this file is made already." in page.words


def test_numbers_become_marks_and_marks_numbers() -> None:
    boxes = [Box(3, 0.1, 0.25, 0.5, 0.3125), Box(1, 0.0, 0.0, 1.0, 1.0, start=1.5, end=3725.0)]
    rows = rows_of(4, boxes, [Silence(0.0, 12.3)])
    assert marks_in(rows) == (boxes, [Silence(0.0, 12.3)])
    assert rows.words == "2 boxes, one part not heard"
    assert [row.end for row in rows.boxes] == ["", "1:02:05"]


def test_rows_that_are_uneven_are_read_as_far_as_they_go() -> None:
    rows = rows_sent(MultiDict([("box_left", "1"), ("span_from", "0:01"), ("span_from", ""), ("rev", "x")]))
    assert (len(rows.boxes), len(rows.spans), rows.rev) == (1, 1, 0)
    with pytest.raises(Rejected):
        marks_in(rows)


@pytest.mark.parametrize(("typed", "seconds"), [("65", 65), ("1:05", 65), ("1:02:03,5", 3723.5), (" 0:00.25 ", 0.25)])
def test_times_are_read_as_people_write_them(typed: str, seconds: float) -> None:
    assert seconds_in(typed) == seconds


@pytest.mark.parametrize("typed", ["", "-1", "1:2:3:4", "a:b", "1e5", "999999"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(Rejected, match="minutes and seconds"):
        seconds_in(typed)


def test_times_are_told_to_the_tenth() -> None:
    assert [time_words(seconds) for seconds in (0, 5.04, 65.5, 3600)] == ["0:00", "0:05", "1:05.5", "1:00:00"]
    assert [counted(0, 0), counted(1, 0), counted(0, 2)] == ["Nothing so far", "one box", "2 parts not heard"]
