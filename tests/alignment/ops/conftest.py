import socket
from collections.abc import Callable, Iterator

import pytest
from kombu import pools

from alignment import celery


@pytest.fixture
def broker_at(settings) -> Iterator[Callable[[int], None]]:
    """Point the app at a Redis on this port, for one test."""
    conf = celery.app.conf
    kept = (conf.broker_url, conf.broker_transport_options)

    def forget() -> None:
        """The connections to where it pointed before, which kombu keeps for the whole process."""
        pools.reset()
        celery.app._pool = celery.app.amqp._producer_pool = None

    def point(port: int) -> None:
        settings.EMBEDDED = False
        conf.broker_url = f"redis://127.0.0.1:{port}/0"
        conf.broker_transport_options = {"socket_timeout": 1, "socket_connect_timeout": 1, "max_retries": 0}
        forget()

    yield point
    conf.broker_url, conf.broker_transport_options = kept
    forget()
    celery.broker.resting_until = 0.0


@pytest.fixture
def hung_broker(broker_at) -> Iterator[None]:
    """A Redis that accepts connections and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        broker_at(listener.getsockname()[1])
        yield
