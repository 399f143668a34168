"""Everything remembered, in two SQLite files; knows no network and no screen.

``cache.db`` can be fetched again at any time; ``journal.db`` is the only record of what was changed
and is written through to the disk before anything is sent.
"""
