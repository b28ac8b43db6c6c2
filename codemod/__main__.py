"""``python -m codemod`` is ``wfix``."""

from codemod.cli import main

if __name__ == "__main__":
    main()
