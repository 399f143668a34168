"""Textual's own DataTable with as many rows as the argument says: the peer of our list."""

import sys

from textual.app import App, ComposeResult
from textual.widgets import DataTable


class StockTable(App[None]):
    def compose(self) -> ComposeResult:
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("ICCID", "STATE", "LAST SEEN", "CUSTOM 1", "PLAN", "GROUP", "IMEI")
        table.add_rows(
            (
                f"8914800000{number:010d}",
                "● active",
                "11-20 14:00",
                f"Boston water meter {number}",
                "M2M5MB",
                "Boston meters",
                f"35{number:013d}",
            )
            for number in range(int(sys.argv[1]))
        )


if __name__ == "__main__":
    StockTable().run()
