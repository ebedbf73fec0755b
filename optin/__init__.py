"""The command line and composition root: reads arguments, opens files and keys, and joins the layers below.

It decides nothing about privacy; each decision sits in the layer that owns the type concerned.
"""

__version__ = "0.1.0"
