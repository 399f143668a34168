"""The account: what it has, what it may, and what was asked of it as a whole."""
