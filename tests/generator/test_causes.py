"""The generated diagnosis says of a message what `wfix diagnose` does."""

import re

import pytest

from codemod.diagnosis.messages import MESSAGES, message
from codemod.diagnosis.recognition import recognise
from codemod.generator import causes

PARTS = {
    "binding": "API",
    "entrypoint": "Admin",
    "method": "fetch",
    "service": "api-mom",
    "…": "core:user:api",
    ", …": ", Other",
    "end": "",
}
SAID = [
    (name, wording)
    for name in causes.SAID_TO_CALLERS
    for wording in message(name).wordings
    if "{worker}" not in wording
]


def spoken(wording: str) -> str:
    text = re.sub(r"\{([^{}]+)\}", lambda part: PARTS[part[1]], wording)
    return text.translate(str.maketrans("“”", '""'))


def found(said: str) -> str | None:
    """The row that the generated module takes: the first that fits."""
    return next(
        (name for name, wording in SAID if re.search(causes.pattern(wording), said)),
        None,
    )


@pytest.mark.parametrize(("name", "wording"), SAID)
def test_each_wording_leads_to_the_row_of_its_message(name, wording):
    said = spoken(wording)

    assert found(said) == recognise(said).message.name == name


@pytest.mark.parametrize(
    "said",
    [
        "Error: kaput",
        "TypeError: Cannot read properties of undefined (reading 'name')",
        "TypeError: Callback returned something else",
        "Error: internal error in the ledger",
        "TypeError: Invalid URL: /v1/health",
    ],
)
def test_what_a_target_says_of_itself_leads_to_none(said):
    assert found(said) is None


def test_the_measured_cause_stands_before_the_reported_one():
    text = causes.rendered(is_typed=True)

    measured = text.index("the target's fetch is not async, and on some path returns something")
    reported = text.index("a plain binding to a Worker that exports Durable Object")
    assert measured < reported
    assert text.index('evidence: "measured"', measured) < text.index('"reported"', measured)


@pytest.mark.parametrize("is_typed", [True, False])
def test_every_cause_of_these_messages_is_told(is_typed):
    text = causes.rendered(is_typed=is_typed).replace('\\"', '"')

    for item in MESSAGES:
        if item.name in causes.SAID_TO_CALLERS:
            for cause in item.causes:
                assert cause.summary in text
                assert cause.advice in text
