import multiprocessing
import time
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection, Queue
from kombu.simple import SimpleQueue

from alignment.ops import celery_file_transport

WRITERS, EACH, READERS = 4, 500, 4


def queue_on(folder: Path) -> SimpleQueue:
    celery_file_transport.register()
    options = {f"data_folder_{way}": str(folder) for way in ("in", "out")}
    connection = Connection("spool://localhost/", transport_options=options | {"control_folder": str(folder)})
    return connection.SimpleQueue(Queue("work"))  # on the default exchange, as the product's own queue


def write(folder: Path, writer: int) -> None:
    queue = queue_on(folder)
    for number in range(EACH):
        queue.put([writer, number, "x" * 2000], routing_key="work")


def read(folder: Path, found: list[tuple[int, int]]) -> None:
    """Until nothing has come for three seconds; the first message may take its writer half a minute."""
    queue, last = queue_on(folder), time.monotonic() + 27
    while time.monotonic() - last < 3:
        try:
            message = queue.get_nowait()
        except Empty:
            time.sleep(0.01)
            continue
        found.append(tuple(message.payload[:2]))
        message.ack()
        last = time.monotonic()


@pytest.mark.processes
def test_every_message_is_read_exactly_once_by_racing_processes(tmp_path):
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager:
        found = manager.list()
        racers = [context.Process(target=write, args=(tmp_path, number)) for number in range(WRITERS)]
        racers += [context.Process(target=read, args=(tmp_path, found)) for _ in range(READERS)]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join(60)
        assert sorted(found) == [(writer, number) for writer in range(WRITERS) for number in range(EACH)]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", [b"", b"{half", b"\xff\xfe"])
def test_a_damaged_message_is_passed_over(tmp_path, damage):
    queue = queue_on(tmp_path)
    (tmp_path / "00000000000000000000_x.work.msg").write_bytes(damage)
    queue.put("whole", routing_key="work")
    message = queue.get_nowait()
    message.ack()
    assert message.payload == "whole"


def test_leftovers_of_killed_processes_are_cleared(tmp_path):
    for name in ("1_a.work.msg.part", "2_b.work.msg.claimed", "3_c.work.msg"):
        (tmp_path / name).write_text("{}")
    celery_file_transport.clear_leftovers(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["3_c.work.msg"]
