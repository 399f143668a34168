"""What journeys with a receiver process share."""

from pathlib import Path
from typing import NamedTuple

from tsui.credentials.callback import CallbackKeys, callback_keys
from tsui.service.workspace import Workspace
from tsui.thingspace.callbacks import RegisterListener


class Receiver(NamedTuple):
    """A receiver that runs."""

    base_url: str
    data_folder: Path
    config_folder: Path


async def listen(made: Workspace, receiver: Receiver, service: str) -> CallbackKeys:
    """Have a callback service told to the receiver."""
    keys = callback_keys(made.environment.folder_name, receiver.config_folder, {})
    assert keys is not None
    assert made.online is not None
    await made.online.client.send(
        RegisterListener(
            account_name=made.account,
            name=service,
            url=f"{receiver.base_url}/{keys.path}/{service}",
            username=keys.username,
            password=keys.password,
        )
    )
    return keys
