"""The operations, grouped by area: one function each."""
