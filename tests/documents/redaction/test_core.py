"""What all redactors stand on: plans and reports through the pipe, limits, files inside files, another process."""

import csv
import io
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from portfolio.documents.codec import Malformed
from portfolio.documents.redaction import apart, maker, work
from portfolio.documents.redaction.matching import Matcher, _together, folded
from portfolio.documents.redaction.plan import (
    MOST_SWAPS,
    Box,
    Plan,
    Report,
    Silence,
    Swap,
    Unread,
    Why,
    plan_of,
    report_of,
)
from portfolio.documents.redaction.work import Inner, Refused, Text, Unknown, Work
from portfolio.documents.sandbox import Outcome
from tests.documents.redaction.laid_open import NAMES, layers, read, redacted

HALE = Swap("Margaret Hale", "Customer A", "PERSON")
BOX, SILENCE = Box(1, 0.1, 0.2, 0.3, 0.4), Silence(0.5, 2.0)
_OFFICE = "application/vnd.openxmlformats-officedocument."
WORD, SHEETS = f"{_OFFICE}wordprocessingml.document", f"{_OFFICE}spreadsheetml.sheet"


def _inner(data: bytes, name: str, at_work: Work) -> Inner:
    return Inner(at_work.words(data.decode(), "Text").encode(), name, "text/plain")


# plans and reports

swaps = st.builds(
    Swap, st.text(min_size=1, max_size=40), st.text(max_size=20), st.sampled_from(["PERSON", "PHONE"]), st.booleans()
)
sides = st.tuples(st.floats(0, 0.49), st.floats(0.5, 1))
times = st.tuples(st.floats(0, 100), st.floats(101, 9_000))


@settings(deadline=None)
@given(
    st.lists(swaps, max_size=5),
    st.lists(st.tuples(sides, sides, st.integers(1, 999), st.none() | times), max_size=5),
    st.lists(times, max_size=5),
)
def test_a_plan_comes_through_the_pipe(some: list[Swap], boxes: list[Any], silences: list[tuple[float, float]]) -> None:
    plan = Plan(
        tuple(some),
        tuple(
            Box(page, across[0], down[0], across[1], down[1], "x", *(time or (None, None)))
            for across, down, page, time in boxes
        ),
        tuple(Silence(*one) for one in silences),
    )
    assert plan_of(plan.as_json()) == plan


@pytest.mark.parametrize(
    "value",
    [
        None, [], {}, 5, {"swaps": [], "boxes": []}, {"swaps": 1, "boxes": [], "silences": []},
        {"swaps": [{}], "boxes": [], "silences": []}, {"swaps": ["ab"], "boxes": [], "silences": []},
        Plan((Swap("", "x", "y"),)).as_json(),
        Plan((Swap("x" * 2_001, "x", "y"),)).as_json(),
        Plan((Swap("x", "y", "z"),) * (MOST_SWAPS + 1)).as_json(),
        {"swaps": [{"words": 5, "stand_in": "x", "label": "y"}], "boxes": [], "silences": []},
        Plan(boxes=(Box(0, 0.1, 0.1, 0.2, 0.2),)).as_json(),
        Plan(boxes=(Box(1, 0.2, 0.1, 0.1, 0.2),)).as_json(),
        Plan(boxes=(Box(1, 0.1, 0.1, 1.2, 0.2),)).as_json(),
        Plan(boxes=(Box(1, float("nan"), 0.1, 0.2, 0.2),)).as_json(),
        Plan(boxes=(Box(1, 0.1, 0.1, 0.2, 0.2, start=1),)).as_json(),
        Plan(boxes=(Box(1, 0.1, 0.1, 0.2, 0.2, start=2, end=1),)).as_json(),
        Plan(silences=(Silence(2, 1),)).as_json(),
        Plan(silences=(Silence(-1, 1),)).as_json(),
        Plan(silences=(Silence(0, float("inf")),)).as_json(),
    ],
)  # fmt: skip
def test_nonsense_is_no_plan(value: object) -> None:
    with pytest.raises(Malformed):
        plan_of(value)


def test_a_report_comes_through_the_pipe() -> None:
    report = Report("text/plain", {"PERSON": 2}, 3, 1.5, ["the author"], [Unread("Picture 1", Why.PICTURE)])
    assert report_of(report.as_json()) == report


