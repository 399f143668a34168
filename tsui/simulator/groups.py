"""Groups of devices: made, renamed and deleted, without touching devices that nobody asked for."""

from tsui.simulator.catalogue import DEFAULT_GROUP, GROUPS
from tsui.simulator.errors import rejected


class Groups:
    """The groups of one account."""

    def __init__(self) -> None:
        self.descriptions = {
            name: "" if name == DEFAULT_GROUP else f"Devices of {name}" for name in GROUPS
        }
        """Descriptions by name."""
        self._now = {name: name for name in GROUPS}
        """Present names of the groups devices were born into."""

    def present(self, born: str) -> str:
        """Return the group that devices of a group from the beginning are in now."""
        return self._now.get(born, born)

    def check(self, name: str) -> None:
        """Refuse a group that does not exist."""
        if name not in self.descriptions:
            raise rejected("REQUEST_FAILED.DeviceGroupNotFound", "The group was not found.")

    def create(self, name: str, description: str) -> None:
        """Make a group."""
        if name in self.descriptions:
            raise rejected("REQUEST_FAILED.DeviceGroup.Exists", "The group exists already.")
        self.descriptions[name] = description

    def rename(self, old: str, new: str) -> None:
        """Give a group another name."""
        self.create(new, self.descriptions[old])
        self._drop(old, new)

    def delete(self, name: str) -> None:
        """Delete a group; its devices go to the default one."""
        self.check(name)
        if name == DEFAULT_GROUP:
            raise rejected(
                "INPUT_INVALID.DeviceGroup.DeleteDefault", "The default group cannot be deleted."
            )
        self._drop(name, DEFAULT_GROUP)

    def _drop(self, name: str, instead: str) -> None:
        del self.descriptions[name]
        for born, now in self._now.items():
            if now == name:
                self._now[born] = instead
