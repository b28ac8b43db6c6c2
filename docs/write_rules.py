"""Writes docs/rules from the rules' modules: python docs/write_rules.py"""

from __future__ import annotations

from pathlib import Path

from codemod.report.rule_pages import pages
from codemod.rules import all_rules

FOLDER = Path(__file__).parent / "rules"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    written = pages(all_rules())
    for path in FOLDER.glob("*.md"):
        if path.name not in written:
            path.unlink()
    for name, text in written.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
