"""Tests of the client, most of them against a simulator over real HTTP."""