@pytest.mark.parametrize(
    "change",
    [{"counts": 5}, {"counts": {"PERSON": "many"}}, {"unread": [{}]}, {"unread": [{"place": "x", "why": "tired"}]},
     {"gone": None}, {"boxes": "x"}, {"seconds": []}],
)  # fmt: skip
def test_nonsense_is_no_report(change: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        report_of(Report("text/plain").as_json() | change)
    with pytest.raises(Malformed):
        report_of(None)


# words among many others

ODD = (
    HALE, Swap("Grace", "b", "PERSON", is_ordinary=True), Swap("José Núñez", "c", "PERSON"),
    Swap("01632 960 123", "d", "PHONE"), Swap("LS1 2AB", "e", "POSTCODE"), Swap("O'Brien-Hill", "f", "PERSON"),
    Swap("m.hale+x@example.org", "g", "EMAIL"), Swap("Kirk\u0130 I\u017fsel", "h", "PERSON"),
    Swap("straße", "i", "ADDRESS"), Swap("!!!", "j", "USERNAME"), Swap("x%20y", "k", "USERNAME"),
)  # fmt: skip
CHANGES = (
    str, str.upper, str.lower, lambda said: unicodedata.normalize("NFD", said), lambda said: said.replace(" ", "%20"),
    "\u200b".join, lambda said: said.replace("i", "\u0131"), lambda said: said.replace("s", "\u017f"),
    lambda said: said.replace("'", "\u02bc"), lambda said: said.replace(" ", ""), lambda said: f"+44 {said[1:]}",
    lambda said: said.replace("a", "\uff41"), lambda said: said.replace(" ", "\u00b9 "),
)  # fmt: skip
odd_words = st.tuples(st.sampled_from(ODD), st.sampled_from(CHANGES)).map(lambda one: one[1](one[0].words))


@settings(max_examples=200, deadline=None)
@given(st.lists(odd_words, max_size=4).map(" ".join))
def test_no_swap_is_passed_over(text: str) -> None:
    swaps_of, pattern = _together(list(Matcher(ODD)._swaps))
    every = [(one.span(), swaps_of[(one.lastindex or 1) - 1]) for one in pattern.finditer(folded(text))]
    assert [((one.start, one.end), one.swap) for one in Matcher(ODD).find(text)] == every


# the work on one file


def test_the_work_counts_and_notes_once() -> None:
    at_work = Work(Plan((HALE,)), _inner)
    assert at_work.words("Margaret Hale and MARGARET  HALE", "Text") == "Customer A and Customer A"
    for _ in range(2):
        at_work.gone("the author")
        at_work.unread("Picture 1", Why.PICTURE)
    at_work.painted(2)
    at_work.silenced(1.5)
    report = at_work.finished("text/plain")
    assert report == Report("text/plain", {"PERSON": 2}, 2, 1.5, ["the author"], [Unread("Picture 1", Why.PICTURE)])
    assert at_work.texts == []


def test_reading_keeps_texts_with_their_places() -> None:
    at_work = Work(Plan(), _inner, keeps_texts=True)
    at_work.find("one", "Header")
    at_work.find(" \n", "Footer")
    at_work.inside(b"two", "a.txt", "Attachment 1")
    at_work.find("three", "Comments", is_seen=False)
    assert at_work.texts == [
        Text("Header", "one", is_seen=True), Text("Attachment 1: Text", "two", is_seen=True),
        Text("Comments", "three", is_seen=False),
    ]  # fmt: skip


def test_marks_are_for_the_file_itself_alone() -> None:
    seen: list[tuple[tuple[Box, ...], tuple[Silence, ...]]] = []

    def inner(data: bytes, name: str, at_work: Work) -> Inner:
        seen.append((at_work.boxes, at_work.silences))
        return Inner(data, name, "text/plain")

    at_work = Work(Plan(boxes=(BOX,), silences=(SILENCE,)), inner)
    at_work.inside(b"", "a", "Attachment 1")
    assert (at_work.boxes, at_work.silences) == ((BOX,), (SILENCE,))
    assert seen == [((), ())]


def test_files_too_deep_inside_are_left_out() -> None:
    def inner(data: bytes, name: str, at_work: Work) -> Inner:
        deeper = at_work.inside(data, name, "File")
        return deeper or Inner(b"the last", name, "text/plain")

    at_work = Work(Plan(), inner)
    made = at_work.inside(b"", "a", "File")
    assert made is not None
    assert made.data == b"the last"
    assert at_work.report.unread == [Unread(": ".join(["File"] * 5), Why.KIND)]


@pytest.mark.parametrize(("trouble", "why"), [(Refused("x"), Why.BROKEN), (Unknown("x"), Why.KIND)])
def test_a_file_inside_that_cannot_be_done_is_left_out_and_noted(trouble: Refused, why: Why) -> None:
    def inner(*_: object) -> Inner:
        raise trouble

    at_work = Work(Plan(), inner)
    assert at_work.inside(b"", "Margaret Hale.txt", "Attachment 1") is None
    assert at_work.report.unread == [Unread("Attachment 1", why)]
    at_work.unread("Text", Why.KIND)
    assert at_work.report.unread[-1].place == "Text"


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "MOST_TEXT", 10)
    monkeypatch.setattr(work, "MOST_INSIDE", 10)
    at_work = Work(Plan(), _inner)
    at_work.find("0123456789", "Text")
    with pytest.raises(Refused, match="more text"):
        at_work.find("0", "Text")
    with pytest.raises(Refused, match="more inside"):
        Work(Plan(), _inner).inside(b"0" * 11, "a", "File")
    with pytest.raises(Refused):
        Work(Plan(), _inner, seconds=-1).find("x", "Text")


