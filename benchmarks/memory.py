"""What 50,000 issued challenges leave in Valkey. Goal: less than 1 MB."""

from http.client import HTTPConnection

from redis import Redis

from benchmarks import readers, servers

CHALLENGES = 50_000
GOAL_BYTES = 1_000_000


def main() -> None:
    """Print how much Valkey's memory has grown."""
    with servers.service() as server:
        body = {"site": server.keys["site_key"]}

        def ask(connection: HTTPConnection, _: int) -> None:
            status, _reply = readers.post(connection, "/v1/challenges", body)
            assert status == 201

        readers.in_parallel(server, range(100), ask)
        with Redis(unix_socket_path=str(server.data / "valkey.sock")) as redis:
            before = redis.info("memory")["used_memory"]
            readers.in_parallel(server, range(CHALLENGES), ask)
            grown = redis.info("memory")["used_memory"] - before
    print(f"  {CHALLENGES:,} challenges issued  {grown / 1000:+.1f} kB in Valkey"
          f"   (goal < {GOAL_BYTES / 1e6:.0f} MB)")  # fmt: skip
