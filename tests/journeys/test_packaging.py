"""The wheel: everything is in it, and it works from anywhere."""

import subprocess
import sys
import zipfile
from pathlib import Path

from tsui import __version__

ROOT = Path(__file__).parent.parent.parent
MODULES = {str(each.relative_to(ROOT)) for each in (ROOT / "tsui").rglob("*.py") if each.is_file()}


def test_a_wheel_holds_the_program_and_its_styles_and_runs(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, timeout=100)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert names >= MODULES
    assert {f"tsui/styles/{each.name}" for each in (ROOT / "styles").glob("*.tcss")} <= names
    assert not [name for name in names if name.startswith("tests")]
    home = tmp_path / "home"
    subprocess.run(
        [*pip, "install", "--no-deps", "--target", str(home), str(wheel)],
        check=True,
        capture_output=True,
        timeout=100,
    )
    probe = (
        "from tsui.ui.styles import styles_folder; print(styles_folder())\n"
        "from tsui.__main__ import main; import sys; sys.argv = ['tsui', '--version']; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
        env={"PYTHONPATH": str(home), "PATH": ""},
    )
    assert done.stdout.splitlines() == [str(home / "tsui" / "styles"), f"tsui {__version__}"]
