"""Tables with a header: whatever a spreadsheet writes is read, and what is damaged says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsui.ident import Kind
from tsui.service import csv_table
from tsui.service.csv_table import CsvTable, TableInvalid, parse
from tsui.text import csv_guard

ICCID = "89148000000000000012"


def table(text: str) -> CsvTable:
    found = parse(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "text",
    [
        f"iccid,plan\n{ICCID},P1\n",
        f"\ufeffICCID;Service Plan\r\n{ICCID};P1\r\n",
        f"iccid\tplan\r{ICCID}\tP1",
        f"sep=;\niccid;plan\n{ICCID};P1",
        f"sep=^\niccid^plan\n{ICCID}^P1",
        f'\n\n"ICCID","servicePlan"\n"{ICCID}","P1"\n\n , \n',
        f'iccid,rate plan\n="{ICCID}",="P1"\n',
        f'iccid,plan\n"=""{ICCID}""",P1\n',
    ],
)
def test_what_spreadsheets_write_is_read(text: str) -> None:
    found = table(text)
    (row,) = found.rows
    assert row.values == {"plan": "P1"}
    assert row.identifiers == [(ICCID, Kind.ICCID)]
    assert not row.is_too_long


def test_columns_are_known_by_their_names_and_others_are_told() -> None:
    names = "Custom Field 1,custom2,cf3,CustomField4,custom_5,group,Plan,site,state"
    found = table(f"MDN,{names}\n5550000012,a,b,c,d,e,g,p,x,y")
    assert list(found.values.values()) == [
        "CustomField1", "CustomField2", "CustomField3", "CustomField4", "CustomField5",
        "group", "plan",
    ]  # fmt: skip
    assert found.ignored == ["site", "state"]
    assert found.identifiers == {0: Kind.MDN}
    assert found.rows[0].values["CustomField5"] == "e"


def test_a_column_without_a_known_name_names_the_devices_by_what_stands_in_it() -> None:
    found = table(f"no,unit,plan\n1,{ICCID},P1\n2,89148000000000000020,P2\n")
    assert found.identifiers == {1: None}
    assert found.ignored == ["no"]


def test_empty_cells_say_nothing_and_lines_are_counted_as_editors_do() -> None:
    found = table(f'iccid,custom1,plan\n\n{ICCID},"two\nlines",\n{ICCID[:-1]},,P1\n')
    first, second = found.rows
    assert (first.line, first.values) == (3, {"CustomField1": "two\nlines"})
    assert (second.line, second.values) == (5, {"plan": "P1"})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        ICCID,
        f"iccid\n{ICCID}",
        f"iccid,state\n{ICCID},active",
        "Dear all, please\n",
        '"',
    ],
)
def test_text_that_gives_no_values_is_no_table(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f'iccid,plan\n{ICCID},"P1\n', "Line 2: "),
        (f'iccid,plan\n{ICCID},P1\n"{ICCID}"0,P1\n', "Line 3: "),
        (f"iccid,plan,service plan\n{ICCID},P1,P2", "Several columns mean plan"),
        ("name,plan\npump,P1", "No column names the devices"),
        (f"iccid,custom1\n{ICCID},{'x' * 200_000}", "Line 2: field larger"),
    ],
)
def test_a_table_that_cannot_be_used_says_why(text: str, why: str) -> None:
    with pytest.raises(TableInvalid, match=why):
        parse(text)


def test_a_table_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_table, "MOST_ROWS", 3)
    lines = "".join(f"{ICCID[:-1]}{each},P\n" for each in range(4))
    assert len(table(f"iccid,plan\n{lines[: len(lines) // 4 * 3]}").rows) == 3
    with pytest.raises(TableInvalid, match="may have 3 devices"):
        parse(f"iccid,plan\n{lines}")


def test_a_row_with_more_cells_than_the_header_is_known() -> None:
    found = table(f"iccid,custom1\n{ICCID},pump, north\n{ICCID},pump,\n")
    assert [row.is_too_long for row in found.rows] == [True, False]


@pytest.mark.parametrize("value", ["=1+1", "+x", "-x", "@x"])
def test_what_our_own_exports_guard_comes_back_as_it_was(value: str) -> None:
    found = table(f"iccid,custom1\n{ICCID},{csv_guard(value)}\n")
    assert found.rows[0].values == {"CustomField1": value}


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    for each in (text, f"iccid,plan\n{text}", f"iccid;custom1;plan\n{ICCID};{text}"):
        try:
            found = parse(each)
        except TableInvalid:
            continue
        assert found is None or all(row.line > 0 for row in found.rows)
