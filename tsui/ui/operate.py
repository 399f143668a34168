"""The way of an operation through the screens: form, question, answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tsui.service.failures import ChangeFailed, ReadFailed
from tsui.service.views import ChangeState, DeviceRow
from tsui.text import sanitize

if TYPE_CHECKING:
    from tsui.service.operations import OperationInfo
    from tsui.ui.app import TsuiApp


NEW_DEVICES = ("to", "toadd", "toremove")
"""Ends of fields for devices that must be chosen on purpose, not by where the cursor is."""


class Operate:
    """Opens forms, runs what they make and shows what comes back."""

    def __init__(self, shell: TsuiApp) -> None:
        self._shell = shell

    async def find(self, typed: str, devices: Collection[int]) -> None:
        """Open the form that was named, or the list of what fits."""
        from tsui.service.operations import the_one
        from tsui.ui.screens.operations import OperationsScreen

        if typed and (info := the_one(typed)):
            await self.open_form(info.name, devices)
        else:
            await self._shell.push_screen(OperationsScreen(typed, devices))

    async def open_form(
        self, name: str, devices: Collection[int] = (), *, values: Mapping[str, str] | None = None
    ) -> None:
        """Open the form of an operation with everything filled in that is known or given."""
        from tsui.service import forms
        from tsui.service.operations import info_of
        from tsui.ui.screens.form import FormScreen

        fields = forms.fields_of(name)
        filled = dict(await self._shell.workspace.recall(f"form:{name}", {})) | dict(values or {})
        rows = await self._shell.workspace.devices(devices)
        for field in fields:
            if field.offers == "account":
                filled[field.path] = self._shell.workspace.account
            elif rows and (text := _filled(field, rows)):
                filled[field.path] = text
        await self._shell.push_screen(FormScreen(info_of(name), fields, filled, devices))

    async def run(self, info: OperationInfo, operation: Any) -> None:
        """Read at once; ask before anything else."""
        shell = self._shell
        reason = (
            shell.connection.offline_reason if info.reads else shell.connection.no_change_reason
        )
        if reason:
            shell.flash(reason, "warn")
            return
        if info.name == "ResetPassword":
            from tsui.ui.resetting import reset_password

            await reset_password(shell)
            return
        await self._remember(info.name)
        if info.reads:
            shell.flash(f"{info.name}: asking …", "info")
            shell.background(self._read(info, operation), name=f"run {info.name}")
            return
        from tsui.service.forms import chooses_devices, devices_named
        from tsui.ui.screens.confirm import ConfirmOperation

        workspace = shell.workspace
        try:
            report = await workspace.judge(operation)
        except ChangeFailed as error:
            shell.flash(str(error), "bad")
            return
        dialog = ConfirmOperation(
            info, workspace.environment, workspace.account, operation.body(),
            devices_named(operation), report, at_large=chooses_devices(operation),
        )  # fmt: skip

        async def answered(agreed: bool | None) -> None:
            if agreed:
                shell.flash(f"{info.name}: on its way …", "info")
                work = self._change(info, operation, dialog.note, dialog.names)
                shell.background(work, name=f"run {info.name}")
            else:
                shell.flash("Nothing was sent.", "dim")

        await shell.push_screen(dialog, answered)

    async def _remember(self, name: str) -> None:
        from tsui.ui.screens.form import FormScreen

        place = self._shell.place
        if isinstance(place, FormScreen):
            await self._shell.workspace.remember(f"form:{name}", place.lasting_values())

    async def _read(self, info: OperationInfo, operation: Any) -> None:
        try:
            answer = await self._shell.workspace.ask(operation)
        except ReadFailed as error:
            self._shell.flash(f"{info.name}: {error}", "bad")
            return
        await self._show(info, answer.body)
        if info.answers != "the reply":
            self._shell.flash(
                f"The result comes by {info.answers}, to the listener that is registered.", "info"
            )

    async def _change(
        self, info: OperationInfo, operation: Any, note: str, names: frozenset[str]
    ) -> None:
        try:
            sent = await self._shell.workspace.perform(operation, note, names)
        except ChangeFailed as error:
            self._shell.flash(str(error), "bad")
            return
        if sent.state in (ChangeState.SUCCEEDED, ChangeState.ACCEPTED):
            await self._leave_form(info.name)
        if sent.state is ChangeState.SUCCEEDED:
            self._shell.flash(f"{info.name}: done.", "good")
            if sent.body:
                await self._show(info, sent.body)
        elif sent.state is ChangeState.ACCEPTED:
            self._shell.flash(f"{info.name}: accepted. 3 shows what becomes of it.", "info")
        else:
            said = sanitize(sent.problem, 300)
            self._shell.flash(f"{info.name}: {sent.state}. {said}", "bad")

    async def _leave_form(self, name: str) -> None:
        """Close the form of what was sent, so that a second key does not send it again."""
        from tsui.ui.screens.form import FormScreen

        place = self._shell.place
        if isinstance(place, FormScreen) and place.info.name == name:
            await self._shell.back()

    async def _show(self, info: OperationInfo, body: Any) -> None:
        from tsui.ui.screens.answer import AnswerScreen

        self._shell.flash(f"{info.name}: answered.", "good")
        await self._shell.attention.free(0)
        await self._shell.push_screen(AnswerScreen(info.name, body))


def _filled(field: Any, rows: Sequence[DeviceRow]) -> str:
    """Return the devices as a field of a form takes them."""
    last = field.path.rpartition(".")[2].lower()
    if not last.startswith("device") or last.endswith(NEW_DEVICES):
        return ""
    if field.shape.name == "DEVICE":
        return _named(field, rows[0]) if len(rows) == 1 else ""
    if field.shape.name == "DEVICES":
        return " ".join(_named(field, row) for row in rows)
    return ""


def _named(field: Any, row: DeviceRow) -> str:
    """Name a device; location knows it by IMEI and number."""
    wants_number = "mdn" in field.schema.get("items", {}).get("properties", {})
    if wants_number and row.imei and row.mdn:
        return f"imei:{row.imei}+mdn:{row.mdn}"
    return row.key
