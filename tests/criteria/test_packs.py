"""Reading packs: what is right is kept exactly, what is wrong is found all at once, each with its file and line."""

import dataclasses
import textwrap
from pathlib import Path

import pytest

from portfolio.criteria.contents import content_sha
from portfolio.criteria.packs import (
    MOST_CRITERIA,
    MOST_CRITERIA_IN_ALL,
    MOST_HINTS,
    read_pack,
    read_pack_texts,
    read_unit,
    read_unit_text,
)
from portfolio.criteria.rules import Figures, GuidanceKind, Method, OutcomeKind, Status
from portfolio.criteria.tree import MAX_BYTES, MOST_NOTED, Fault, PackFaults
from portfolio.errors import Rejected
from tests.criteria.pack_files import PACK, RULED, UNIT, changed, faults_in, line_of, written

SHIPPED = Path(__file__).parents[2] / "criteria"


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_pack_reads_clean(path: Path) -> None:
    pack = read_pack(path)
    assert pack.groups[0].units


@pytest.mark.parametrize("path", sorted((SHIPPED / "units").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_unit_reads_clean_and_helps_the_assessor(path: Path) -> None:
    unit = read_unit(path)
    for outcome in unit.outcomes:
        for criterion in outcome.criteria:
            points = [
                hint
                for hint in unit.guidance
                if hint.kind is GuidanceKind.MARKING_POINT and criterion.code in hint.criteria
            ]
            assert len(points) >= 2, criterion.code


def test_the_first_pack_says_what_is_not_known_about_it() -> None:
    pack = read_pack(SHIPPED / "icq-l3-contact-centre-operations.yaml")
    unit = pack.groups[0].units[0]
    assert (pack.rules_known, pack.status, pack.level) == (False, Status.DRAFT, 3)
    assert (unit.code, unit.level, unit.credit, unit.glh) == ("HRCC", 4, 10, 67)
    assert (unit.figures, unit.status) == (Figures.UNCONFIRMED, Status.DRAFT)
    assert "working code" in unit.code_note
    codes = [[criterion.code for criterion in outcome.criteria] for outcome in unit.outcomes]
    assert codes == [[f"{n}.{m}" for m in range(1, most + 1)] for n, most in ((1, 5), (2, 5), (3, 3), (4, 4))]
    assert [outcome.kind for outcome in unit.outcomes] == [OutcomeKind.PERFORMANCE] * 3 + [OutcomeKind.KNOWLEDGE]


def test_a_pack_is_read_as_written(tmp_path: Path) -> None:
    pack = read_pack(written(tmp_path))
    unit = pack.groups[0].units[0]
    assert (pack.reference, pack.reference_note, pack.spec_version) == ("S/016/609", "", "2014")
    assert (unit.code, unit.code_note, unit.credit) == ("R/506/2151", "", 4)
    assert [criterion.code for criterion in unit.outcomes[0].criteria] == ["1.9", "1.10"]
    assert unit.outcomes[0].criteria[0].methods == (Method.OBSERVATION, Method.PRODUCT)
    assert unit.guidance[0].criteria == ("1.9", "1.10")
    assert unit.guidance[0].sources == ("a-page",)
    assert (unit.guidance[1].criteria, unit.guidance[1].sources) == ((), ())


def test_what_was_read_cannot_be_changed(tmp_path: Path) -> None:
    pack = read_pack(written(tmp_path))
    with pytest.raises(dataclasses.FrozenInstanceError):
        pack.title = "Another"  # type: ignore[misc]


def test_white_space_and_a_byte_order_mark_do_not_matter(tmp_path: Path) -> None:
    plain = read_unit(written(tmp_path).parent / "units" / "complaints.yaml")
    folded = changed(
        UNIT, "text: Keep the customer informed", "text: >-\n          Keep the\n          customer informed"
    )
    written(tmp_path, unit=b"\xef\xbb\xbf" + folded.replace("\n", "\r\n").encode())
    assert read_unit(tmp_path / "units" / "complaints.yaml") == plain


UNIT_FAULTS = [
    # old, new, the line that holds, what is said
    ("  credit: 4\n", "  credit: 4\n  points: 4\n", "points: 4", "the unit has an unknown key “points”"),
    ("guidance:\n", "hints: []\nguidance:\n", "hints:", "the unit file has an unknown key “hints”"),
    ("    kind: performance\n", "    kind: performance\n    verb: do\n", "verb: do", "the outcome has an unknown key"),
    ('id: "1.9"\n', 'id: "1.9"\n        verb: take\n', "verb: take", "the criterion has an unknown key “verb”"),
    ("  - kind: tip\n", "  - kind: tip\n    id: one\n", "id: one", "the guidance has an unknown key “id”"),
    ("  code: R/506/2151\n", "", "title: Complaints", "the unit has no “code”"),
    ("  glh: 22\n", "", "code: R/506", "the unit has no “glh”"),
    ("        methods: [WT]\n", "", 'id: "1.10"', "the criterion has no “methods”"),
    ("    title: Know the procedure\n", "", '- id: "2"', "the outcome has no “title”"),
    ("    sources: []\n", "", "- kind: term", "the guidance has no “sources”"),
    ('"1.10"', "1.10", "- id: 1.10", "“id” is not text: write it in quotes, “1.10”"),
    ('id: "2"', "id: 2", "id: 2", "“id” is not text: write it in quotes, “2”"),
    ('["1.9", "1.10"]', '["1.9", 1.10]', "1.10]", "a criterion is not text: write it in quotes, “1.10”"),
    ("R/506/2151", "2151", "code: 2151", "“code” is not text"),
    ("R/506/2151", "2014-09-01", "2014-09-01", "“code” is not text"),
    ("R/506/2151", "R 506", "R 506", "“code” must be a code of letters"),
    ("R/506/2151", "x" * 41, "code: x", "“code” must be a code of letters"),
    ("R/506/2151", "[R]", "[R]", "“code” must be a code"),
    ('"1.10"\n', '"1.9"\n', 'id: "1.9"', "the criterion “1.9” is already used on line 15"),
    ('"2.1"', '"1.9"', 'id: "1.9"', "the criterion “1.9” is already used on line 15"),
    ('id: "2"\n', 'id: "1"\n', 'id: "1"', "the outcome “1” is already used on line 11"),
    ("[O, PE]", "[O, O]", "[O, O]", "the method “O” is already used on line 17"),
    ("[O, PE]", "[O, AV, XX]", "AV", "unknown method “AV”: one of O, PE, PD, Q, RA, WT, EWT, RPL, SIM, AS"),
    ("[O, PE]", "[O, [PE]]", "[PE]", "unknown method: one of"),
    ("[O, PE]", "[]", "methods: []", "“methods” is empty"),
    ("[O, PE]", "O", "methods: O", "“methods” must be a list"),
    ("kind: performance", "kind: doing", "kind: doing", "unknown kind “doing”: one of knowledge, performance"),
    ("kind: tip", "kind: hint", "kind: hint", "unknown kind “hint”: one of key_concept, tip"),
    ("status: paraphrase", "status: final", "status: final", "unknown status “final”: one of verified"),
    ("figures: confirmed", "figures: yes", "figures: yes", "unknown figures “yes”: one of confirmed, unconfirmed"),
    ('["1.9", "1.10"]', '["1.9", "1.1"]', '"1.1"]', "there is no criterion “1.1” in this unit"),
    ('["1.9", "1.10"]', '["1.9", "1.9"]', '"1.9"]', "the criterion “1.9” is already used on line 31"),
    ("[a-page]", "[A page]", "[A page]", "a source must be a name of small letters"),
    ("[a-page]", "[a-page, a-page]", "a-page, a", "the source “a-page” is already used"),
    ("level: 3", "level: 0", "level: 0", "“level” must lie between 1 and 8"),
    ("level: 3", "level: three", "level: three", "“level” must be a whole number"),
    ("credit: 4", "credit: 010", "credit: 010", "“credit” must be a whole number"),
    ("credit: 4", "credit: 4.5", "credit: 4.5", "“credit” must be a whole number"),
    ("glh: 22", 'glh: "22"', 'glh: "22"', "“glh” must be a whole number"),
    ("title: Complaints", "title: 2014", "title: 2014", "“title” must be text"),
    ("title: Complaints", "title: [a, b]", "title: [a", "“title” must be text"),
    ("title: Complaints", "title: ~", "title: ~", "“title” must be text"),
    ("title: Complaints", 'title: " "', 'title: " "', "“title” is empty"),
    ("title: Complaints", "title: " + "a " * 101, "title: a a", "“title” is longer than 200 characters"),
    ("text: Keep a diary.", "text: " + "a " * 1001, "text: a a", "“text” is longer than 2000 characters"),
    ("title: Complaints\n", 'title: "A\\x00B"\n', "x00", "a control character is not text"),
    ("title: Complaints\n", "title: A\x07B\n", "\x07", "a control character is not text"),
    ("  glh: 22\n", "  glh: 22\n  glh: 23\n", "glh: 23", "the key “glh” stands here twice"),
    ("  glh: 22\n", "  glh: 22\n  ? [a, b]\n  : c\n", "[a, b]", "a key must be a single word"),
    ("title: Complaints", "title: !!str Complaints", "!!str", "the tag tag:yaml.org,2002:str is not allowed"),
    (
        "title: Complaints",
        "title: !!python/object/apply:os.system [ls]",
        "python/object",
        "python/object/apply:os.system",
    ),
    ("title: Complaints", "title: !mine Complaints", "!mine", "the tag !mine is not allowed"),
    ("title: Complaints", "title: &t Complaints", "&t", "the anchor &t is not allowed"),
    ("[a-page]\n", "[a-page]\n    <<: {}\n", "<<: {}", "the guidance has an unknown key “<<”"),
    ("guidance:\n", "guidance: none\nx:\n", "guidance: none", "“guidance” must be a list"),
    ("  - kind: term\n", "  - a\n  - kind: term\n", "- a", "the guidance must be made of fields"),
    ("guidance:\n", "---\nguidance:\n", "---", "a second document in the same file"),
    ("  - kind: tip\n", "\t- kind: tip\n", "\t- kind", "not valid YAML"),
    ("[a-page]", "[a-page", "kind: term", "not valid YAML"),
    ("[a-page]", "[" * 40 + "]" * 40, "[[[", "nested more than 12 deep"),
]


@pytest.mark.parametrize(("old", "new", "where", "said"), UNIT_FAULTS, ids=[case[3][:40] for case in UNIT_FAULTS])
def test_each_fault_of_a_unit_is_found_on_its_line(tmp_path: Path, old: str, new: str, where: str, said: str) -> None:
    text = changed(UNIT, old, new)
    found = faults_in(written(tmp_path, unit=text))
    assert [(file, line) for file, line, message in found if said in message] == [
        ("complaints.yaml", line_of(text, where))
    ], found


PACK_FAULTS = [
    ("  level: 3\n", "  level: 3\n  grade: A\n", "grade: A", "the qualification has an unknown key “grade”"),
    ("rules: unknown\n", "", "qualification:", "the pack has no “rules”"),
    ("rules: unknown", "rules: known", "rules: known", "“rules” must be “unknown”, or be made of fields"),
    ("rules: unknown", "rules: {credits: 3}", "rules: {", "the set of rules has an unknown key “credits”"),
    ("rules: unknown", "rules: {}", "rules: {}", "the set of rules has no “credits_min”"),
    ("rules: unknown", "rules: []", "rules: []", "the set of rules must be made of fields"),
    ("rules: unknown", "rules: {credits_min: 4}", "- id: A", "the group has no “kind”"),
    (
        "    title: Everything\n",
        "    title: All\n    kind: both\n",
        "kind: both",
        "unknown kind “both”: one of mandatory",
    ),
    (
        "    title: Everything\n",
        "    title: All\n    listed: none\n",
        "listed: none",
        "unknown listed “none”: one of all",
    ),
    ("  reference: S/016/609\n", "", "title: Diploma", "the qualification has no “reference”"),
    ("S/016/609", "6.10", "6.10", "“reference” is not text: write it in quotes, “6.10”"),
    ('"2014"', "2014", "spec_version", "“spec_version” must be text"),
    ('"2014"', "x" * 41, "spec_version", "“spec_version” is longer than 40 characters"),
    ("status: draft", "status: new", "status: new", "unknown status “new”"),
    ("    title: Everything\n", "", "- id: A", "the group has no “title”"),
    (
        "groups:\n",
        "groups:\n  - {id: A, title: First, units: [complaints]}\n",
        "  - id: A",
        "the group “A” is already used",
    ),
    ("- complaints", "- missing", "- missing", "there is no unit file “missing.yaml”"),
    ("- complaints", "- ../pack", "- ../pack", "a unit must be a name of small letters"),
    ("- complaints", "- complaints\n      - complaints", "- complaints", "the unit “R/506/2151” is already used"),
    ("- complaints", "- {code: R/506/2150}", "{code", "the unit has no “title”"),
    (
        "- complaints",
        "- {code: A1, title: A, level: 3, credit: 1, glh: 2}",
        "{code",
        "the unit has an unknown key “glh”",
    ),
    (
        "- complaints",
        "- {code: 1.10, title: A, level: 3, credit: 1}",
        "{code",
        "“code” is not text: write it in quotes",
    ),
    (
        "- complaints",
        "- complaints\n      - {code: R/506/2151, title: A, level: 3, credit: 1}",
        "{code",
        "the unit “R/506/2151” is already used on line 14",
    ),
    ("- complaints", "- [complaints]", "[complaints]", "a unit must be a name of small letters"),
    (
        "  source: Ours.\n",
        "  source: Ours.\n  operational_end: 31.12.2019\n",
        "31.12",
        "must be a date such as 2020-12-31",
    ),
    (
        "  source: Ours.\n",
        "  source: Ours.\n  operational_end: 2019-02-30\n",
        "02-30",
        "must be a date such as 2020-12-31",
    ),
    ("  source: Ours.\n", "  source: Ours.\n  certification_end: [a]\n", "[a]", "must be a date such as 2020-12-31"),
    ("    units:\n      - complaints\n", "    units: []\n", "units: []", "“units” is empty"),
]


@pytest.mark.parametrize(("old", "new", "where", "said"), PACK_FAULTS, ids=[case[3][:40] for case in PACK_FAULTS])
def test_each_fault_of_a_pack_is_found_on_its_line(tmp_path: Path, old: str, new: str, where: str, said: str) -> None:
    text = changed(PACK, old, new)
    found = faults_in(written(tmp_path, pack=text))
    assert [(file, line) for file, line, message in found if said in message] == [
        ("pack.yaml", line_of(text, where))
    ], found


def test_every_fault_of_every_file_comes_at_once(tmp_path: Path) -> None:
    pack = changed(changed(PACK, "level: 3", "level: 9"), "- complaints", "- complaints\n      - missing")
    unit = changed(changed(UNIT, '"1.10"', "1.10"), "[WT]", "[WTF]")
    assert faults_in(written(tmp_path, pack=pack, unit=unit)) == [
        ("pack.yaml", 4, "“level” must lie between 1 and 8"),
        ("pack.yaml", 15, "there is no unit file “missing.yaml”"),
        ("complaints.yaml", 18, "“id” is not text: write it in quotes, “1.10”"),
        ("complaints.yaml", 20, f"unknown method “WTF”: one of {', '.join(Method)}"),
    ]


def test_texts_are_read_as_files_are(tmp_path: Path) -> None:
    path = written(tmp_path, pack=RULED)
    assert read_pack_texts(RULED, {"complaints": UNIT}) == read_pack(path)
    assert read_pack_texts(RULED.encode(), {"complaints": UNIT.encode(), "other": b"\0"}) == read_pack(path)


def test_the_faults_of_texts_have_their_names() -> None:
    pack = changed(changed(PACK, "level: 3", "level: 9"), "- complaints", "- complaints\n      - missing")
    with pytest.raises(PackFaults) as caught:
        read_pack_texts(pack, {"complaints": changed(UNIT, "[WT]", "[WTF]")}, name="mine.yaml")
    assert [(fault.file, fault.line) for fault in caught.value.faults] == [
        ("complaints.yaml", 20),
        ("mine.yaml", 4),
        ("mine.yaml", 15),
    ]
    with pytest.raises(PackFaults) as caught:
        read_pack_texts(b"unit: caf\xe9", {}, name="mine.yaml")
    assert caught.value.faults == (Fault("mine.yaml", 1, "the file is not UTF-8 text"),)
    for text in ("unit: \ud800", "#" * (MAX_BYTES + 1)):
        with pytest.raises(PackFaults):
            read_pack_texts(text, {})


def test_the_refusal_is_one_that_a_person_can_read(tmp_path: Path) -> None:
    path = written(tmp_path, pack=changed(PACK, "level: 3", "level: 9"))
    with pytest.raises(Rejected) as caught:
        read_pack(path)
    assert caught.value.message == f"{path.as_posix()}:4: “level” must lie between 1 and 8"


def test_the_refusal_of_a_hopeless_file_stays_short(tmp_path: Path) -> None:
    path = written(tmp_path, unit=UNIT + "".join(f"x{n}: 1\n" for n in range(500)))
    with pytest.raises(PackFaults) as caught:
        read_pack(path)
    assert len(caught.value.faults) == 500
    assert caught.value.message.endswith("\nand 300 more")
    assert caught.value.message.count("\n") == 200


def test_an_alias_bomb_is_refused_without_growing(tmp_path: Path) -> None:
    lines = ["bomb:", "  - &l0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"  - &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30)]
    found = faults_in(written(tmp_path, unit="\n".join(lines)))
    messages = {message for _file, _line, message in found}
    assert {"the anchor &l0 is not allowed", "an alias is not allowed: write the value out"} <= messages
    assert max(line for _file, line, message in found if "alias" in message) == len(lines)


def test_an_alias_is_one_fault_and_not_two(tmp_path: Path) -> None:
    unit = changed(changed(UNIT, "source: Ours.", "source: &s Ours."), "title: Deal with complaints", "title: *s")
    found = faults_in(written(tmp_path, unit=unit))
    assert [line for _file, line, _message in found] == [line_of(unit, "&s"), line_of(unit, "*s")]


def test_a_large_file_is_not_read(tmp_path: Path) -> None:
    unit = UNIT + "#" * (MAX_BYTES - len(UNIT.encode()))
    read_pack(written(tmp_path, unit=unit))
    assert faults_in(written(tmp_path, unit=unit + "#")) == [("complaints.yaml", 1, "the file is larger than 1 MB")]


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"", 1, "the file is empty"),
        (b"# a comment\n", 1, "the file is empty"),
        (b"unit:\n  title: caf\xe9\n", 2, "the file is not UTF-8 text"),
        (b"unit:\n  title: a\x00b\n", 2, "a control character is not text"),
        (b"- a\n- b\n", 1, "the unit file must be made of fields, “key: value”"),
        (b"words\n", 1, "the unit file must be made of fields, “key: value”"),
        (b'a: "\\ud800"\n', 1, "not valid YAML"),
    ],
)
def test_a_file_that_is_no_unit_is_one_fault(tmp_path: Path, content: bytes, line: int, said: str) -> None:
    [(file, at, message)] = faults_in(written(tmp_path, unit=content))
    assert (file, at) == ("complaints.yaml", line)
    assert message.startswith(said)


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.yaml", tmp_path):
        with pytest.raises(PackFaults) as caught:
            read_pack(path)
        assert caught.value.faults == (Fault(path.as_posix(), 1, "the file cannot be read"),)


