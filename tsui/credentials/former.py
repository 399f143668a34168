"""Former listeners: whose messages a service had before we took it, password and all.

To give a service back, the password has to be told to the platform again. So it is kept, in a file
for its owner alone, until then.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from tsui.credentials.errors import CredentialsError
from tsui.credentials.files import read_private, shown
from tsui.settings.private import write_private


@dataclass(frozen=True, slots=True)
class FormerListener:
    """Where the messages of a service went; an empty URL means nowhere."""

    url: str = ""
    """Where they went."""
    username: str = ""
    """What they carried."""
    password: str = ""
    """What they carried."""

    def __repr__(self) -> str:
        return "FormerListener(hidden)"


class FormerListeners:
    """The former listeners of one environment."""

    def __init__(self, name: str, folder: Path) -> None:
        self._path = folder / f"{name}.former-listeners.json"

    def all(self, account: str) -> dict[str, FormerListener]:
        """Return the former listeners of an account by service; raises CredentialsError."""
        return self._read().get(account, {})

    def keep(self, account: str, service: str, former: FormerListener | None) -> None:
        """Remember a former listener, or forget it; raises CredentialsError."""
        known = self._read()
        services = known.setdefault(account, {})
        if former is None:
            services.pop(service, None)
        else:
            services[service] = former
        content = {
            name: {each: asdict(listener) for each, listener in listeners.items()}
            for name, listeners in known.items()
        }
        try:
            write_private(self._path, json.dumps(content).encode())
        except OSError as error:
            raise CredentialsError(
                f"{shown(self._path)} cannot be written: {error.strerror}."
            ) from None

    def _read(self) -> dict[str, dict[str, FormerListener]]:
        content = read_private(self._path)
        if content is None:
            return {}
        try:
            return {
                account: {name: FormerListener(**listener) for name, listener in services.items()}
                for account, services in json.loads(content).items()
            }
        except (ValueError, TypeError, AttributeError):
            raise CredentialsError(f"{shown(self._path)} holds no listeners.") from None
