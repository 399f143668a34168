"""The wall: the numbers of an account that are watched all day."""
