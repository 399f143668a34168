"""Blast radius: devices that were lost together, and what they share."""
