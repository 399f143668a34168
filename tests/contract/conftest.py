"""Says behind the tests how much of the documented contract is covered."""

import pytest

from tests.contract.documented import CALLBACKS, CODES, COVERAGE, ENTRIES, classes_of, service_of
from tsui.thingspace.callback_messages import MESSAGES
from tsui.thingspace.codes import meaning


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the program has of all that is documented; silent under xdist."""
    services = {message.service for message in MESSAGES}
    operations = {entry["name"] for entry in ENTRIES if classes_of(entry)}
    messages = {entry["name"] for entry in CALLBACKS if service_of(entry) in services}
    rows = [row["endpoint"] for rows in COVERAGE.values() for row in rows]
    counts = {
        "operations": (len(operations), len(ENTRIES)),
        "callback messages": (len(messages), len(CALLBACKS)),
        "coverage rows": (sum(row in operations | messages for row in rows), len(rows)),
        "documented codes": (sum(meaning(each["code"]) is not None for each in CODES), len(CODES)),
    }
    told = ", ".join(f"{have} of {all_} {what}" for what, (have, all_) in counts.items())
    terminalreporter.write_line(f"contract: {told}")
