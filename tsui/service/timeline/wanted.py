"""What one wants to see of a timeline: words, lanes, and whether it is out of the ordinary."""

from dataclasses import dataclass

from tsui.service.timeline.model import Lane, Moment

LANE, ODD = "lane:", "is:anomaly"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter of moments, as it was typed."""

    text: str = ""
    """What was typed."""
    words: tuple[str, ...] = ()
    """Words that a moment has to hold, in lower case."""
    without: tuple[str, ...] = ()
    """Words that it must not hold."""
    lanes: frozenset[Lane] = frozenset(Lane)
    """Lanes it may be in."""
    is_odd: bool = False
    """Whether it has to be out of the ordinary."""

    def fits(self, moment: Moment) -> bool:
        """Tell whether a moment is wanted."""
        if moment.lane not in self.lanes or (self.is_odd and not moment.is_anomaly):
            return False
        if not self.words and not self.without:
            return True
        text = f"{moment.sentence} {moment.reason} {moment.source} {moment.lane}".lower()
        return all(each in text for each in self.words) and not any(
            each in text for each in self.without
        )


def wanted(text: str) -> Wanted:
    """Understand a filter; raises ValueError with a sentence.

    ``lane:sms`` or its beginning chooses lanes, ``-lane:usage`` leaves one out, ``is:anomaly``
    keeps what is out of the ordinary, and ``-word`` leaves out what holds a word.
    """
    words, without = [], []
    chosen: set[Lane] = set()
    left_out: set[Lane] = set()
    is_odd = False
    for word in text.lower().split():
        bare = word.removeprefix("-")
        if bare.startswith(LANE):
            (left_out if word != bare else chosen).update(_lanes(bare.removeprefix(LANE)))
        elif word == ODD:
            is_odd = True
        elif word != bare and bare:
            without.append(bare)
        else:
            words.append(word)
    lanes = frozenset(chosen or Lane) - left_out
    return Wanted(" ".join(text.split()), tuple(words), tuple(without), lanes, is_odd)


def _lanes(names: str) -> set[Lane]:
    """Return the lanes that begin with any of some names; all while nothing is typed yet."""
    found = {lane for name in names.split(",") for lane in Lane if lane.startswith(name)}
    if not found:
        raise ValueError(f"There is no lane {names[:20]}; there are: {', '.join(Lane)}.")
    return found
