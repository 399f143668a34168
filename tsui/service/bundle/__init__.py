"""Evidence bundles: what a carrier needs to know of a device or a request, fit to be sent."""