def test_the_content_sha_is_of_what_is_said(tmp_path: Path) -> None:
    pack = read_pack(written(tmp_path))
    relaid = "# a comment\n" + changed(UNIT, "  credit: 4\n  glh: 22\n", "  glh: 22\n\n  credit: 4\n")
    assert content_sha(read_pack(written(tmp_path, unit=relaid))) == content_sha(pack)
    assert content_sha(pack) != content_sha(pack.groups[0].units[0])
    for old, new in (("Keep a diary.", "Keep a log."), ("[a-page]", "[]"), ("[O, PE]", "[PE, O]"), ("22", "23")):
        other = read_pack(written(tmp_path, unit=changed(UNIT, old, new)))
        assert content_sha(other) != content_sha(pack)
        assert content_sha(other.groups[0].units[0]) != content_sha(pack.groups[0].units[0])


def test_content_that_was_stored_before_there_were_rules_keeps_its_sha(tmp_path: Path) -> None:
    pack = read_pack(written(tmp_path))
    assert content_sha(pack) == "919e5eb29e9a1fb0f69d5435967ec578d0c441cf312517b346ae4812a7f0a05e"
    assert content_sha(pack.groups[0].units[0]) == "f6b7a87ed5fee6071833db5973c7d53eb3dc009d40ecad0994776f5aab6b5942"


