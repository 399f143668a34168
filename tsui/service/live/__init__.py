"""Staying live for days: when to read again, how much, and what to do after a sleep."""
