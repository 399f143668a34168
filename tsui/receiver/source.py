"""Where a message comes from: the other end of the socket, or what a trusted proxy says of it."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Read addresses or networks, e.g. 192.0.2.0/24; raises ValueError."""
    return tuple(ip_network(text, strict=False) for text in texts)


class Sources:
    """Who may send, and whose word counts about who sends."""

    def __init__(self, allowed: Sequence[Network], proxies: Sequence[Network]) -> None:
        self._allowed = allowed
        self._proxies = proxies

    def origin(self, peer: str, forwarded: Sequence[str]) -> str:
        """Return the address a message comes from.

        Each proxy appends the address it saw, so the last one that is not a proxy's is true;
        what stands before it may have been written by anybody.
        """
        for each in (peer, *reversed(forwarded)):
            if not _within(each, self._proxies):
                return each
        return peer

    def allows(self, origin: str) -> bool:
        """Tell whether an address may send; anybody may where there is no list."""
        return not self._allowed or _within(origin, self._allowed)


def _within(text: str, among: Sequence[Network]) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in among)
