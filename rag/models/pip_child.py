"""Runs pip in a process of its own that ends when its parent does, even if that was killed.

The parent holds the other end of this process's standard input and never writes to it: the end of
that stream means that the parent is gone. Started as a file, so that nothing of this package
is imported here.
"""

import os
import runpy
import threading


def _end_with_parent() -> None:
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    runpy.run_module("pip", run_name="__main__", alter_sys=True)
