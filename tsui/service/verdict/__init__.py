"""Why a device is offline: rules over what was read of it, and the verdict they come to."""
