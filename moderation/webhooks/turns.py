"""Whose turn it is: each webhook has a thread of its own while something is due for it.

So a receiver that hangs holds up nothing but its own events, which it gets one after the other.
"""

from collections.abc import Callable
from threading import Event, Thread

from moderation.domain.webhook import DeliveryStatus, Webhook
from moderation.webhooks.deliver import Sender

THREADS = 8  # webhooks that are told at the same time
TURN = 50  # deliveries until it is another webhook's turn
PARTING_SECONDS = 0.2  # for each

Guard = Callable[[Callable[[], object]], None]


class Turns:
    """Gives each webhook its turn. For one thread; `stop` may be called by another.

    Args:
        guard: runs a turn; what goes wrong with it is logged and stops no other.
    """

    def __init__(self, sender: Sender, guard: Guard) -> None:
        self._sender = sender
        self._guard = guard
        self._stopped = Event()
        self._under_way: dict[str, Thread] = {}

    def begin(self) -> None:
        """Begin the turns of webhooks for which something is due, as far as threads are free.

        Raises:
            StoreUnavailable: the database is away.
        """
        alive = {name: thread for name, thread in self._under_way.items() if thread.is_alive()}
        self._under_way = alive
        if len(alive) >= THREADS:
            return
        waiting = [one for one in self._sender.due() if one.id not in alive]
        for webhook in waiting[: THREADS - len(alive)]:
            thread = Thread(target=self._run, args=(webhook,), name="webhook", daemon=True)
            self._under_way[webhook.id] = thread
            thread.start()

    def wait(self, seconds: float) -> None:
        """Wait until the turns under way are over, for so long at most each."""
        for thread in self._under_way.values():
            thread.join(seconds)

    def stop(self) -> None:
        """Break off the turns under way; what was not answered yet is sent again later."""
        self._stopped.set()
        self._sender.transport.hang_up()
        self.wait(PARTING_SECONDS)

    def _run(self, webhook: Webhook) -> None:
        self._guard(lambda: self._tell(webhook))

    def _tell(self, webhook: Webhook) -> None:
        """Deliver what is due until something fails: then the others are heard first."""
        for _ in range(TURN):
            if self._stopped.is_set():
                return
            outcome = self._sender.deliver_next(webhook, lambda: not self._stopped.is_set())
            if outcome is None or outcome.status is not DeliveryStatus.DELIVERED:
                return
