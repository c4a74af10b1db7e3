"""Ask your own news articles, and see who said it, where and when."""

import os

__version__ = "0.1.0"

# Threads that wait for each other would spin by default, and starve when anything else runs on
# the machine: with one other busy process, reading falls to a tenth (eval/LOG.md, "waiting").
# OpenMP reads this when it is loaded, so it is set before any library that brings it.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
