"""What people write here as a page shows it."""

from portfolio.web.jinja import prose


def test_each_table_scrolls_in_a_frame_that_the_keyboard_reaches() -> None:
    shown = prose("| Cause | Redress |\n|-|-|\n| Bill | £200 |\n\nSo.\n\n| a |\n|-|\n| b |\n")
    assert shown.count('<div class="grid-frame" tabindex="0" role="group" aria-label="Table"><table>') == 2
    assert shown.count("<div") == shown.count("</div>") == 4
    assert prose("Words, `<table>` among them") == "<p>Words, <code>&lt;table&gt;</code> among them</p>"
