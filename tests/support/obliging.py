"""A child that gives the answer that its environment holds, and goes when it is told to."""

import os
import sys
import time
from pathlib import Path

from codemod.runtime import children

if __name__ == "__main__":
    children.orders()
    Path(os.environ["OBLIGING_STARTED"]).write_text(str(os.getpid()))
    time.sleep(float(os.environ.get("OBLIGING_SECONDS", "0")))
    sys.stdout.write(os.environ.get("OBLIGING_ANSWER", ""))
