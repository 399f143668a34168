"""Recordings: what was seen of ThingSpace, kept without secrets, and opened again without it."""
