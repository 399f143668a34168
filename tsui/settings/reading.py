"""From the file to settings, and from a mistake in it to a sentence that names the line."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, get_args, get_origin

from tsui.settings.model import (
    MessageSettings,
    Profile,
    Settings,
    first_problem,
    is_profile_name,
    is_time_of_day,
)
from tsui.settings.view import (
    COLUMNS,
    LONGEST_NAME,
    NO_VIEWS,
    View,
    columns_trouble,
    is_view_name,
)
from tsui.text import sanitize

if TYPE_CHECKING:
    from pathlib import Path

_SECRET_WORDS = ("passw", "passphrase", "pwd", "secret", "token")

_NO_SECRETS = (
    'no secret belongs in this file: "tsui login" stores it, and "secrets" says where it is kept'
)


class SettingsError(Exception):
    """A settings file that cannot be used or written; its text is one sentence, without values."""

    def __init__(
        self, path: "Path", line: int | None, key: str, problem: str, hint: str = ""
    ) -> None:
        self.path = path
        """The settings file."""
        self.line = line
        """The line that has to be changed, counted from 1; None where no line is to blame."""
        self.key = sanitize(key)
        """The dotted name of the setting; empty where the file as a whole is meant."""
        self.problem = sanitize(problem)
        """What is wrong with it."""
        self.hint = sanitize(hint)
        """What is allowed, or what was probably meant."""
        where = f"{path}, line {line}" if line else str(path)
        what = " ".join(filter(None, (self.key, self.problem)))
        super().__init__("; ".join(filter(None, (f"{sanitize(where)}: {what}", self.hint))))


class Source(NamedTuple):
    """The text of a settings file, and the path to name when it is wrong."""

    path: "Path"
    """Where it is."""
    text: str
    """What it says; empty if there is no such file."""

    def error(self, key: Sequence[str], problem: str, hint: str = "") -> SettingsError:
        """Return an error about a key, with the line it is on."""
        return SettingsError(self.path, line_of(self.text, key), ".".join(key), problem, hint)


def load(path: "Path") -> Settings:
    """Return what the file says; a file that does not exist says nothing, so all is default.

    Raises:
        SettingsError: The file cannot be read, or says something that is not allowed.
    """
    return understand(read(path))


def read(path: "Path") -> Source:
    """Return the text of the file.

    Raises:
        SettingsError: It cannot be read, or is no text.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Source(path, "")
    except OSError as error:
        raise SettingsError(path, None, "", f"cannot be read: {error.strerror}") from error
    try:
        return Source(path, content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SettingsError(path, line, "", "is not UTF-8 text") from error


def understand(source: Source) -> Settings:
    """Return what a text says.

    Raises:
        SettingsError: It says something that is not allowed.
    """
    if not source.text:
        return Settings()
    values = _checked(source, (), _parsed(source), Settings)
    profiles = {
        name: _profile(source, name, table) for name, table in values.get("profiles", {}).items()
    }
    views = {name: _view(source, name, table) for name, table in values.get("views", {}).items()}
    settings = Settings(
        **{
            **values,
            "profiles": MappingProxyType(profiles),
            "views": MappingProxyType(views) if views else NO_VIEWS,
            "messages": _messages(source, values.get("messages", {})),
        }
    )
    wanted = settings.default_profile
    if wanted and wanted not in profiles:
        raise source.error(("default_profile",), "names no profile", _nearest(wanted, profiles))
    if not settings.shifts or not all(map(is_time_of_day, settings.shifts)):
        raise source.error(("shifts",), "must hold times of day", 'e.g. ["06:00", "18:00"]')
    return settings


def line_of(text: str, key: Sequence[str]) -> int | None:
    """Return the line of a TOML text on which a key, or else the table that lacks it, begins.

    The parser gives no positions, but it can be asked: a key begins on the last line of the
    shortest beginning of the text that has to be read to learn of it.
    """
    lines = text.split("\n")
    for length in range(len(key), 0, -1):
        number = _first_line_with(lines, key[:length])
        if number <= len(lines):
            return number
    return None


def _parsed(source: Source) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        problem, _, place = str(error).rpartition(" (at ")
        number = place.removeprefix("line ").partition(",")[0]
        line = int(number) if number.isdigit() else source.text.rstrip().count("\n") + 1
        raise SettingsError(source.path, line, "", f"this is not TOML: {problem}") from error


def _profile(source: Source, name: str, table: Mapping[str, Any]) -> Profile:
    key = ("profiles", name)
    if not is_profile_name(name):
        raise source.error(key, "is no name for a profile", "use letters, digits, . _ and -")
    profile = Profile(**_checked(source, key, table, Profile))
    if problem := first_problem(profile):
        raise source.error((*key, problem.field), problem.text, problem.hint)
    return profile


def _view(source: Source, name: str, table: Mapping[str, Any]) -> View:
    key = ("views", name)
    if not is_view_name(name):
        raise source.error(key, "is no name for a view", f"up to {LONGEST_NAME} characters")
    view = View(**_checked(source, key, table, View))
    problem, unknown = columns_trouble(view.columns)
    if problem:
        hint = unknown and (_nearest(unknown, COLUMNS) or f"known here: {', '.join(COLUMNS)}")
        raise source.error((*key, "columns"), problem, hint)
    return view


def _messages(source: Source, table: Mapping[str, Any]) -> MessageSettings:
    return MessageSettings(**_checked(source, ("messages",), table, MessageSettings))


def _checked(
    source: Source, key: tuple[str, ...], table: Mapping[str, Any], model: type[NamedTuple]
) -> dict[str, Any]:
    kinds: Mapping[str, Any] = model.__annotations__
    values = {}
    for name, value in table.items():
        if name not in kinds:
            raise _unknown(source, (*key, name), value, kinds)
        if expected := _mismatch(kinds[name], value):
            hint = _meant(kinds[name], value)
            raise source.error((*key, name), f"must be {expected}", hint)
        values[name] = tuple(value) if isinstance(value, list) else value
    return values


def _unknown(
    source: Source, key: tuple[str, ...], value: object, known: Iterable[str]
) -> SettingsError:
    if secret := _secret_within(key, value):
        return source.error(secret, "looks like a secret", _NO_SECRETS)
    hint = _nearest(key[-1], known) or f"known here: {', '.join(known)}"
    return source.error(key, "is not a setting", hint)


def _secret_within(key: tuple[str, ...], value: object) -> tuple[str, ...] | None:
    name = key[-1].casefold()
    if name.endswith("key") or any(word in name for word in _SECRET_WORDS):
        return key
    inner = value.items() if isinstance(value, dict) else ()
    return next(filter(None, (_secret_within((*key, name), item) for name, item in inner)), None)


def _meant(kind: Any, value: object) -> str:
    """Return which of the allowed words was probably meant."""
    if isinstance(value, str):
        return _nearest(value, get_args(kind))
    if isinstance(value, list) and (allowed := _words_of(kind)):
        wrong = [each for each in value if isinstance(each, str) and each not in allowed]
        return _nearest(wrong[0], allowed) if wrong else ""
    return ""


def _words_of(kind: Any) -> tuple[str, ...]:
    """Return the words that a list may hold; empty where it may hold any."""
    inner = get_args(kind)[:1] if get_origin(kind) is tuple else ()
    return get_args(inner[0]) if inner and get_origin(inner[0]) is Literal else ()


def _mismatch(kind: Any, value: object) -> str:
    if listed := _words_of(kind):
        fits = isinstance(value, list) and all(each in listed for each in value)
        return "" if fits else "a list of some of " + ", ".join(f'"{word}"' for word in listed)
    if get_origin(kind) is Literal:
        allowed = get_args(kind)
        return "" if value in allowed else "one of " + ", ".join(f'"{word}"' for word in allowed)
    if get_origin(kind) is Annotated:
        low, high = get_args(kind)[1]
        fits = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return "" if fits else f"a whole number from {low} to {high}"
    if kind in (bool, str):
        words = "true or false" if kind is bool else "text in quotes"
        return "" if isinstance(value, kind) else words
    if kind == tuple[str, ...]:
        fits = isinstance(value, list) and _all(str, value)
        return "" if fits else 'a list of texts, e.g. ["pass", "show", "tsui"]'
    if kind == Mapping[str, str]:
        fits = isinstance(value, dict) and _all(str, value.values())
        return "" if fits else "texts under a heading, e.g. [keys]"
    fits = isinstance(value, dict) and _all(dict, value.values())
    examples = {Mapping[str, View]: "[views.trucks]", MessageSettings: "[messages.templates]"}
    example = examples.get(kind, "[profiles.lab]")
    return "" if fits else f"settings under headings of their own, e.g. {example}"


def _all(kind: type, values: Iterable[object]) -> bool:
    return all(isinstance(value, kind) for value in values)


def _nearest(name: str, known: Iterable[object]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, [word for word in known if isinstance(word, str)], 1)
    return f'did you mean "{near[0]}"?' if near else ""


def _first_line_with(lines: Sequence[str], key: Sequence[str]) -> int:
    import bisect
    import tomllib

    def knows(number: int) -> bool:
        for end in range(number, len(lines) + 1):
            try:
                table = tomllib.loads("\n".join(lines[:end]))
            except tomllib.TOMLDecodeError:
                continue  # in the middle of a value of several lines
            return _has(table, key)
        return False

    return bisect.bisect_left(range(len(lines) + 1), True, lo=1, key=knows)


def _has(table: Any, key: Sequence[str]) -> bool:
    for name in key:
        if not isinstance(table, dict) or name not in table:
            return False
        table = table[name]
    return True
