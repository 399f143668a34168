"""The filter language of the list of devices: what somebody types, as a tree, as SQL.

``state:suspend group:"4G West" last>7d -pump`` is read by ``grammar``, which says where a bad
filter is wrong; ``sql`` makes a condition of it that the indexes answer; ``fields`` is the one
table of the fields there are.
"""

from tsui.store.filtering.completion import complete
from tsui.store.filtering.fields import CONDITIONS, FIELDS, HAS, IS
from tsui.store.filtering.grammar import FilterError, parse
from tsui.store.filtering.tree import EVERYTHING, Filter
from tsui.store.filtering.values import Now

__all__ = [
    "CONDITIONS",
    "EVERYTHING",
    "FIELDS",
    "HAS",
    "IS",
    "Filter",
    "FilterError",
    "Now",
    "complete",
    "parse",
]