def test_one_damaged_file_inside_costs_no_more_than_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(maker.REDACTORS, "text/plain", "plain:nothing_of_that_name")
    at_work = Work(Plan(), maker.redact_inner)
    assert at_work.inside(b"hello", "a.txt", "Attachment 1") is None
    assert at_work.report.unread == [Unread("Attachment 1", Why.BROKEN)]


def test_files_of_no_known_kind_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be redacted"):
        redacted(tmp_path, b"x", "application/x-nonsense", [])


# the process of its own


def _hard(tmp_path: Path) -> tuple[Path, Plan]:
    """A file that takes longer than anybody waits, with all that may go out of it."""
    source = tmp_path / "hard.txt"
    source.write_text("a margaret b " * 700_000)
    return source, Plan(tuple(Swap(f"margaret {number} hale", "x", "PERSON") for number in range(MOST_SWAPS)))


def test_a_process_that_takes_too_long_leaves_nothing(tmp_path: Path) -> None:
    source, plan = _hard(tmp_path)
    target = tmp_path / "made.txt"
    target.write_bytes(b"half of it")
    with pytest.raises(Refused, match="too long"):
        apart.redact(source, "text/plain", target, plan, seconds=1)
    assert not target.exists()
    assert list(tmp_path.iterdir()) == [source]


def test_a_process_without_memory_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "MEMORY_BYTES", 150 * 1000**2)
    source = tmp_path / "large.txt"
    source.write_bytes(b"x" * 80_000_000)
    with pytest.raises(Refused, match="too much memory"):
        apart.redact(source, "text/plain", tmp_path / "made.txt", Plan((HALE,)))
    with pytest.raises(Refused, match="too much memory"):
        apart.read_whole(source, "text/plain", tmp_path)
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize(
    "answer", [None, 5, [], {}, {"texts": 5}, {"media_type": "x"}, {"texts": [["x"]], "unread": [], "gone": []}]
)
def test_an_answer_that_is_none_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Any) -> None:
    monkeypatch.setattr(apart, "run_limited", lambda *_, **__: Outcome(answer))
    target = tmp_path / "made.txt"
    target.write_bytes(b"something")
    with pytest.raises(Refused):
        apart.redact(tmp_path / "x", "text/plain", target, Plan())
    assert not target.exists()
    with pytest.raises(Refused):
        apart.read_whole(tmp_path / "x", "text/plain", tmp_path)


def test_a_report_without_a_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "run_limited", lambda *_, **__: Outcome(Report("text/plain").as_json()))
    with pytest.raises(Refused):
        apart.redact(tmp_path / "x", "text/plain", tmp_path / "made.txt", Plan())


def test_what_the_process_says_is_said(tmp_path: Path) -> None:
    source, target = tmp_path / "a.zip", tmp_path / "made.zip"
    source.write_bytes(b"no archive")
    with pytest.raises(Refused, match="archive is damaged"):
        apart.redact(source, "application/zip", target, Plan())
    with pytest.raises(Refused, match="archive is damaged"):
        apart.read_whole(source, "application/zip", tmp_path)
    source.write_bytes(b"by Margaret Hale")
    assert apart.redact(source, "text/plain", target, Plan((HALE,))).counts == {"PERSON": 1}
    assert target.read_bytes() == b"by Customer A"
    whole = apart.read_whole(source, "text/plain", tmp_path)
    assert whole == apart.Whole((Text("Text", "by Margaret Hale", is_seen=True),), (), ())


# reading and redacting are one walk

