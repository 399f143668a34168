"""The agenda: what becomes due, from what is remembered alone."""
