"""Notices: what callback messages, syncs and our own changes tell that somebody should know."""
