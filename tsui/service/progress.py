"""Progress of a batch: how far it is, how fast, and how long it will take."""

from typing import NamedTuple


class Progress(NamedTuple):
    """How far a batch is that is being sent."""

    batch: str
    """Its name in the journal."""
    title: str
    """What is done, in words."""
    total: int
    """Devices to send for."""
    sent: int
    """Devices whose request has been sent."""
    seconds: float
    """Seconds since it began."""
    is_held: bool = False
    """Whether it waits for devices to be over with the change before."""

    @property
    def rate(self) -> float:
        """Devices a second; 0 while nothing has been sent."""
        return self.sent / self.seconds if self.seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Seconds until all is sent at this rate; None while there is no rate."""
        return (self.total - self.sent) / self.rate if self.rate else None
