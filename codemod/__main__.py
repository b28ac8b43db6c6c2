"""``python -m codemod`` is ``wfix``."""

from codemod.cli import main

main()
