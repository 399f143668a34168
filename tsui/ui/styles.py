"""Where the style sheets are: inside the wheel, or beside the package in a checkout."""

from functools import cache
from pathlib import Path


@cache
def styles_folder() -> Path:
    """Return the folder of style sheets; raises FileNotFoundError when there is none."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "styles", package.parent / "styles"):
        if (folder / "app.tcss").is_file():
            return folder
    raise FileNotFoundError(f"the style sheets of tsui are not beside {package}; install it again")


def style(name: str) -> Path:
    """Return the path of a style sheet."""
    return styles_folder() / f"{name}.tcss"
