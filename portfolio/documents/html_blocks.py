"""Sanitised HTML to blocks. Event by event, without recursion: depth costs nothing."""

from html.parser import HTMLParser

from portfolio.documents.blocks import (
    Block,
    CodeBlock,
    Heading,
    ListItem,
    Paragraph,
    Quote,
    Rule,
    Run,
    Table,
    merged,
)

_MAX_LEVEL = 8
_HEADINGS = {f"h{n}": n for n in range(1, 7)}


def blocks_of_html(clean: str) -> tuple[Block, ...]:
    """Blocks of HTML that passed the allow-list of `markdown.safe_html`; the tags outside it count as their text."""
    reader = _Reader()
    reader.feed(clean)
    reader.close()
    reader.finish()
    return tuple(reader.blocks)


class _Reader(HTMLParser):
    """Collects runs until a block ends, then adds the block that the open tags ask for."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._runs: list[Run] = []
        self._bold = self._italic = self._code = 0
        self._links: list[str | None] = []
        self._lists: list[tuple[bool, int]] = []
        self._list_count = 0
        self._item_open = False
        self._quotes = 0
        self._heading = 0
        self._preformatted = False
        self._rows: list[list[tuple[Run, ...]]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        match tag:
            case "strong" | "th":
                self._bold += 1
            case "em":
                self._italic += 1
            case "code":
                self._code += 1
            case "a":
                self._links.append(dict(attrs).get("href"))
            case "br":
                self._add("\n")
            case _:
                self._open_block(tag)
        if tag == "th":
            self._runs = []

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "strong":
                self._bold = max(0, self._bold - 1)
            case "em":
                self._italic = max(0, self._italic - 1)
            case "code":
                self._code = max(0, self._code - 1)
            case "a":
                if self._links:
                    self._links.pop()
            case "th" | "td":
                self._close_cell(tag)
            case _:
                self._close_block(tag)

    def handle_data(self, data: str) -> None:
        if self._preformatted:
            self._runs.append(Run(data))
            return
        text = data.replace("\n", " ")
        if self._runs and self._runs[-1].text.endswith("\n"):
            text = text.lstrip(" ")
        if text.strip() or self._runs:
            self._add(text)

    def finish(self) -> None:
        """Adds what is still open when the text ends."""
        self._flush()
        self._close_block("table")

    def _add(self, text: str) -> None:
        link = self._links[-1] if self._links else None
        self._runs.append(Run(text, self._bold > 0, self._italic > 0, self._code > 0, link))

    def _open_block(self, tag: str) -> None:
        if self._rows is not None:
            if tag == "tr":
                self._rows.append([])
            elif tag == "td":
                self._runs = []
            return
        self._flush()
        match tag:
            case "ul" | "ol":
                self._list_count += 1
                self._lists.append((tag == "ol", self._list_count))
            case "li":
                self._item_open = True
            case "blockquote":
                self._quotes += 1
            case "pre":
                self._preformatted = True
            case "table":
                self._rows = []
            case "hr":
                self.blocks.append(Rule())
            case _:
                self._heading = _HEADINGS.get(tag, 0)

    def _close_block(self, tag: str) -> None:
        if self._rows is not None:
            if tag == "table":
                rows = tuple(tuple(row) for row in self._rows if row)
                self._rows = None
                self._bold = 0
                self._runs = []
                if rows:
                    self.blocks.append(Table(rows))
            return
        self._flush()
        match tag:
            case "ul" | "ol":
                if self._lists:
                    self._lists.pop()
                self._item_open = False
            case "li":
                self._item_open = False
            case "blockquote":
                self._quotes = max(0, self._quotes - 1)
            case "pre":
                self._preformatted = False
            case _:
                self._heading = 0

    def _close_cell(self, tag: str) -> None:
        if tag == "th":
            self._bold = max(0, self._bold - 1)
        if self._rows is None:
            self._flush()
            return
        if not self._rows:
            self._rows.append([])
        self._rows[-1].append(_trimmed(self._runs))
        self._runs = []

    def _flush(self) -> None:
        """Ends the block at hand, if it has any text."""
        runs = merged(self._runs) if self._preformatted else _trimmed(self._runs)
        self._runs = []
        if not runs:
            return
        self.blocks.append(self._block(runs))

    def _block(self, runs: tuple[Run, ...]) -> Block:
        if self._preformatted:
            return CodeBlock("".join(run.text for run in runs).rstrip("\n"))
        if self._heading:
            return Heading(max(1, self._heading - 2), runs)
        if self._lists:
            level = min(len(self._lists), _MAX_LEVEL + 1) - 1
            if self._item_open:
                self._item_open = False
                ordered, number = self._lists[-1]
                return ListItem(runs, level, ordered, number)
            return Paragraph(runs, level + 1)
        return Quote(runs) if self._quotes else Paragraph(runs)


def _trimmed(runs: list[Run]) -> tuple[Run, ...]:
    """Runs without the white space and line breaks that start and end a block."""
    joined = list(merged(runs))
    while joined:
        first = joined[0]
        text = first.text.lstrip()
        if text:
            joined[0] = Run(text, first.bold, first.italic, first.code, first.link)
            break
        joined.pop(0)
    while joined:
        last = joined[-1]
        text = last.text.rstrip()
        if text:
            joined[-1] = Run(text, last.bold, last.italic, last.code, last.link)
            break
        joined.pop()
    return tuple(joined)
