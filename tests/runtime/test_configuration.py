"""The text that the runtime reads: what is quoted, dated and left out."""

from __future__ import annotations

from datetime import date

import pytest

from codemod.runtime.configuration import (
    NamespaceBinding,
    Service,
    ServiceBinding,
    compatibility_date,
    quoted,
    relevant_flags,
    render,
)

LATEST = date(2026, 10, 23)


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("api-mom", '"api-mom"'),
        ('a "b"', r'"a \x22b\x22"'),
        ("a\\n", r'"a\x5cn"'),
        ("line\nbreak\x00", r'"line\x0abreak\x00"'),
        ("ü", r'"\xc3\xbc"'),
        ("\ud800", '"?"'),
    ],
)
def test_text_is_quoted_byte_by_byte(text, literal):
    assert quoted(text) == literal


@pytest.mark.parametrize(
    ("configured", "expected", "why"),
    [
        ("2024-04-02", date(2024, 4, 2), "decides on RPC"),
        ("2026-10-24", LATEST, "the runtime refuses a date after its own"),
        (None, LATEST, "local runs without a date take the newest"),
        ("2024-02-31", LATEST, "no date"),
        ("20240402", LATEST, "nor in this form"),
        ('2024-04-02" oops', LATEST, "nor may it end the literal"),
    ],
)
def test_compatibility_date(configured, expected, why):
    assert compatibility_date(configured, LATEST) == expected, why


def test_flags_that_bear_on_calls_are_passed_on():
    flags = ("nodejs_compat", "rpc", "no_such_flag", "url_original", "rpc")
    assert relevant_flags(flags) == ("rpc", "url_original")


def test_nothing_listens_and_nothing_leads_outside():
    text = render([Service("a", "export default {};", LATEST)], LATEST, "token")
    assert "sockets" not in text
    assert "network" not in text
    assert text.index('"internet"') < text.index('"a"') < text.index('"wfix-end"')


def test_bindings_are_written_with_their_targets():
    bindings = (
        ServiceBinding("A", "t", None),
        ServiceBinding("B", "t", "default"),
        NamespaceBinding("DO", "t", "Room"),
    )
    text = render([Service("c", "", LATEST, ("rpc",), bindings, ("Own",))], LATEST, "")
    assert '(name = "A", service = "t")' in text
    assert '(name = "B", service = (name = "t", entrypoint = "default"))' in text
    assert 'durableObjectNamespace = (className = "Room", serviceName = "t")' in text
    assert 'durableObjectNamespaces = [(className = "Own", uniqueKey = "c Own")]' in text
    assert 'compatibilityFlags = ["rpc"]' in text
