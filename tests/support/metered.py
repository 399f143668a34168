"""The real app on a terminal in this process that counts what it is sent."""

from textual.driver import Driver
from textual.drivers.headless_driver import HeadlessDriver

from tsui.ui.app import TsuiApp


class MeteredDriver(HeadlessDriver):
    """A driver that counts bytes."""

    sent = 0

    @property
    def is_headless(self) -> bool:
        """Be taken for a real terminal, for which differences are sent."""
        return False

    def write(self, data: str) -> None:
        """Count them."""
        self.sent += len(data.encode())


class MeteredApp(TsuiApp):
    """The real app."""

    @property
    def sent(self) -> int:
        """Bytes that were sent to the terminal."""
        driver = self._driver
        return driver.sent if isinstance(driver, MeteredDriver) else 0

    def _build_driver(
        self, headless: bool, inline: bool, mouse: bool, size: tuple[int, int] | None
    ) -> Driver:
        self._driver = driver = MeteredDriver(self, mouse=mouse, size=size)
        return driver
