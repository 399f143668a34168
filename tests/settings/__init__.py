"""Tests of the settings: what a file means, and what an edit leaves alone."""
