"""docxtpl and pandoc writing a book whose content lies in a file; what they need is in an environment of their own.

    python word_apart.py docxtpl|pandoc CONTENT.json MEDIA OUT.docx

CONTENT.json is a list of nodes: a line with its style, bookmark, pieces and picture, or a grid of rows of cells of
lines. Both get it in the form that they read quickest, made beforehand. Prints seconds of the processor and the most
megabytes that were held.
"""

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

EMU = 914_400
_NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_LOOK = (
    "{%r if piece.bold %}",
    "<w:r><w:rPr><w:b/></w:rPr><w:t xml:space='preserve'>{{ piece.text }}</w:t></w:r>",
    "{%r elif piece.italic %}",
    "<w:r><w:rPr><w:i/></w:rPr><w:t xml:space='preserve'>{{ piece.text }}</w:t></w:r>",
    "{%r else %}",
    "<w:r><w:t xml:space='preserve'>{{ piece.text }}</w:t></w:r>",
    "{%r endif %}",
)


def main() -> int:
    """Write one book, after reading what it is made of."""
    way, content, media, out = sys.argv[1], *map(Path, sys.argv[2:5])
    nodes = json.loads(content.read_text(encoding="utf-8"))
    seconds = {"docxtpl": by_docxtpl, "pandoc": by_pandoc}[way](nodes, media, out)
    whose = resource.RUSAGE_CHILDREN if way == "pandoc" else resource.RUSAGE_SELF
    print(json.dumps({"seconds": seconds, "memory": resource.getrusage(whose).ru_maxrss / 1024}))
    return 0


# docxtpl


def by_docxtpl(nodes: list[dict[str, Any]], media: Path, out: Path) -> float:
    """A template of one paragraph and one table, each told again for every node."""
    import docx  # noqa: PLC0415 - each way loads what it needs alone, so that its memory is its own
    from docx.shared import Emu  # noqa: PLC0415
    from docxtpl import DocxTemplate, InlineImage  # noqa: PLC0415
    from lxml import etree  # noqa: PLC0415

    document = docx.Document()
    body = document.element.body
    for element in etree.fromstring(f"<w:body {_NAMES}>{_template()}</w:body>"):
        body.insert(len(body) - 1, element)
    for name in {line["style"] for line in _lines(nodes)} - {style.style_id for style in document.styles}:
        document.styles.add_style(name, 1)
    blank = out.with_suffix(".template.docx")
    document.save(str(blank))
    began = time.process_time()
    template = DocxTemplate(str(blank))
    for line in _lines(nodes):
        for piece in line["pieces"]:
            if piece["address"]:
                piece["key"] = template.build_url_id(piece["address"])
        if line["picture"]:
            name, width, height = line["picture"]
            line["shown"] = InlineImage(template, str(media / name), Emu(width), Emu(height))
    template.render({"nodes": nodes}, autoescape=True)
    template.save(str(out))
    return time.process_time() - began


