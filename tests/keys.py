"""The README's table of keys, made from the commands: ``python -m tests.keys`` writes it."""

from pathlib import Path

from tsui.ui.commands.base import Command
from tsui.ui.commands.catalog import ALL
from tsui.ui.commands.keys import Keys
from tsui.ui.commands.prompts import PROMPT

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- keys -->\n", "<!-- /keys -->"


def table() -> str:
    """Return the table."""
    keys = Keys({})
    groups: dict[str, list[type[Command]]] = {}
    for command in ALL:
        if command not in PROMPT:
            groups.setdefault(command.group, []).append(command)
    lines: list[str] = []
    for group, commands in groups.items():
        lines += [f"| {group} | | |", "|---|---|---|"] if not lines else [f"| **{group}** | | |"]
        for command in commands:
            shown = " ".join(f"`{key}`" for key in keys.shown(command).split())
            names = " ".join(f"`:{name}`" for name in command.names)
            lines.append(f"| {shown or names} | {command.title} | {command.help()} |")
    return "\n".join(lines) + "\n"


def with_table(readme: str) -> str:
    """Return the README with the table as it has to be."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + table() + END + after


if __name__ == "__main__":
    README.write_text(with_table(README.read_text()))
