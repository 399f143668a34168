"""The encrypted file: credentials under a passphrase, for machines without a keyring.

Three lines of text. The first is the header: a magic word, the version, the profile, the salt and
the nonce; it is authenticated with the rest, so that a file cannot be passed off as that of another
profile. The second is the ciphertext. The third is a checksum over both, by which a damaged file
is told from a wrong passphrase. The version fixes every parameter: a file cannot ask for weak
ones, nor for so strong ones that opening it takes all the memory.
"""

import base64
import hashlib
import os
import unicodedata
from collections.abc import Callable

from tsui.credentials.errors import CredentialsError, WrongPassphrase

MAGIC = "tsui-credentials"
VERSION = "1"
SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**16, 8, 1
"""0.2 s and 64 MiB for each try: unnoticed by whoever knows the passphrase."""

_SALT_BYTES = 16
_NONCE_BYTES = 12


def seal(profile_name: str, content: bytes, passphrase: str) -> bytes:
    """Return the content as an encrypted file of the profile."""
    return sealer(profile_name, passphrase)(content)


def sealer(profile_name: str, passphrase: str) -> Callable[[bytes], bytes]:
    """Return what seals contents for a profile at once: the passphrase is worked on before."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    salt = os.urandom(_SALT_BYTES)
    cipher = ChaCha20Poly1305(_key(passphrase, salt))

    def seal_now(content: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        header = f"{MAGIC} {VERSION} {profile_name} {salt.hex()} {nonce.hex()}\n".encode()
        body = header + base64.b64encode(cipher.encrypt(nonce, content, header)) + b"\n"
        return body + _checksum(body)

    return seal_now


def unseal(profile_name: str, sealed: bytes, passphrase: str, origin: str) -> bytes:
    """Return what an encrypted file of the profile holds.

    Raises:
        WrongPassphrase: The passphrase does not open it.
        CredentialsError: The file is damaged, of another profile or of a later version.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    header, salt, nonce, ciphertext = _parts(profile_name, sealed, origin)
    try:
        return ChaCha20Poly1305(_key(passphrase, salt)).decrypt(nonce, ciphertext, header)
    except InvalidTag:
        raise WrongPassphrase(
            f"The passphrase does not open {origin}.", "Try again; the file is unchanged."
        ) from None


def _parts(profile_name: str, sealed: bytes, origin: str) -> tuple[bytes, bytes, bytes, bytes]:
    body, newline, checksum = sealed.removesuffix(b"\n").rpartition(b"\n")
    header, _, ciphertext = body.partition(b"\n")
    words = header.decode(errors="replace").split(" ")
    if words[0] == MAGIC and words[1:2] != [VERSION]:
        raise CredentialsError(f"{origin} was written by another version of tsui.", "Update tsui.")
    if checksum + b"\n" != _checksum(body + newline) or len(words) != 5:
        raise _damaged(origin)
    if words[2] != profile_name:
        raise CredentialsError(
            f"{origin} was made for another profile.", 'Rename it back, or run "tsui login".'
        )
    try:
        salt, nonce = map(bytes.fromhex, words[3:])
        return header + b"\n", salt, nonce, base64.b64decode(ciphertext, validate=True)
    except ValueError:
        raise _damaged(origin) from None


def _damaged(origin: str) -> CredentialsError:
    return CredentialsError(
        f"{origin} is damaged.",
        'It was left as it is: restore it from a backup, or run "tsui login" again.',
    )


def _checksum(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode() + b"\n"


def _key(passphrase: str, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    # Keyboards differ in how they compose the same letters.
    typed = unicodedata.normalize("NFC", passphrase).encode(errors="surrogatepass")
    return Scrypt(salt=salt, length=32, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P).derive(typed)
