"""The continuous copy: `python copier.py` sends what changes away, as long as it runs.

It does nothing where `PST_COPY_URL` is not set.
"""

import logging
import signal
import sys
import threading
from types import FrameType

import sd_notify
from pst.admin.continuous_copy.programs import CopyFailed
from pst.admin.continuous_copy.sending import Sender
from pst.config import load
from pst.server.config_values import BadSetting

log = logging.getLogger("pst.copier")
EVERY_S, MAX_PAUSE_S = 10, 60
stop = threading.Event()


def main() -> None:
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    try:
        sender = Sender(load())
    except (BadSetting, CopyFailed) as error:
        sys.exit(f"copier.py: {error}")
    sd_notify.ready()
    try:
        copy(sender)
    finally:
        sender.litestream.stop()
    _try_round(sender)  # what was written last
    sd_notify.stopping()


def copy(sender: Sender) -> None:
    """Send round after round; after a failure, with growing pauses."""
    failures = 0
    while not stop.is_set():
        failures = 0 if _try_round(sender) else failures + 1
        sd_notify.alive()
        stop.wait(min(EVERY_S * 2**failures, MAX_PAUSE_S) if failures else EVERY_S)


def _try_round(sender: Sender) -> bool:
    try:
        sender.round()
    except CopyFailed as error:
        log.warning("the continuous copy is behind: %s", error)
        return False
    return True


def _stop(number: int, frame: FrameType | None) -> None:
    stop.set()


if __name__ == "__main__":
    main()
