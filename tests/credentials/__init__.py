"""Tests of the credentials: every road in, every place to keep them."""
