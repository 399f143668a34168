"""What scripts work with: what is remembered, as long as they need it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tsui.service.launch import Launch
from tsui.service.workspace import Workspace


@asynccontextmanager
async def workspace_of(launch: Launch) -> AsyncIterator[Workspace]:
    """Open what is remembered of a profile's ThingSpace; nothing is read by itself.

    Raises a StoreError that says what to do.
    """
    workspace = Workspace(
        launch.data_folder,
        launch.environment(launch.profile_name, launch.profile),
        launch.profile.account,
        launch.clock,
        refresh_seconds=float("inf"),
    )
    await workspace.open()
    try:
        yield workspace
    finally:
        await workspace.close()
