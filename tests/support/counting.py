"""``wfix``, which tells on SIGUSR1 how many objects it holds once what is garbage is collected."""

import gc
import signal
import sys
from types import FrameType

from codemod.cli import main


def tell(_number: int, _frame: FrameType | None) -> None:
    gc.collect()
    sys.stderr.write(f"objects: {len(gc.get_objects())}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, tell)
    main()
