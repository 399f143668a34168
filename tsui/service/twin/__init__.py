"""Twins: two devices field by field, the sick one against one that should be like it."""
