"""The tables of the README: ``python -m tests.readme`` writes them."""

from pathlib import Path

from tsui.service.operations import operations
from tsui.service.rules import CHANGE_RULES, DEVICE_RULES, UNCONDITIONAL, ChangeRule, DeviceRule
from tsui.ui.commands.base import Command
from tsui.ui.commands.catalog import ALL
from tsui.ui.commands.keys import Keys
from tsui.ui.commands.prompts import PROMPT
from tsui.ui.filtering import EXPLAINED

README = Path(__file__).parent.parent / "README.md"


def keys_table() -> str:
    """Return the table of keys, made from the commands."""
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


def operations_table() -> str:
    """Return the table of operations, made from their declarations."""
    lines = ["| Operation | In the documents | It | Answered by |", "|---|---|---|---|"]
    lines += [
        f"| `{each.name}` | {each.title} | {each.effect} | {each.answers} |"
        for each in operations()
    ]
    return "\n".join(lines) + "\n"


def filter_table() -> str:
    """Return the table of what may be written into a filter, as the help has it."""
    lines = ["| Write | To find |", "|---|---|"]
    for example, sentence in EXPLAINED:
        written = example.replace("|", "\\|")
        lines.append(f"| `{written}` | {sentence} |")
    return "\n".join(lines) + "\n"


def rules_table() -> str:
    """Return the table of the rules before a change, made from the rules."""
    lines = ["| Rule | It does | Said by | `rules_off` |", "|---|---|---|---|"]
    rules: list[ChangeRule | DeviceRule] = [*CHANGE_RULES, *DEVICE_RULES]
    told = {rule.id: rule for rule in rules}
    for name, rule in sorted(told.items()):
        what = (rule.judge.__doc__ or "").strip().splitlines()[0]
        can_be_off = "no" if name in UNCONDITIONAL else "yes"
        lines.append(f"| `{name}` | {what} | {rule.source} | {can_be_off} |")
    return "\n".join(lines) + "\n"


def with_tables(readme: str) -> str:
    """Return the README with its tables as they have to be."""
    readme = _with(readme, "keys", keys_table())
    readme = _with(readme, "filter", filter_table())
    readme = _with(readme, "rules", rules_table())
    return _with(readme, "operations", operations_table())


def _with(readme: str, name: str, table: str) -> str:
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    before, _, rest = readme.partition(begin)
    _, _, after = rest.partition(end)
    return before + begin + table + end + after


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text()))
