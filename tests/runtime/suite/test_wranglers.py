"""What is read from what wrangler writes."""

from __future__ import annotations

from itertools import permutations

import pytest
from suite.wranglers import reason

STARTING = "⎔ Starting local server..."
ENDED = (
    "\x1b[31m✘ \x1b[41;31m[\x1b[41;97mERROR\x1b[41;31m]\x1b[0m \x1b[1mThe Workers runtime "
    "failed to start. There is likely additional logging output above.\x1b[0m"
)
FIRST = '✘ [ERROR] Worker "core:user:caller"\'s binding "A" has no such named entrypoint.'
SECOND = '✘ [ERROR] Worker "core:user:caller"\'s binding "B" has no such named entrypoint.'


@pytest.mark.parametrize("lines", list(permutations([STARTING, ENDED, FIRST])))
def test_what_the_runtime_said_goes_before_that_it_ended(lines):
    said = reason("\n\n".join(lines))

    assert said == 'Worker "core:user:caller"\'s binding "A" has no such named entrypoint.'


@pytest.mark.parametrize(
    ("lines", "binding"),
    [
        ([FIRST, SECOND, ENDED], '"A"'),
        ([SECOND, FIRST], '"B"'),
        ([ENDED, SECOND, FIRST], '"B"'),
    ],
)
def test_of_several_errors_the_first_is_the_reason(lines, binding):
    assert binding in reason("\n".join(lines))


def test_that_the_runtime_ended_is_the_reason_where_there_is_no_other():
    log = f"{STARTING}\nservice caller: a warning that is no error\n{ENDED}"

    assert reason(log).startswith("The Workers runtime failed to start.")


def test_a_log_without_an_error_gives_no_reason():
    with pytest.raises(AssertionError, match="Starting"):
        reason(STARTING)
