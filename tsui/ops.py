"""``tsui ops``: the operations of the API, for people and for scripts."""

import json

import click

from tsui.service.forms import FormField, Shape, fields_of
from tsui.service.operations import OperationInfo, find_operations, the_one


def print_ops(words: str, *, as_json: bool) -> int:
    """Print the operations that fit, or one with its fields; returns the exit code."""
    found = find_operations(words)
    if not found:
        click.echo(f"tsui: No operation fits {words!r}.", err=True)
        return 2
    if words and (one := the_one(words)):
        found = [one]
    if as_json:
        click.echo(json.dumps([_as_data(each) for each in found], indent=2, ensure_ascii=False))
    elif len(found) == 1:
        click.echo("\n".join(_page(found[0])))
    else:
        click.echo("\n".join(_list(found)))
    return 0


def _list(found: list[OperationInfo]) -> list[str]:
    width = max(len(each.name) for each in found)
    lines: list[str] = []
    area = ""
    for each in found:
        if each.area != area:
            area = each.area
            lines += ["", area] if lines else [area]
        lines.append(f"  {each.name:<{width}}  {each.effect:<14}  {each.answers}")
    counts = sum(each.answers != "the reply" for each in found)
    return [*lines, "", f"{len(found)} operations, {counts} of them answered by callback."]


def _page(info: OperationInfo) -> list[str]:
    lines = [
        f"{info.name}: {info.title}",
        f"  {info.help}",
        f"  {info.request}",
        f"  {info.effect}, answered by {info.answers}",
    ]
    if fields := fields_of(info.name):
        lines += ["", "Fields (* required)"]
    for field in fields:
        lines.append(f"  {'*' if field.required else ' '} {field.path}: {_allowed(field)}")
        if field.help:
            lines.append(f"      {field.help}")
    return lines


def _allowed(field: FormField) -> str:
    if field.choices:
        return " | ".join(field.choices)
    shape = "" if field.shape is Shape.TEXT and field.limits else field.shape.value
    return ", ".join(filter(None, (shape, field.limits)))


def _as_data(info: OperationInfo) -> dict[str, object]:
    return {
        **info._asdict(),
        "fields": [
            {
                "path": each.path,
                "required": each.required,
                "shape": each.shape.value,
                "choices": each.choices,
                "limits": each.limits,
                "help": each.help,
            }
            for each in fields_of(info.name)
        ],
    }
