"""The ThingSpace REST API as Python objects; knows no screen and no disk.

An operation is declared once (see ``operation``) and sent with ``Client.send``; errors say whether
the request was executed (see ``errors``).
"""
