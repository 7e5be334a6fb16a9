"""A pack with its unit as files, sound until a test changes a line, and what is said to be wrong with it."""

from pathlib import Path

import pytest

from portfolio.criteria.packs import read_pack
from portfolio.criteria.tree import PackFaults

PACK = """\
qualification:
  reference: S/016/609
  title: Diploma in Complaints
  level: 3
  awarding_organisation: An awarding organisation
  spec_version: "2014"
  status: draft
  source: Ours.
rules: unknown
groups:
  - id: A
    title: Everything
    units:
      - complaints
"""

UNIT = """\
unit:
  code: R/506/2151
  title: Complaints
  level: 3
  credit: 4
  glh: 22
  figures: confirmed
  status: paraphrase
  source: Ours.
outcomes:
  - id: "1"
    title: Deal with complaints
    kind: performance
    criteria:
      - id: "1.9"
        text: Take responsibility
        methods: [O, PE]
      - id: "1.10"
        text: Keep the customer informed
        methods: [WT]
  - id: "2"
    title: Know the procedure
    kind: knowledge
    criteria:
      - id: "2.1"
        text: Explain the procedure
        methods: [Q]
guidance:
  - kind: tip
    text: Keep a diary.
    criteria: ["1.9", "1.10"]
    sources: [a-page]
  - kind: term
    text: Redress puts things right.
    sources: []
"""

RULED = """\
qualification:
  reference: S/016/609
  title: Diploma in Complaints
  level: 3
  awarding_organisation: An awarding organisation
  spec_version: "2014"
  status: draft
  source: Ours.
  operational_end: 2019-12-31
  certification_end: 2020-12-31
rules:
  credits_min: 20
  level_floor: {level: 3, credits: 10}
  themes:
    - {id: handling, title: Handling problems, at_least: 1, units: [R/506/2151, B2]}
  barred:
    - [B2, C1]
groups:
  - id: A
    title: Mandatory units
    kind: mandatory
    credits: 9
    units:
      - complaints
      - {code: A2, title: Know the law, level: 3, credit: 5}
  - id: B
    title: Optional units
    kind: optional
    credits_min: 6
    units:
      - {code: B1, title: Write to customers, level: 3, credit: 4}
      - {code: B2, title: Talk to customers, level: 2, credit: 4, code_note: Ours}
  - id: C
    title: Further units
    kind: optional
    credits_max: 5
    units:
      - {code: C1, title: Plan your work, level: 2, credit: 3}
      - {code: C2, title: Hold meetings, level: 2, credit: 3}
"""


def written(folder: Path, *, unit: str | bytes = UNIT, pack: str = PACK) -> Path:
    """The path of a pack file that was written with its unit."""
    (folder / "units").mkdir(exist_ok=True)
    (folder / "units" / "complaints.yaml").write_bytes(unit if isinstance(unit, bytes) else unit.encode())
    path = folder / "pack.yaml"
    path.write_text(pack, encoding="utf-8")
    return path


def faults_in(path: Path) -> list[tuple[str, int, str]]:
    """File name, line and message of all that is wrong with a pack."""
    with pytest.raises(PackFaults) as caught:
        read_pack(path)
    return [(Path(fault.file).name, fault.line, fault.message) for fault in caught.value.faults]


def changed(text: str, old: str, new: str) -> str:
    """The text with the first `old` replaced; it must be there."""
    assert old in text
    return text.replace(old, new, 1)


def line_of(text: str, snippet: str) -> int:
    """The number of the last line that holds the snippet."""
    return max(number for number, line in enumerate(text.split("\n"), start=1) if snippet in line)
