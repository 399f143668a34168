"""Changes to the settings file that leave the rest of it as its owner wrote it."""

from typing import TYPE_CHECKING, Any

from tsui.settings.model import Profile
from tsui.settings.reading import SettingsError, Source, read, understand

if TYPE_CHECKING:
    from pathlib import Path

_BY_HAND = "please edit the file by hand"


def save_profile(path: "Path", name: str, profile: Profile, *, make_default: bool = False) -> None:
    """Write one profile into the file; all else in it stays as it was, comments included.

    Raises:
        SettingsError: The profile cannot be used, or the file cannot be edited; it is unchanged.
    """
    from tsui.settings.private import write_private

    source = read(path)
    before = understand(source)
    edited = Source(path, _edited(source, name, profile, make_default=make_default))
    expected = before._replace(
        profiles={**before.profiles, name: profile},
        default_profile=name if make_default else before.default_profile,
    )
    if understand(edited) != expected:
        raise SettingsError(path, None, f"profiles.{name}", "cannot be edited safely", _BY_HAND)
    try:
        write_private(path, edited.text.encode())
    except OSError as error:
        raise SettingsError(path, None, "", f"cannot be written: {error.strerror}") from error


def _edited(source: Source, name: str, profile: Profile, *, make_default: bool) -> str:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError
    from tomlkit.items import InlineTable

    try:
        document: Any = tomlkit.parse(source.text)
        profiles = document.setdefault("profiles", tomlkit.table(is_super_table=True))
        inline = isinstance(profiles, InlineTable)
        table = profiles.setdefault(name, tomlkit.inline_table() if inline else tomlkit.table())
        _fill(table, profile)
        if make_default:
            document["default_profile"] = name
        return tomlkit.dumps(document)
    except TOMLKitError as error:
        raise SettingsError(source.path, None, "", "cannot be edited", _BY_HAND) from error


def _fill(table: Any, profile: Profile) -> None:
    for field, value in profile._asdict().items():
        plain = list(value) if isinstance(value, tuple) else value
        if value == Profile._field_defaults[field]:
            table.pop(field, None)
        elif table.get(field) != plain:
            table[field] = plain
