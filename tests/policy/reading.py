"""The every-route table as values."""

from dataclasses import dataclass

from tests.policy.expected_routes import COLUMNS, TABLE

CODES = frozenset({"in", "200", "201", "303", "403", "404", "409", "422"})


@dataclass(frozen=True, slots=True)
class Block:
    """One method of one route, with what each column gets for each object."""

    method: str
    rule: str
    lines: tuple[tuple[str, tuple[str, ...]], ...]

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"


def read(table: str) -> list[Block]:
    """The blocks of the table; every line is checked for its shape."""
    blocks: list[tuple[str, str, list[tuple[str, tuple[str, ...]]]]] = []
    for line in filter(None, map(str.rstrip, table.splitlines())):
        if not line.startswith(" "):
            method, rule = line.split(maxsplit=1)
            blocks.append((method, rule, []))
            continue
        names, _, said = line.partition(":")
        codes = tuple(said.split())
        assert len(codes) == len(COLUMNS), line
        assert set(codes) <= CODES, line
        blocks[-1][2].extend((name.strip(), codes) for name in names.split(","))
    return [Block(method, rule, tuple(lines)) for method, rule, lines in blocks]


BLOCKS = read(TABLE)
