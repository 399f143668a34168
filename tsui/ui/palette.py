"""The palette: all commands and operations, searched by words."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Provider

from tsui.ui.commands.base import Command
from tsui.ui.commands.catalog import commands_of
from tsui.ui.screens.place import Place

if TYPE_CHECKING:
    from tsui.service.operations import OperationInfo
    from tsui.ui.app import TsuiApp


OFFERED = 20
"""Operations that are offered at most."""


class PaletteProvider(Provider):
    """Offers the commands of the screen behind the palette."""

    def _commands(self) -> list[Command]:
        return [command for command in commands_of(self._place) if not command.reason(self._place)]

    @property
    def _place(self) -> Place:
        return cast("TsuiApp", self.app).place

    async def discover(self) -> AsyncIterator[DiscoveryHit]:
        """Offer all commands before anything is typed."""
        for command in self._commands():
            yield DiscoveryHit(command.title, partial(self._place.do, command), help=command.help())

    async def search(self, query: str) -> AsyncIterator[Hit]:
        """Offer commands whose title or help fits, then operations."""
        matcher = self.matcher(query)
        for command in self._commands():
            score = max(matcher.match(command.title), matcher.match(command.help()) * 0.7)
            if score > 0:
                yield Hit(
                    score,
                    matcher.highlight(command.title),
                    partial(self._place.do, command),
                    help=command.help(),
                )
        for place, info in enumerate(await self._operations(query)):
            yield Hit(
                max(0.1, 0.6 - place / 100),
                matcher.highlight(f"{info.name}: {info.title}"),
                partial(self._open_form, info.name),
                help=info.help,
            )

    async def _operations(self, query: str) -> list[OperationInfo]:
        module = await asyncio.to_thread(importlib.import_module, "tsui.service.operations")
        found: list[OperationInfo] = module.find_operations(query)
        return found[:OFFERED]

    async def _open_form(self, name: str) -> None:
        await self._place.shell.operations.open_form(name, self._place.selected_ids())
