"""One run of the bot as a process of its own: the forge's address, then the repository."""

import sys

from bots import client_of
from forge import Forge

from codemod.bot.reconcile import reconcile


def main(url: str, name: str) -> None:
    reconcile(client_of(Forge.__new__(Forge), url), name)


if __name__ == "__main__":
    main(*sys.argv[1:])
