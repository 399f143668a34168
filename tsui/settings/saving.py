"""Changes to the settings file that leave the rest of it as its owner wrote it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tsui.settings.model import Profile, Settings
from tsui.settings.reading import SettingsError, Source, read, understand
from tsui.settings.view import View

if TYPE_CHECKING:
    from pathlib import Path

_BY_HAND = "please edit the file by hand"


def save_profile(path: "Path", name: str, profile: Profile, *, make_default: bool = False) -> None:
    """Write one profile into the file; all else in it stays as it was, comments included.

    Raises:
        SettingsError: The profile cannot be used, or the file cannot be edited; it is unchanged.
    """
    source = read(path)
    before = understand(source)
    expected = before._replace(
        profiles={**before.profiles, name: profile},
        default_profile=name if make_default else before.default_profile,
    )
    default = {"default_profile": name} if make_default else {}
    _save(source, ("profiles", name), profile, expected, default)


def save_view(path: "Path", name: str, view: View) -> None:
    """Write one view into the file; all else in it stays as it was, comments included.

    Raises:
        SettingsError: The view cannot be used, or the file cannot be edited; it is unchanged.
    """
    source = read(path)
    before = understand(source)
    expected = before._replace(views={**before.views, name: view})
    _save(source, ("views", name), view, expected, {})


def _save(
    source: Source,
    key: tuple[str, str],
    value: Profile | View,
    expected: Settings,
    more: Mapping[str, str],
) -> None:
    from tsui.settings.private import write_private

    edited = Source(source.path, _edited(source, key, value, more))
    if understand(edited) != expected:
        raise SettingsError(source.path, None, ".".join(key), "cannot be edited safely", _BY_HAND)
    try:
        write_private(source.path, edited.text.encode())
    except OSError as error:
        problem = f"cannot be written: {error.strerror}"
        raise SettingsError(source.path, None, "", problem) from error


def _edited(
    source: Source, key: tuple[str, str], value: Profile | View, more: Mapping[str, str]
) -> str:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError
    from tomlkit.items import InlineTable

    heading, name = key
    try:
        document: Any = tomlkit.parse(source.text)
        tables = document.setdefault(heading, tomlkit.table(is_super_table=True))
        inline = isinstance(tables, InlineTable)
        table = tables.setdefault(name, tomlkit.inline_table() if inline else tomlkit.table())
        _fill(table, value)
        document.update(more)
        return tomlkit.dumps(document)
    except TOMLKitError as error:
        raise SettingsError(source.path, None, "", "cannot be edited", _BY_HAND) from error


def _fill(table: Any, value: Profile | View) -> None:
    for field, each in value._asdict().items():
        plain = list(each) if isinstance(each, tuple) else each
        if each == value._field_defaults[field]:
            table.pop(field, None)
        elif table.get(field) != plain:
            table[field] = plain
