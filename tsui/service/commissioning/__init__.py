"""Commissioning: a device followed from its activation to its first bytes."""
