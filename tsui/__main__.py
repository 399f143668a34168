"""Where the program begins: what needs nothing is answered before anything is imported."""

import sys


def main() -> None:
    """Run the program."""
    if sys.argv[1:] == ["--version"]:
        from tsui import __version__

        sys.stdout.write(f"tsui {__version__}\n")
        return
    from tsui.cli import cli

    cli(prog_name="tsui")


if __name__ == "__main__":
    main()