def test_the_order_in_which_a_hint_names_its_criteria_says_nothing(tmp_path: Path) -> None:
    plain = read_pack(written(tmp_path))
    turned = changed(UNIT, '["1.9", "1.10"]', '["1.10", "1.9"]')
    assert read_pack(written(tmp_path, unit=turned)) == plain


def long_unit(criteria: int, hints: int = 0, *, code: str = "L1") -> str:
    """A unit of so many criteria and hints."""
    given = "".join(f'      - {{id: "1.{n}", text: Do it, methods: [O]}}\n' for n in range(criteria))
    said = "".join(f"  - {{kind: tip, text: Tip {n}, sources: []}}\n" for n in range(hints))
    head = UNIT.partition("outcomes:")[0].replace("R/506/2151", code)
    outcome = 'outcomes:\n  - id: "1"\n    title: Do it\n    kind: performance\n    criteria:\n'
    return head + outcome + given + (f"guidance:\n{said}" if hints else "")


def test_a_unit_has_only_so_many_criteria_and_hints() -> None:
    assert len(read_unit_text(long_unit(MOST_CRITERIA, MOST_HINTS)).guidance) == MOST_HINTS
    with pytest.raises(PackFaults) as caught:
        read_unit_text(long_unit(MOST_CRITERIA + 1, MOST_HINTS + 1), name="long.yaml")
    assert [(fault.file, fault.message) for fault in caught.value.faults] == [
        ("long.yaml", f"the unit has {MOST_CRITERIA + 1} criteria, more than {MOST_CRITERIA}"),
        ("long.yaml", f"“guidance” has more than {MOST_HINTS} entries"),
    ]


