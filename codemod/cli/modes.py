"""Choices of the command line that its parts share, free of what these load."""

from __future__ import annotations

from enum import StrEnum


class Verify(StrEnum):
    """When ``plan`` and ``apply`` make the proof: ``auto`` where there is a runtime."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class OutputFormat(StrEnum):
    """Each is written by the module of ``codemod.report`` with its name."""

    TEXT = "text"
    CONCISE = "concise"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    JUNIT = "junit"
    MARKDOWN = "markdown"
