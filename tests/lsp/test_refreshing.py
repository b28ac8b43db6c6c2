"""When a result is made again: after a pause, never twice at once, never for an old state."""

import asyncio
import threading

import pytest

from codemod.lsp.refreshing import Refresher, in_thread

LONG = 60.0  # a pause that no test waits for


class Work:
    """Makes nothing, and is held until it may end."""

    def __init__(self) -> None:
        self.started = 0
        self.outdated: list[bool] = []
        self.may_end = asyncio.Event()
        self.has_started = asyncio.Event()

    async def make(self, is_outdated) -> bool:
        self.started += 1
        self.has_started.set()
        await self.may_end.wait()
        self.outdated.append(is_outdated())
        return not is_outdated()


def test_many_changes_in_a_row_are_one():
    async def scenario():
        work = Work()
        work.may_end.set()
        refresher = Refresher(work.make, delay=0.001)
        for _ in range(100):
            refresher.request()
        await work.has_started.wait()
        await refresher.settle()
        return work.started

    assert asyncio.run(scenario()) == 1


def test_nothing_is_made_before_the_pause():
    async def scenario():
        work = Work()
        Refresher(work.make, LONG).request()
        await asyncio.sleep(0)
        return work.started

    assert asyncio.run(scenario()) == 0


def test_a_question_does_not_wait_for_the_pause():
    async def scenario():
        work = Work()
        work.may_end.set()
        refresher = Refresher(work.make, LONG)
        refresher.request()
        await refresher.settle()
        await refresher.settle()
        return work.started

    assert asyncio.run(scenario()) == 1


def test_a_change_meanwhile_outdates_what_is_being_made_and_makes_it_again():
    async def scenario():
        work = Work()
        refresher = Refresher(work.make, LONG)
        refresher.request()
        settled = asyncio.create_task(refresher.settle())
        await work.has_started.wait()
        refresher.request()
        work.may_end.set()
        await settled
        return work.started, work.outdated

    assert asyncio.run(scenario()) == (2, [True, False])


def test_nothing_is_made_twice_at_once():
    async def scenario():
        work = Work()
        refresher = Refresher(work.make, LONG)
        refresher.request()
        waiting = [asyncio.create_task(refresher.settle()) for _ in range(5)]
        await work.has_started.wait()
        work.may_end.set()
        await asyncio.gather(*waiting)
        return work.started

    assert asyncio.run(scenario()) == 1


def test_who_asks_may_give_up_without_ending_the_work():
    async def scenario():
        work = Work()
        refresher = Refresher(work.make, LONG)
        refresher.request()
        settled = asyncio.create_task(refresher.settle())
        await work.has_started.wait()
        settled.cancel()
        work.may_end.set()
        await refresher.settle()
        return work.started, work.outdated

    assert asyncio.run(scenario()) == (1, [False])


def test_what_is_closed_counts_as_outdated_and_is_not_made_again():
    async def scenario():
        work = Work()
        refresher = Refresher(work.make, LONG)
        refresher.request()
        settled = asyncio.create_task(refresher.settle())
        await work.has_started.wait()
        refresher.close()
        work.may_end.set()
        await settled
        return work.started, work.outdated

    assert asyncio.run(scenario()) == (1, [True])


def test_an_error_reaches_who_asks_and_the_log(caplog):
    async def fail(_is_outdated) -> bool:
        raise ZeroDivisionError

    async def scenario():
        refresher = Refresher(fail, LONG)
        refresher.request()
        await refresher.settle()

    with pytest.raises(ZeroDivisionError):
        asyncio.run(scenario())
    assert "ZeroDivisionError" in caplog.text


def test_work_in_a_thread_leaves_the_loop_free():
    def work(loop, event) -> str:
        asyncio.run_coroutine_threadsafe(_set(event), loop).result()
        return threading.current_thread().name

    async def _set(event):
        event.set()

    async def scenario():
        event = asyncio.Event()
        loop = asyncio.get_running_loop()
        return await in_thread(lambda: work(loop, event))

    assert asyncio.run(scenario()) != threading.current_thread().name


def test_what_a_thread_raises_is_raised():
    async def scenario():
        await in_thread(lambda: 1 // 0)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(scenario())
