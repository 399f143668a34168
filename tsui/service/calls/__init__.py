"""Calls: what went over HTTP, listed, narrowed, summed up, and recorded."""
