"""``tsui replay``: the dashboard on a recording, or the recording's calls for scripts."""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tsui import paths
from tsui.clock import ShiftedClock
from tsui.service.failures import RecordingFailed
from tsui.service.launch import Launch
from tsui.service.profiles import Profiles, kind_of_url
from tsui.settings import Profile, Settings, SettingsError, load
from tsui.start import complain, is_thin, run
from tsui.text import sanitize

if TYPE_CHECKING:
    from tsui.service.recording.form import Exchange
    from tsui.service.recording.reader import Recording
    from tsui.service.signin import Attempt

RARELY = 1440
"""Minutes between two readings of a fleet that cannot change."""

NEVER = 3600
"""Seconds between two looks at devices that cannot change; no setting says less often."""

BROKEN_PIPE = 141
"""Exit code of whoever writes to a reader that is gone."""


def run_replay(file: str, at: str, *, as_json: bool, thin: bool | None) -> int:
    """Open a recording, or print its calls; returns the exit code."""
    try:
        moment = _moment(at)
    except ValueError:
        complain(f"{sanitize(at, 60)} is no time; write 2026-11-20T14:00:00Z.")
        return 2
    try:
        if as_json:
            return _print(Path(file), moment)
        if not (sys.stdout.isatty() and sys.stdin.isatty()):
            return complain("The dashboard needs a terminal; --json prints the calls without one.")
        return _open(Path(file), moment, thin)
    except (RecordingFailed, SettingsError) as error:
        return complain(sanitize(str(error), 600))


def _open(file: Path, moment: datetime | None, thin: bool | None) -> int:
    from tsui.service.recording.reader import open_recording

    with tempfile.TemporaryDirectory(prefix="tsui-replay-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        recording = open_recording(file, folder / "unpacked.jsonl")
        launch = replayed(recording, folder, load(paths.settings_file()), moment, thin=thin)
        return run(launch)


def replayed(
    recording: "Recording",
    folder: Path,
    settings: Settings,
    moment: datetime | None = None,
    *,
    thin: bool | None = None,
) -> Launch:
    """Return how to begin on a recording, with a store of its own in a folder."""
    from tsui.service.recording.replay import RecordedAnswers

    clock = ShiftedClock(moment or datetime.fromtimestamp(recording.ended, UTC))
    profile = _profile(recording, clock.now())
    preferences = settings._replace(
        default_profile="",
        profiles={},
        refresh_minutes=RARELY,
        look_seconds=NEVER,
        download_folder=settings.download_folder or str(Path.cwd()),
    )

    async def prepare() -> "tuple[Profile, Attempt]":
        from tsui.credentials import Credentials
        from tsui.service.signin import Attempt

        nobody = Credentials("replay", "replay", "replay", "replay")
        answers = RecordedAnswers(recording, clock)
        return profile, Attempt(nobody, profile.account, by_operator=True, recorded=answers)

    return Launch(
        profiles=Profiles(preferences, folder / "settings.toml", folder / "credentials"),
        profile_name="",
        profile=profile,
        data_folder=folder,
        clock=clock,
        log_file=paths.log_file(),
        read_only=True,
        thin=is_thin(thin, settings),
        recording=recording,
        prepare=prepare,
    )


def _profile(recording: "Recording", moment: datetime) -> Profile:
    """Return where somebody was signed in at a moment; the first time where it was later."""
    scenes = [each for each in recording.scenes if each.at <= moment] or recording.scenes[:1]
    if not scenes:
        raise RecordingFailed(f"Nobody was signed in while {recording.path} was made; try --json.")
    scene = scenes[-1]
    is_practice = scene.environment == "simulator"
    kind = "simulator" if is_practice else kind_of_url(scene.url)
    return Profile(environment=kind, url=scene.url, account=scene.account)


def _print(file: Path, moment: datetime | None) -> int:
    try:
        for line in _told(file, moment):
            sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # Python would complain once more as it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    return 0


def _told(file: Path, moment: datetime | None) -> Iterator[str]:
    """Yield the exchanges up to a moment as JSON, each with what was decided after it."""
    from tsui.service.recording.form import Decided, Exchange
    from tsui.service.recording.reader import told_lines

    why = {
        (told.call, told.attempt): told.why
        for told, _ in told_lines(file)
        if isinstance(told, Decided)
    }
    for told, _ in told_lines(file):
        if isinstance(told, Exchange) and (moment is None or told.at <= moment):
            known = _as_data(told) | {"why": why.get((told.call, told.attempt), "")}
            # A terminal gets ASCII only, so that nothing from outside acts on it.
            yield json.dumps(known, ensure_ascii=True)


def _as_data(told: "Exchange") -> dict[str, Any]:
    from tsui.service.calls.told import body

    known = {
        name: getattr(told, name)
        for name in told.__struct_fields__
        if name not in ("at", "sent", "received")
    }
    bodies = {
        name: body(part.content.decode()) if part else None
        for name, part in (("sent", told.sent), ("received", told.received))
    }
    return {"at": told.at.isoformat()} | known | bodies


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
