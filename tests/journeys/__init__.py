"""The whole program, as its users drive it."""
