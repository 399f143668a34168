"""Tests of the simulator, over plain HTTP."""
