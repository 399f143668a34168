"""A stand-in for ThingSpace over real HTTP, so that everything runs on a machine with no account.

It imports no other part of the program, so that it cannot share a mistake with the client it is
there to check. What the platform does not document is a setting (see ``settings``).
"""
