"""A proof for programs: one JSON object.

``version`` grows when a key changes its meaning or goes away; new keys may come at any time.

- ``runtime`` names the program and its release, ``summary`` counts the ``rows`` by what came of
  them after the plan: ``pass``, ``fail`` (of these ``expected``) and ``not_run``.
- a row has ``worker``, ``environment``, ``binding``, ``kind``, ``target``, the place of the binding
  (``path`` as the user would type it, ``line`` from 1), ``call``, ``before`` and ``after`` (pass,
  fail or not run; null where that side has no such call), ``message`` (what the runtime says, why
  the call was not made, or what was assumed: of the side that is failing, else of the newer one),
  ``message_before`` and ``message_after`` of each side, ``cause`` (what the message comes from) and
  ``expected`` (how the call fares once deployed, where only the local runtime fails), and
  ``trial`` (whether the code is not seen to make the call).
- ``notes`` say where the calls are made otherwise than configured.
"""

from __future__ import annotations

from typing import Any

from codemod.model import Outcome, Proof, ProofRow
from codemod.report.display import Display
from codemod.report.json_text import dumps

VERSION = 1


def render(proof: Proof, display: Display) -> str:
    """The object, indented, ending in a newline."""
    failed = [row for row in proof.rows if row.after and row.after.outcome is Outcome.FAILED]
    return dumps(
        {
            "version": VERSION,
            "runtime": proof.runtime,
            "summary": {
                "rows": len(proof.rows),
                "pass": proof.count(Outcome.PASSED),
                "fail": len(failed),
                "expected": sum(bool(row.after and row.after.expected) for row in failed),
                "not_run": proof.count(Outcome.NOT_RUN),
            },
            "rows": [_row(row, display) for row in proof.rows],
            "notes": list(proof.notes),
        }
    )


def _row(row: ProofRow, display: Display) -> dict[str, Any]:
    return {
        "worker": row.worker,
        "environment": row.environment,
        "binding": row.binding,
        "kind": row.kind,
        "target": row.target,
        "path": display.path(row.location.path),
        "line": row.location.line,
        "call": row.call,
        "before": row.before and row.before.outcome,
        "after": row.after and row.after.outcome,
        "message": row.telling.message or None,
        "message_before": (row.before and row.before.message) or None,
        "message_after": (row.after and row.after.message) or None,
        "cause": row.telling.cause,
        "expected": row.telling.expected,
        "trial": row.is_trial,
    }
