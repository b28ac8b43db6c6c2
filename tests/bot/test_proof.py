"""What the runtime makes of proposals, where whoever runs the bot gives one."""

from pathlib import Path

import pytest
from bots import ONE_FAULT

from codemod.bot import planning
from codemod.bot.reconcile import Operator
from codemod.runtime import workerd

NAMED = {**ONE_FAULT, "wfix.toml": '[targets.api]\nstrategy = "named"'}


@pytest.fixture
def operator(node_tools) -> Operator:
    program = node_tools.packages / "@cloudflare/workerd-linux-64/bin/workerd"
    return Operator(runtime=workerd.find(program, Path("/"), (), {}))


def test_the_body_shows_the_calls_before_and_after(bot_in, operator):
    bot = bot_in(NAMED)

    assert bot.lines(operator) == ["wfix/api: opened"]

    assert "### Proof" in bot.pull.body
    assert "| `web.API` | `.fetch()` | pass | pass |" in bot.pull.body


def test_what_the_runtime_speaks_against_is_kept_back_and_told(bot_in, operator, monkeypatch):
    bot = bot_in(NAMED)

    def against(plan, _proof):
        return {plan.findings[0].key: "its proof fails: web.API.fetch()"}

    monkeypatch.setattr(planning.judgement, "disproved", against)

    assert bot.lines(operator) == []

    assert bot.hosted.branches() == ["main"]
    (board,) = bot.hosted.issues.values()
    assert "the runtime speaks against it" in board.body
    assert "its proof fails" in board.body


def test_without_a_runtime_nothing_is_proved(bot_in):
    bot = bot_in(NAMED)
    bot.run()

    assert "### Proof" not in bot.pull.body
