"""What the program was started to do."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tsui.clock import Clock
from tsui.service.environment import Environment
from tsui.service.guards import Guards
from tsui.service.profiles import Profiles
from tsui.settings import Profile

if TYPE_CHECKING:
    from tsui.service.recording.reader import Recording
    from tsui.service.signin import Attempt

Prepare = Callable[[], Awaitable[tuple[Profile, "Attempt"]]]
"""Gets a ThingSpace of one's own going and returns how to sign in to it; raises SignInFailed."""


@dataclass(frozen=True, slots=True)
class Launch:
    """Where to begin."""

    profiles: Profiles
    """Profiles and preferences."""
    profile_name: str
    """The profile to begin with; empty for one that is not saved."""
    profile: Profile
    """What that profile says, and the command line instead of it."""
    data_folder: Path
    """Where everything is remembered."""
    clock: Clock
    """The time."""
    log_file: Path
    """Where what goes wrong is written down."""
    settings_mark: str = ""
    """Tells the settings as they are from others; empty where no picture of the screen is kept."""
    read_only: bool = False
    """Whether nothing may be changed, whatever a profile says."""
    thin: bool = False
    """Whether the link to the terminal is thin: whatever can be is spared on it."""
    view: str = ""
    """Saved view to begin with."""
    device: str = ""
    """Identifier of the device to begin with, or the end of one."""
    record: str = ""
    """File to record into; empty for none."""
    mask: bool = False
    """Whether a recording has pseudonyms in the place of identifiers."""
    recording: "Recording | None" = None
    """The recording that stands for ThingSpace; None for the real one."""
    prepare: Prepare | None = None
    """Used instead of the profile's credentials, e.g. to start a simulator first."""

    def environment(self, name: str, profile: Profile) -> Environment:
        """Return where a profile's calls go, and whether they may change anything."""
        settings = self.profiles.settings
        return Environment(
            profile.environment,
            profile.base_url,
            name,
            read_only=self.read_only or profile.read_only or settings.read_only,
            note_required=profile.note_required or settings.note_required,
            watch=profile.watch,
            guards=Guards(
                frozenset(profile.rules_off),
                profile.actions_per_day,
                profile.plan_changes_per_month,
                profile.protect,
            ),
            callback_url=profile.callback_url.rstrip("/") or _receiver_beside(profile.base_url),
            replay=f"{self.clock.now():%Y-%m-%d %H:%M} UTC" if self.recording else "",
        )


def _receiver_beside(base_url: str) -> str:
    """Return where a simulator on this machine reaches a receiver that was started as it is."""
    here = urlsplit(base_url).hostname in ("127.0.0.1", "localhost", "::1")
    return "http://127.0.0.1:28200" if here else ""
