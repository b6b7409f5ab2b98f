"""The vocabulary: what every room says to every other, as frozen values.

May import: the standard library only. Knows no I/O, no platform, no policy file.
Start at `call.py`, then `delivery.py` and `outcome.py`.
"""
