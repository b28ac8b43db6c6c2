"""``wfix``, which tells on SIGUSR1 what it holds once garbage is collected, and how often it is."""

import gc
import signal
import sys
from types import FrameType

from codemod.cli import main


def tell(_number: int, _frame: FrameType | None) -> None:
    gc.collect()
    sys.stderr.write(f"objects: {len(gc.get_objects())} between: {gc.get_threshold()[0]}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, tell)
    main()
