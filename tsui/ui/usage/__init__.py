"""Usage of a device as it is shown: sentences, chart and table."""
