"""Names of files in a bundle: what every system takes, each given once."""

import pytest

from portfolio.bundles.archive import Names


@pytest.mark.parametrize(
    ("parts", "ending", "name"),
    [
        (("E001", "", "Letter & reply: a leak?"), "scan.PDF", "E001_Letter-reply-a-leak.pdf"),
        (("E001", "v1", "../../etc/passwd"), "x", "E001_v1_etc-passwd"),
        (("Siobhán Ní Dhomhnaill",), "", "Siobhán-Ní-Dhomhnaill"),
        (("किरण",), "", "किरण"),
        (("Con",), "", "Con-2"),
        (("schema",), "", "schema-2"),
        (("...",), ".exe;rm", "file"),
        (("a" * 300,), "long.docx", f"{'a' * 60}.docx"),
    ],
)
def test_a_name_is_made_of_letters_and_digits(parts: tuple[str, ...], ending: str, name: str) -> None:
    assert Names().name(*parts, ending=ending) == name


def test_no_name_is_given_twice_whatever_its_capitals() -> None:
    names = Names()
    assert [names.name(word) for word in ("Letter", "LETTER", "letter")] == ["Letter", "LETTER-2", "letter-3"]
