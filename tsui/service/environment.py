"""Which ThingSpace this is: never to be mistaken for another one."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tsui.service.guards import Guards


@dataclass(frozen=True, slots=True)
class Environment:
    """Where calls go, and how careful one has to be there."""

    kind: str
    """``production``, ``staging``, ``simulator`` or ``custom``."""
    base_url: str
    """Scheme, host and port."""
    profile: str = ""
    """The settings' name for it; empty when there is none."""
    read_only: bool = False
    """Whether nothing may be changed."""
    note_required: bool = False
    """Whether a change needs a note that says why."""
    callback_url: str = ""
    """The address in front of every path of our receiver, as ThingSpace reaches it."""
    watch: tuple[str, ...] = ()
    """Keys of devices that are read more often than the others."""
    guards: Guards = field(default_factory=Guards)
    """What the profile forbids or makes harder."""

    replay: str = ""
    """The moment at which a recording began to stand for it; empty for the real one."""

    @property
    def host(self) -> str:
        """Host and port."""
        return urlsplit(self.base_url).netloc

    @property
    def is_live(self) -> bool:
        """Whether real lines are behind it; an unknown environment counts as live."""
        return self.kind not in ("simulator", "staging")

    @property
    def folder_name(self) -> str:
        """A name for the folder of what is remembered of it."""
        return re.sub(r"[^A-Za-z0-9.]+", "-", self.host).strip("-.") or "unknown"
