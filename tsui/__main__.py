"""Where the program begins: what needs nothing is answered before anything is imported."""

import sys


def main() -> None:
    """Run the program."""
    if sys.argv[1:] == ["--version"]:
        from tsui import __version__

        sys.stdout.write(f"tsui {__version__}\n")
        return
    from tsui.first_frame import FIRST_FRAME

    FIRST_FRAME.show()
    try:
        from tsui.cli import cli

        cli(prog_name="tsui")
    finally:
        FIRST_FRAME.withdraw()


if __name__ == "__main__":
    main()
