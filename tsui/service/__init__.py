"""What an operator wants done: sync, look, change, track.

Modules that a screen needs for its first paint import neither the network nor pydantic; the rest
is imported when somebody signs in.
"""
