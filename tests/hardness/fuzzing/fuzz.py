"""Fuzzes one target with coverage: ``python fuzz.py TARGET FOLDER [libFuzzer's options]``.

FOLDER keeps what was found to reach new code, and is filled with the project's own cases first.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["codemod", "json5kit", "tomlkit"]):
    import seeds
    import targets


def main() -> None:
    target, folder, *options = sys.argv[1:]
    corpus = Path(folder)
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in getattr(seeds, target)():
        (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    atheris.Setup([sys.argv[0], str(corpus), *options], targets.TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
