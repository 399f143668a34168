"""The platform's error codes in plain words, each with what to do about it."""

from typing import NamedTuple


class Meaning(NamedTuple):
    """What an error code says, and the next step."""

    sentence: str
    """What is wrong, in plain words."""
    next_step: str
    """What the operator can do."""


_ACCOUNT = "Check the account name in the profile; leading zeros count."
_LOGIN = "Sign in again."
_REPORT = "Look at the request in the trace and report it with its time."

_MEANINGS = {
    "INPUT_INVALID.Request.InvalidCharacter": Meaning(
        "A field holds an apostrophe, a < or a backslash, which ThingSpace refuses.",
        "Take the character out and send again.",
    ),
    "INPUT_INVALID.RequestUndefined": Meaning("ThingSpace received an empty request.", _REPORT),
    "REQUEST_FAILED.UnexpectedError": Meaning(
        "ThingSpace failed without saying why.", "Wait for what the device shows, then try again."
    ),
    "DeserializationFailed": Meaning("ThingSpace misses a required field.", _REPORT),
    "REQUEST_FAILED.SessionToken.Expired": Meaning(
        "The session ended after 20 idle minutes.", _LOGIN
    ),
    "REQUEST_FAILED.SessionToken.Format": Meaning("The session token is missing.", _LOGIN),
    "INPUT_INVALID.SessionToken.Invalid": Meaning("ThingSpace does not know this session.", _LOGIN),
    "INPUT_INVALID.Account.NotDefined": Meaning("ThingSpace needs an account name.", _ACCOUNT),
    "REQUEST_FAILED.AccountName": Meaning("This user has no access to the account.", _ACCOUNT),
    "REQUEST_FAILED.AccountNotFound": Meaning("ThingSpace does not know the account.", _ACCOUNT),
    "REQUEST_FAILED.NoAccounts": Meaning(
        "This user has no account at all.", "Ask the account's owner for access."
    ),
    "REQUEST_FAILED.MultipleAccounts": Meaning(
        "This user has several accounts and must name one.", _ACCOUNT
    ),
    "INPUT_INVALID.Device.Kind.Invalid": Meaning(
        "ThingSpace does not know this kind of identifier.", "Use iccid, imei or mdn."
    ),
    "INPUT_INVALID.Device.Identifier.Invalid": Meaning(
        "An identifier does not fit its kind.", "Check the digits."
    ),
    "REQUEST_FAILED.DeviceNotFound": Meaning(
        "The device is not on this account.",
        "Refresh the list; it may have been deleted or moved to another account.",
    ),
    "INPUT_INVALID.CustomField.InvalidName": Meaning(
        "Custom fields are named CustomField1 to CustomField5.", "Correct the name."
    ),
    "INPUT_INVALID.CustomField.TooLong": Meaning(
        "A custom field holds at most 50 characters.", "Shorten it."
    ),
    "INPUT_INVALID.MaxRequestsExceeded": Meaning(
        "Too many devices in one request.", "Send at most 10,000 at once."
    ),
    "INPUT_INVALID.NumberofDevices": Meaning(
        "Too many devices in one request.", "Send at most 200 at once."
    ),
    "INPUT_INVALID.DeviceState.Invalid": Meaning(
        "The line's state does not allow this.", "Refresh the device and look at its state."
    ),
    "REQUEST_FAILED.DeviceAlreadyActive": Meaning(
        "The line is active already.", "Nothing to do; refresh the device."
    ),
    "REQUEST_FAILED._servicePlan_.NotFound": Meaning(
        "ThingSpace does not know the service plan.", "Choose a plan of the account's list."
    ),
    "REQUEST_FAILED.DefaultIpPoolNotDefined": Meaning(
        "The account has no default address pool.", "Name a pool."
    ),
    "INPUT_INVALID.SmsMessage.Null": Meaning("The message is empty.", "Write something."),
    "INPUT_INVALID.SmsMessage.TooLong": Meaning(
        "The message is too long.", "Send at most 160 characters, or 140 in 8 bits."
    ),
    "INPUT_INVALID.Message.Null": Meaning("There are no bytes to send.", "Give some in base64."),
    "INPUT_INVALID.DeviceNotProvided": Meaning(
        "The request names no device.", "Name the device by iccid, imei or mdn."
    ),
    "REQUEST_FAILED.DeviceGroup.Exists": Meaning(
        "The account has a group of this name already.", "Choose another name."
    ),
    "INPUT_INVALID.DeviceGroup.DeleteDefault": Meaning(
        "The default group cannot be deleted.", "Delete another group; this one always stays."
    ),
    "REQUEST_FAILED.DeviceGroupNotFound": Meaning(
        "The account has no group of this name.", "Refresh the list of groups."
    ),
    "INVALID_PARAMETER": Meaning(
        "The location service does not accept a value, or may not locate the device.",
        "Read its message: it says whether value, consent, kind of device or account is meant.",
    ),
    "CACHE_UNAVAILABLE": Meaning(
        "The location service has no last known place.", "Ask for a fresh one."
    ),
    "REQUEST_ONHOLD": Meaning(
        "The request waits for credit approval of the account, up to a week.",
        "Ask the account's owner.",
    ),
    "REQUEST_CANCELLED": Meaning(
        "The request was cancelled: credit was not approved within a week.",
        "Ask the account's owner, then send again.",
    ),
}

SESSION_CODES = ("SessionToken.Expired", "SessionToken.Invalid", "SessionToken.Format")
"""Ends of the codes that mean: log in again."""

_LOCATION_SESSION = "session has expired"
"""What the location service says of a session that ended, under a code for everything."""


_CLASSES = frozenset({"INPUT_INVALID", "REQUEST_FAILED", "REQUEST_ONHOLD", "REQUEST_CANCELLED"})
"""What a code begins with where no service name stands in front of it."""


def bare(code: str) -> str:
    """Return a code without the service name in front: service names vary, codes are stable."""
    service, dot, rest = code.partition(".")
    return code if not dot or service in _CLASSES else rest


def meaning(code: str) -> Meaning | None:
    """Explain a code; None for one that is not documented."""
    code = bare(code)
    while code:
        if known := _MEANINGS.get(code):
            return known
        code, _, _ = code.rpartition(".")
    return None


def ends_session(code: str, message: str) -> bool:
    """Tell whether an error means: log in again."""
    return code.endswith(SESSION_CODES) or (
        bare(code) == "INVALID_PARAMETER" and _LOCATION_SESSION in message.lower()
    )
