"""The timeline of a device: all that is remembered of it in one line of time."""