def _lines(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for node in nodes:
        found += [line for row in node["rows"] for cell in row for line in cell["lines"]] if "rows" in node else [node]
    return found


def _template() -> str:
    cell = f"<w:tc><w:tcPr><w:gridSpan w:val='{{{{ cell.columns }}}}'/></w:tcPr>{_told('cell.lines')}</w:tc>"
    row = f"<w:tr>{_tag_cell('{%tc for cell in row %}')}{cell}{_tag_cell('{%tc endfor %}')}</w:tr>"
    table = (
        "<w:tbl><w:tblPr><w:tblStyle w:val='TableGrid'/><w:tblW w:w='0' w:type='auto'/></w:tblPr>"
        "<w:tblGrid><w:gridCol w:w='900'/></w:tblGrid>"
        f"<w:tr>{_tag_cell('{%tr for row in node.rows %}')}</w:tr>{row}"
        f"<w:tr>{_tag_cell('{%tr endfor %}')}</w:tr></w:tbl>"
    )
    return (
        f"{_tag('{%p for node in nodes %}')}{_tag('{%p if node.rows %}')}{table}{_tag('{%p else %}')}"
        f"{_told('[node]')}{_tag('{%p endif %}')}{_tag('{%p endfor %}')}"
    )


def _told(lines: str) -> str:
    """Every line of a list as a paragraph."""
    anchor = "<w:hyperlink w:anchor='{{ piece.anchor }}' w:history='1'>"
    address = "<w:hyperlink r:id='{{ piece.key }}' w:history='1'>"
    look = "".join(part if part.startswith("<") else _tag_run(part) for part in _LOOK)
    pieces = (
        _tag_run("{%r for piece in line.pieces %}")
        + f"{_tag_run('{%r if piece.anchor %}')}{anchor}{look}</w:hyperlink>"
        + f"{_tag_run('{%r elif piece.address %}')}{address}{look}</w:hyperlink>"
        + f"{_tag_run('{%r else %}')}{look}{_tag_run('{%r endif %}')}"
        + _tag_run("{%r endfor %}")
    )
    marks = (
        _tag_run("{%r for mark in line.marks %}")
        + "<w:bookmarkStart w:id='{{ mark.number }}' w:name='{{ mark.name }}'/>"
        + "<w:bookmarkEnd w:id='{{ mark.number }}'/>"
        + _tag_run("{%r endfor %}")
    )
    shown = f"{_tag_run('{%r if line.picture %}')}<w:r><w:t>{{{{ line.shown }}}}</w:t></w:r>{_tag_run('{%r endif %}')}"
    paragraph = f"<w:p><w:pPr><w:pStyle w:val='{{{{ line.style }}}}'/></w:pPr>{marks}{pieces}{shown}</w:p>"
    return f"{_tag(f'{{%p for line in {lines} %}}')}{paragraph}{_tag('{%p endfor %}')}"


def _tag_run(said: str) -> str:
    return f"<w:r><w:t>{said}</w:t></w:r>"


def _tag(said: str) -> str:
    return f"<w:p>{_tag_run(said)}</w:p>"


def _tag_cell(said: str) -> str:
    return f"<w:tc><w:tcPr/>{_tag(said)}</w:tc>"


# pandoc


def by_pandoc(nodes: list[dict[str, Any]], media: Path, out: Path) -> float:
    """The whole program, reading its own JSON."""
    import subprocess  # noqa: PLC0415

    import pypandoc  # noqa: PLC0415

    blocks = [_pandoc_table(node) if "rows" in node else _pandoc_line(node, media) for node in nodes]
    tree = out.with_suffix(".json")
    tree.write_text(json.dumps({"pandoc-api-version": [1, 23, 1], "meta": {}, "blocks": blocks}), encoding="utf-8")
    program = pypandoc.get_pandoc_path()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([program, "--from=json", "--to=docx", f"--output={out}", str(tree)], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


_PLAIN = ["", [], []]


def _pandoc_line(line: dict[str, Any], media: Path) -> dict[str, Any]:
    inlines = [{"t": "Span", "c": [[mark["name"], [], []], []]} for mark in line["marks"]]
    for piece in line["pieces"]:
        said: dict[str, Any] = {"t": "Str", "c": piece["text"]}
        if piece["bold"] or piece["italic"]:
            said = {"t": "Strong" if piece["bold"] else "Emph", "c": [said]}
        target = f"#{piece['anchor']}" if piece["anchor"] else piece["address"]
        inlines.append({"t": "Link", "c": [_PLAIN, [said], [target, ""]]} if target else said)
    if line["picture"]:
        name, width, height = line["picture"]
        size = [["width", f"{width / EMU:.3f}in"], ["height", f"{height / EMU:.3f}in"]]
        inlines.append({"t": "Image", "c": [["", [], size], [], [str(media / name), ""]]})
    level = line["style"].removeprefix("Heading")
    if level != line["style"] and level.isdigit():
        return {"t": "Header", "c": [int(level), _PLAIN, inlines]}
    return {"t": "Para", "c": inlines}


def _pandoc_table(grid: dict[str, Any]) -> dict[str, Any]:
    def row(cells: list[dict[str, Any]]) -> list[Any]:
        told = [[_pandoc_line(line, Path()) for line in cell["lines"]] for cell in cells]
        spans = [cell["columns"] for cell in cells]
        default = {"t": "AlignDefault"}
        return [_PLAIN, [[_PLAIN, default, 1, span, blocks] for span, blocks in zip(spans, told, strict=True)]]

    head, *rest = [row(cells) for cells in grid["rows"]]
    widths = [[{"t": "AlignDefault"}, {"t": "ColWidthDefault"}]] * grid["columns"]
    bodies = [[_PLAIN, 0, [], rest]]
    return {"t": "Table", "c": [_PLAIN, [None, []], widths, [_PLAIN, [head]], bodies, [_PLAIN, []]]}


if __name__ == "__main__":
    raise SystemExit(main())