def test_a_pack_has_only_so_many_criteria_in_all() -> None:
    count = MOST_CRITERIA_IN_ALL // MOST_CRITERIA + 1
    units = {f"u{n}": long_unit(MOST_CRITERIA, code=f"L{n}") for n in range(count)}
    with pytest.raises(PackFaults) as caught:
        read_pack_texts(changed(PACK, "- complaints", "\n      ".join(f"- {stem}" for stem in units)), units)
    said = f"the units have {count * MOST_CRITERIA} criteria, more than {MOST_CRITERIA_IN_ALL}"
    assert [fault.message for fault in caught.value.faults] == [said]


def test_only_so_many_faults_of_one_file_are_noted() -> None:
    """However often a pack names the file, and whether its text or what it says is wrong."""
    wrong = UNIT + "".join(f"key{n}: 1\n" for n in range(MOST_NOTED + 1)) + "&a x: 1\n" * (MOST_NOTED + 1)
    named = "\n      ".join(["- complaints"] * 3)
    with pytest.raises(PackFaults) as caught:
        read_pack_texts(changed(PACK, "- complaints", named), {"complaints": wrong})
    assert len(caught.value.faults) == MOST_NOTED


def test_a_whole_unit_may_stand_in_the_pack_itself(tmp_path: Path) -> None:
    """It reads as from a file of its own, and its faults have the lines of the pack."""
    inside = textwrap.indent(UNIT, "        ").replace("        ", "      - ", 1)
    whole = changed(PACK, "      - complaints\n", inside)
    path = written(tmp_path, pack=whole)
    assert read_pack(path) == read_pack_texts(PACK, {"complaints": UNIT})
    wrong = changed(changed(whole, '"1.10"', "1.10"), "credit: 4", "credit: 900")
    assert faults_in(written(tmp_path, pack=wrong)) == [
        ("pack.yaml", line_of(wrong, "credit: 900"), "“credit” must lie between 0 and 500"),
        ("pack.yaml", line_of(wrong, "id: 1.10"), "“id” is not text: write it in quotes, “1.10”"),
    ]
    twice = changed(whole, "      - unit:", "      - complaints\n      - unit:")
    [(_file, _line, said)] = faults_in(written(tmp_path, pack=twice))
    assert said.startswith("the unit “R/506/2151” is already used on line")
