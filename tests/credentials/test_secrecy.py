"""No word of the credentials is told, and nothing heavy is loaded to keep them."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console
from rich.traceback import Traceback

from tsui.credentials import Found, find

from .cases import CREDENTIALS, JSON, PASSPHRASE, PLAINTEXT, SECRETS, refusal


def test_credentials_show_none_of_themselves() -> None:
    for text in (repr(CREDENTIALS), str(CREDENTIALS), f"{CREDENTIALS}", repr([CREDENTIALS])):
        assert "canary" not in text
    assert "canary" not in repr(Found(CREDENTIALS, "From here."))
    for name in SECRETS:
        with pytest.raises(AttributeError) as caught:
            setattr(CREDENTIALS, name, "other")
        assert "canary" not in str(caught.value)


def test_a_crash_report_with_variables_shows_nothing(tmp_path: Path) -> None:
    (tmp_path / "lab.credentials.json").write_text(JSON + "damaged")
    (tmp_path / "lab.credentials.json").chmod(0o600)
    error = refusal(find, "lab", PLAINTEXT, tmp_path, PASSPHRASE, {"A": "canary"})
    screen = Console(file=io.StringIO(), width=200)
    screen.print(
        Traceback.from_exception(type(error), error, error.__traceback__, show_locals=True)
    )
    assert isinstance(screen.file, io.StringIO)
    report = screen.file.getvalue()
    shown = report[report.index("credentials/errors.py") :]
    assert "holds no JSON object" in shown
    assert "canary" not in shown


def test_nothing_heavy_is_loaded_before_it_is_needed() -> None:
    code = "import sys, tsui.credentials; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.split()
    assert not {"cryptography", "keyring", "subprocess", "tomlkit"}.intersection(loaded)
