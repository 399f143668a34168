"""Text messages to devices and from them."""
