"""Lines that scroll beside others that stay, in exactly the cells they have."""

import pytest
from rich.cells import cell_len

from tsui.ui.painted import Line, plain
from tsui.ui.widgets.fixed_pane import filled


@pytest.mark.parametrize("text", ["", "abc", "abcdefgh", "日本語メーター", "aé́b"])
@pytest.mark.parametrize("width", [1, 4, 9])
def test_a_line_fills_its_cells(text: str, width: int) -> None:
    line: Line = [(text, "text"), (text, "dim")]
    assert cell_len(plain(filled(line, width))) == width