Builder = Callable[[Sequence[str]], bytes]


def _text(words: Sequence[str]) -> bytes:
    return "\n".join(words).encode()


def _marked(words: Sequence[str]) -> bytes:
    first, second, *more = words
    return f"# {first[:2]}**{first[2:]}**\n\n[{second}](https://x.org/{more[0]})\n\n- {more[1]}\n".encode()


def _table(words: Sequence[str]) -> bytes:
    made = io.StringIO()
    csv.writer(made).writerows([["Name", words[0]], [words[1], f'said "{words[2]}"'], [f"{words[3]}, yes", ""]])
    return made.getvalue().encode()


def _rich(words: Sequence[str]) -> bytes:
    said = ["".join(f"\\u{ord(sign)}?" if ord(sign) > 127 else sign for sign in word) for word in words]
    head = rf"{{\info{{\author {said[0]}}}}}{{\header {said[1]}}}"
    return rf"{{\rtf1{head}{said[2][:1]}{{\b {said[2][1:]}}}\par {said[3]}}}".encode()


def _mail(words: Sequence[str]) -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["From"] = words[0], "x@example.org"
    mail.set_content(words[1])
    mail.add_alternative(f"<p title='{words[2]}'>{words[1][:2]}<b>{words[1][2:]}</b></p>", subtype="html")
    mail.add_attachment(words[3].encode(), maintype="text", subtype="plain", filename=f"{words[2]}.txt")
    return mail.as_bytes()


def _archive(words: Sequence[str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr(f"{words[0]}/{words[1]}.txt", words[2])
        package.writestr("a.csv", _table(words))
        package.comment = words[3].encode()
    return made.getvalue()


def _letter(words: Sequence[str]) -> bytes:
    letter, made = docx.Document(), io.BytesIO()
    paragraph = letter.add_paragraph(words[0][:2])
    paragraph.add_run(words[0][2:]).bold = True
    letter.add_table(1, 1).cell(0, 0).text = words[1]
    letter.sections[0].header.paragraphs[0].text = words[2]
    letter.core_properties.author = words[3]
    letter.save(made)
    return made.getvalue()


def _book(words: Sequence[str]) -> bytes:
    book, made = openpyxl.Workbook(), io.BytesIO()
    sheet = book.create_sheet("More")
    sheet["A1"], sheet["B2"] = words[0], f"by {words[1]}"
    sheet["A1"].comment = Comment(words[2], words[3])
    sheet.sheet_state = "hidden"
    book.save(made)
    return made.getvalue()


BUILDERS: dict[str, tuple[str, Builder]] = {
    "txt": ("text/plain", _text), "md": ("text/markdown", _marked), "csv": ("text/csv", _table),
    "rtf": ("application/rtf", _rich), "eml": ("message/rfc822", _mail), "zip": ("application/zip", _archive),
    "xlsx": (SHEETS, _book),
}  # fmt: skip
SYLLABLES = ("bra", "cken", "dul", "é", "fyn", "gwy", "hös", "jor", "quin", "tho", "vim", "wex", "zan")
words_planted = st.lists(
    st.lists(st.sampled_from(SYLLABLES), min_size=3, max_size=5).map(lambda said: "Zy" + "".join(said)),
    min_size=4, max_size=4, unique=True,
)  # fmt: skip


def _agree(folder: Path, media_type: str, build: Builder, words: list[str]) -> None:
    data = build(words)
    swaps_of = [Swap(word, name, "PERSON") for word, name in zip(words, NAMES, strict=False)]
    matcher = Matcher(swaps_of)
    shown = {match.swap.words for text in read(folder, data, media_type) for match in matcher.find(text.words)}
    assert shown == set(words)
    made, report = redacted(folder, data, media_type, swaps_of)
    assert sum(report.counts.values()) >= len(words) - 1  # an author is left out instead of replaced
    assert [text.words for text in read(folder, made, report.media_type) if matcher.find(text.words)] == []
    assert [word for word in words if word.casefold() in "".join(layers(made)).casefold()] == []


@pytest.mark.parametrize("kind", BUILDERS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=words_planted)
def test_what_reading_shows_is_what_redacting_replaces(tmp_path: Path, kind: str, words: list[str]) -> None:
    _agree(tmp_path, *BUILDERS[kind], words)


def test_that_is_so_for_a_letter(tmp_path: Path) -> None:
    _agree(tmp_path, WORD, _letter, ["Zybracken", "Zydulfynjor", "Zyquinthové", "Zywexzan"])
