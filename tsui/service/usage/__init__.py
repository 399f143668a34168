"""Usage of a device: days, billing cycle, projection, plan and group, from what is remembered."""
