"""Files of bundles: whole or not there, and for nobody else's eyes."""

import os
import re
from pathlib import Path

from tsui.service.bundle.shape import Bundle

_NO_NAME = re.compile(r"[^A-Za-z0-9]+")


def stem(bundle: Bundle) -> str:
    """Return the name of a bundle's files without its ending."""
    ids = bundle.device.ids if bundle.device else {}
    number = f"request-{bundle.request.number}" if bundle.request else "device"
    called = ids.get("iccid") or next(iter(ids.values()), number)
    safe = _NO_NAME.sub("-", called).strip("-")[:40] or number
    return f"tsui-evidence-{safe}-{_NO_NAME.sub('', bundle.made_at)}"


def kept(path: Path, text: str) -> Path:
    """Write a file that only its owner may read, under its name once it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.part")
    draft.unlink(missing_ok=True)
    try:
        with open(draft, "x", encoding="utf-8", errors="replace", opener=_private) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
