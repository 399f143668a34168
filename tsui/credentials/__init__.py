"""Where the secrets of a profile come from, and where they may be kept.

Every function here blocks, on a disk, a program or a keyring: call it in a thread. No text, repr,
log line or traceback that comes out of here holds a secret.
"""

from tsui.credentials.chain import Kept, Place, Store, available, find, forget, save
from tsui.credentials.errors import (
    CredentialsError,
    CredentialsMissing,
    PassphraseNeeded,
    WrongPassphrase,
)
from tsui.credentials.model import Credentials, Found

__all__ = [
    "Credentials",
    "CredentialsError",
    "CredentialsMissing",
    "Found",
    "Kept",
    "PassphraseNeeded",
    "Place",
    "Store",
    "WrongPassphrase",
    "available",
    "find",
    "forget",
    "save",
]
