"""Shift handover: what the next shift has to know, from what is remembered alone."""
