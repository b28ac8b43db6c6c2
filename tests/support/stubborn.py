"""A child that writes down who it is and who its own child is, and will not go."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec

from codemod.runtime import children


def main() -> None:
    order = msgspec.json.decode(children.orders())
    # What it starts ignores the signal as well.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    own = subprocess.Popen(["sleep", "600"], process_group=0)
    who = f"{os.getpid()} {own.pid} {order['repository']}\n"
    Path(os.environ["STUBBORN"]).write_text(who)
    time.sleep(600)
    sys.exit("nobody came")


if __name__ == "__main__":
    main()
