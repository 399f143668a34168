"""How figures are printed: one row each, as a ratio where there is something to compare with."""


def head() -> None:
    print(f"{'what':<46}{'figure':>16}{'against':>12}{'ratio':>9}  aim")


def row(what: str, figure: str, against: str = "", ratio: str = "", aim: str = "") -> None:
    print(f"{what:<46}{figure:>16}{against:>12}{ratio:>9}  {aim}", flush=True)


def compare(what: str, ours: float, theirs: float, unit: str = "ms", aim: str = "") -> None:
    """Print a figure against that of a peer, both in seconds or in the unit."""
    scale = 1000 if unit == "ms" else 1
    shown = [f"{scale * each:,.{1 if unit == 'ms' else 0}f} {unit}" for each in (ours, theirs)]
    row(what, shown[0], shown[1], f"{ours / theirs:.3g} x", aim)


def ms(seconds: float) -> str:
    return f"{1000 * seconds:.1f} ms"
