"""The callback listener: HTTP in, store out, in a process of its own."""
