"""Commands that run any operation of the API by its form; a change asks before it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from tsui.ui.commands.base import Command
from tsui.ui.commands.lists import TableCommand
from tsui.ui.commands.messages import ComposeSms

if TYPE_CHECKING:
    from tsui.ui.screens.answer import AnswerScreen
    from tsui.ui.screens.form import FormScreen
    from tsui.ui.screens.list_place import ListPlace
    from tsui.ui.screens.place import Place


class FindOperation(Command):
    """Open the form of any operation by its name, initials or words, e.g. :op sms."""

    title = "Operation"
    names = ("op", "operation")
    argument = "[WORDS]"

    async def run(self, place: Place, argument: str = "") -> None:
        """Open the form, or the list of what fits."""
        await place.shell.operations.find(argument, place.selected_ids())


class OperationCommand(Command):
    """Open the form of one operation for the marked devices, or for the one under the cursor."""

    operation: ClassVar[str]
    """The operation."""
    group = "On a device, or on the marked devices"

    def reason(self, place: Place) -> str:
        """Need a device; whether anything may be sent is asked before it is."""
        return place.no_device_reason

    async def run(self, place: Place, argument: str = "") -> None:
        """Open the form with the devices filled in."""
        await place.shell.operations.open_form(self.operation, place.selected_ids())


class SetMonitor(OperationCommand):
    """Have ThingSpace watch whether the device can be reached; nothing is sent before you agree."""

    title = "Monitor"
    keys = "m"
    names = ("monitor",)
    operation = "MonitorReachability"

    def reason(self, place: Place) -> str:
        """Need a device, and somebody signed in who may change something."""
        return super().reason(place) or place.shell.connection.no_change_reason

    async def run(self, place: Place, argument: str = "") -> None:
        """Ask what to watch, and for how long."""
        from tsui.ui.monitoring import new_monitor

        await new_monitor(place.shell, place.selected_ids())


class Locate(OperationCommand):
    """Ask where the device is."""

    title = "Locate"
    keys = "l"
    names = ("locate",)
    operation = "FindLocations"


class EditCustomFields(OperationCommand):
    """Write custom fields."""

    title = "Custom fields"
    keys = "F"
    names = ("fields",)
    operation = "ChangeCustomFields"


class EditCostCenter(OperationCommand):
    """Set or remove the cost center."""

    title = "Cost center"
    keys = "C"
    names = ("cost",)
    operation = "ChangeCostCenter"


class EditContact(OperationCommand):
    """Write name and address of whoever uses the device."""

    title = "Contact"
    keys = "N"
    names = ("contact",)
    operation = "ChangeContactInfo"


class SwapIdentifier(OperationCommand):
    """Swap the device, the SIM or the number of a line."""

    title = "Swap"
    keys = "I"
    names = ("swap",)
    operation = "ChangeIdentifier"


class MoveAccount(OperationCommand):
    """Move the line to another account."""

    title = "Move"
    keys = "M"
    names = ("move",)
    operation = "MoveDevices"


class GoToCustomState(OperationCommand):
    """Bring the line into a state of a customer-defined service."""

    title = "Custom state"
    names = ("state",)
    operation = "GoToState"


class DeleteLine(OperationCommand):
    """Delete a deactive device from the account."""

    title = "Delete"
    keys = "X"
    names = ("delete",)
    operation = "DeleteDevices"


DEVICE_FORMS: tuple[type[Command], ...] = (
    ComposeSms,
    SetMonitor,
    Locate,
    EditCustomFields,
    EditCostCenter,
    EditContact,
    SwapIdentifier,
    MoveAccount,
    GoToCustomState,
    DeleteLine,
)
"""Commands that open a form for devices."""


class FormCommand(TableCommand):
    """Something one can do with a form."""

    group = "In a form"

    async def run_in(self, place: ListPlace) -> None:
        """Do it with the form in view."""
        await self.run_with(cast("FormScreen", place))

    async def run_with(self, form: FormScreen) -> None:
        """Do it with this form."""
        raise NotImplementedError


class RunRead(FormCommand):
    """Send the request if it only reads."""

    title = "Read"
    keys = "r"
    hint = 20

    def applies(self, place: Place) -> bool:
        """Apply in the form of a read."""
        return super().applies(place) and cast("FormScreen", place).info.reads

    async def run_with(self, form: FormScreen) -> None:
        """Read."""
        await form.run_operation()


class SendChange(FormCommand):
    """Show the request once more and send it when you agree."""

    title = "Send"
    keys = "S"
    hint = 20

    def applies(self, place: Place) -> bool:
        """Apply in the form of a change."""
        return super().applies(place) and not cast("FormScreen", place).info.reads

    async def run_with(self, form: FormScreen) -> None:
        """Ask."""
        await form.run_operation()


class Preview(FormCommand):
    """Show the request's body exactly as it would be sent."""

    title = "Preview"
    keys = "p"
    hint = 30

    async def run_with(self, form: FormScreen) -> None:
        """Show it."""
        await form.preview()


class CopyCurl(FormCommand):
    """Copy the request as a curl command; secrets stay variables."""

    title = "Copy as curl"
    keys = "c"
    hint = 40

    async def run_with(self, form: FormScreen) -> None:
        """Copy it."""
        await form.copy_curl()


class ClearField(FormCommand):
    """Empty the field."""

    title = "Clear"
    keys = "delete,backspace"
    hint = 50

    async def run_with(self, form: FormScreen) -> None:
        """Empty it."""
        form.clear_field()


FORM: tuple[type[Command], ...] = (RunRead, SendChange, Preview, CopyCurl, ClearField)
"""Commands of a form."""


class SwitchTree(TableCommand):
    """Show the answer as a tree, or as a table again."""

    title = "Tree / table"
    keys = "t"
    group = "In an answer"
    hint = 20

    async def run_in(self, place: ListPlace) -> None:
        """Switch."""
        await cast("AnswerScreen", place).switch_tree()


ANSWER: tuple[type[Command], ...] = (SwitchTree,)
"""Commands of an answer."""
