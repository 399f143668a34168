"""Reachability monitors: what is watched, what was told, and what waits until devices wake."""
