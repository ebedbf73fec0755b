"""Measurements that print ratios: each runs its peers in the same run, round after round in turn."""
