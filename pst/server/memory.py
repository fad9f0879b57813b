"""Give memory that is free again back to the machine.

The C library keeps what Python frees: loading the application alone leaves some 15 MB,
and a page with many rows as much again, for the life of the process.
"""

import ctypes
import gc
import time

PAUSE_S = 60  # between two looks; one takes about a millisecond

_next = 0.0


def give_back() -> None:
    """Return what is free at once; does nothing where the C library is not glibc."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def settle() -> None:
    """Return what loading has left, and let processes forked from here share the rest.

    Frozen objects are not looked at by the collector, whose marks would copy them.
    """
    gc.collect()
    gc.freeze()
    give_back()


def tidy() -> None:
    """Return what is free, once a minute at most; several threads may ask at once."""
    global _next
    now = time.monotonic()
    if now >= _next:
        _next = now + PAUSE_S
        give_back()
