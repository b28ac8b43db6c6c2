"""The table agrees with the rules, with the mark that each cause carries, and with itself."""

import dataclasses
import re

import pytest

from codemod.diagnosis.messages import MESSAGES, Message, Parts, message
from codemod.model import Mark
from codemod.rules import all_rules

STRENGTH = [Mark.MEASURED, Mark.DOCUMENTED, Mark.REPORTED]


def test_each_rule_of_a_cause_exists():
    named = {rule for item in MESSAGES for cause in item.causes for rule in cause.rules}
    assert named <= {rule.name for rule in all_rules()}


def test_names_are_unique_and_look_up_their_message():
    assert [message(item.name) for item in MESSAGES] == list(MESSAGES)


@pytest.mark.parametrize("item", MESSAGES, ids=lambda item: item.name)
def test_causes_come_in_the_order_of_their_evidence(item: Message):
    marks = [STRENGTH.index(cause.evidence.mark) for cause in item.causes]
    assert marks == sorted(marks)


@pytest.mark.parametrize("item", MESSAGES, ids=lambda item: item.name)
def test_braces_name_parts(item: Message):
    names = {name for wording in item.wordings for name in re.findall(r"\{([^{}]+)\}", wording)}
    assert names <= {field.name for field in dataclasses.fields(Parts)} | {"…", ", …", "end"}


@pytest.mark.parametrize("item", MESSAGES, ids=lambda item: item.name)
def test_quoted_messages_are_in_the_table(item: Message):
    for cause in item.causes:
        assert cause.quoted is None or message(cause.quoted) != item


def test_a_title_has_an_ellipsis_for_each_name():
    title = message("rpc-method-missing").title
    assert title == 'The RPC receiver does not implement the method "…".'
