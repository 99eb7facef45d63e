"""The whole service is started as an operator does, stopped in every way, and watched."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from running import free_port

from moderation.cli import folder, valkey

ROOT = Path(__file__).parents[3]
PROCESSES = Path("/proc")
GONE_SECONDS = 15
BACK_SECONDS = 30

pytestmark = pytest.mark.skipif(not PROCESSES.exists(), reason="looks at processes in /proc")


class Service:
    """What was started on one data folder, by whatever command."""

    def __init__(self, data, port, process):
        self.data = data
        self.port = port
        self.process = process
        self.welcome = ""

    def processes(self, part=""):
        """Every process that knows the data folder and has `part` in its command line."""
        known = ((path, _read(path / "cmdline")) for path in PROCESSES.glob("[0-9]*"))
        return {
            int(path.name)
            for path, command in known
            if str(self.data) in command + _read(path / "environ") and part in command
        }

    @property
    def itself(self):
        return int((self.data / folder.SERVICE_LOCK).read_text())

    def children(self, part):
        """The processes of one part, without `moderation run` itself."""
        return self.processes(part) - {self.itself}

    def get(self, path):
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as line:
            line.request("GET", path)
            reply = line.getresponse()
            return reply.status, json.load(reply)

    def is_answering(self):
        try:
            return self.get("/healthz")[0] == 200
        except (OSError, http.client.HTTPException):
            return False


@contextmanager
def started(data, command=(sys.executable, "-m", "moderation", "run"), **settings):
    """Start `command` on the folder `data` in a process group of its own, and kill what is left."""
    port = settings.setdefault("MODERATION_PORT", str(free_port()))
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | {"MODERATION_DATA": str(data)} | settings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        service = Service(data, int(port), process)
        try:
            yield service
        finally:
            process.send_signal(signal.SIGTERM)
            if not eventually(lambda: not service.processes(), GONE_SECONDS):
                for left in service.processes():
                    os.kill(left, signal.SIGKILL)
            process.stdout.close()


def eventually(condition, seconds):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def printed(service, sentence):
    """What the service prints up to the line with `sentence`."""
    lines = []
    for line in service.process.stdout:
        lines.append(line)
        if sentence in line:
            break
    return "".join(lines)


def _read(path):
    try:
        return path.read_bytes().decode(errors="replace").replace("\0", " ")
    except OSError:
        return ""


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """A service that is ready; tests may kill its parts, it mends itself."""
    with started(tmp_path_factory.mktemp("service") / "data") as service:
        service.welcome = printed(service, "demo keys")
        yield service


def test_the_first_start_makes_a_private_folder_and_says_where_everything_is(service):
    address = f"http://127.0.0.1:{service.port}"

    assert f"{address}/demo\n" in service.welcome
    assert f"{address}/docs\n" in service.welcome
    assert f"{service.data}/demo.json\n" in service.welcome
    assert service.data.stat().st_mode & 0o777 == 0o700
    assert (service.data / "demo.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_to_everybody_stops_everything_in_good_order(tmp_path, number):
    with started(tmp_path / "data") as service:
        printed(service, "demo keys")

        os.killpg(service.process.pid, number)

        assert service.process.wait(GONE_SECONDS) == 0
        assert service.processes() == set()
        assert not service.is_answering()
        assert is_free(service.data)
        assert service.process.stdout.read().endswith("Stopped.\n")


def test_a_killed_service_leaves_nothing_behind_and_starts_again(tmp_path):
    with started(tmp_path / "data") as service:
        printed(service, "demo keys")
        os.kill(service.itself, signal.SIGKILL)

        with started(service.data, MODERATION_PORT=str(service.port)) as second:
            assert "demo keys" in printed(second, "demo keys")
            assert second.itself == second.process.pid

    assert service.processes() == set()
    assert is_free(service.data)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_the_service_stops_with_make(tmp_path, number):
    make = ("make", "--old-file=setup", "run", f"BIN={Path(sys.executable).parent}")
    with started(tmp_path / "data", make) as service:
        printed(service, "demo keys")

        os.kill(service.process.pid, number)

        assert eventually(lambda: not service.processes(), GONE_SECONDS)
        assert is_free(service.data)


def test_a_second_start_on_the_same_folder_is_refused(service):
    done = run_to_the_end("run", MODERATION_DATA=str(service.data))

    assert done.returncode == 1
    assert done.stderr.startswith("Error: The service is already running on")
    assert f"(process {service.itself})" in done.stderr
    assert service.is_answering()


def test_a_port_in_use_is_told_in_a_sentence(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with started(tmp_path / "data", MODERATION_PORT=port) as service:
            said = service.process.stdout.read()
            status = service.process.wait()

    assert status == 1
    assert said.startswith(f"Error: Cannot listen on 127.0.0.1, port {port}")


def test_every_wrong_setting_is_told_at_once(tmp_path):
    wrong = {"MODERATION_PORT": "http", "MODERATION_WORKERS": "0"}

    done = run_to_the_end("run", MODERATION_DATA=str(tmp_path / "data"), **wrong)

    assert done.returncode == 2
    assert "MODERATION_PORT" in done.stderr
    assert "MODERATION_WORKERS" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_data_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path):
    (tmp_path / "file").touch()

    done = run_to_the_end("run", MODERATION_DATA=str(tmp_path / "file" / "data"))

    assert done.returncode == 1
    assert done.stderr.startswith("Error: The data folder cannot be used")


@pytest.mark.parametrize("part", ["web", "worker"])
def test_a_part_on_its_own_needs_a_redis(tmp_path, part):
    done = run_to_the_end(part, MODERATION_DATA=str(tmp_path))

    assert done.returncode == 2
    assert "MODERATION_REDIS_URL" in done.stderr


def test_the_database_can_be_migrated_on_its_own(tmp_path):
    data = tmp_path / "data"

    done = run_to_the_end("database", "migrate", MODERATION_DATA=str(data))

    assert (done.returncode, done.stderr) == (0, "")
    assert (data / "moderation.sqlite3").exists()
    assert data.stat().st_mode & 0o777 == 0o700


def test_a_web_server_that_cannot_start_stops_the_service(tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['moderation.wsgi'] = None")

    with started(tmp_path / "data", PYTHONPATH=str(tmp_path)) as service:
        said = service.process.stdout.read()
        status = service.process.wait()

    assert status == 1
    assert said.endswith(
        "Error: The web server stopped while it was starting; the lines above say why.\n"
    )
    assert service.processes() == set()


def test_another_redis_replaces_the_embedded_valkey(tmp_path, shared_valkey):
    with started(tmp_path / "data", MODERATION_REDIS_URL=shared_valkey.url) as service:
        printed(service, "demo keys")

        assert service.get("/readyz")[1]["redis"] == "up"
        assert service.children("valkey-server") == set()


def test_half_sent_requests_keep_nobody_waiting(service):
    head = b"POST /v1/comments HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    halves = [head, head + b"Content-Length: 1000\r\n\r\n{"]
    with ExitStack() as stack:
        for number in range(50):
            line = stack.enter_context(socket.create_connection(("127.0.0.1", service.port)))
            line.sendall(halves[number % 2])
        began = time.monotonic()

        statuses = {service.get("/readyz")[0] for _ in range(10)}

        assert time.monotonic() - began < 2
        assert statuses == {200}


def test_a_killed_worker_is_back(service):
    replaced(service, "moderation worker", service.children("moderation worker"))


def test_a_killed_process_of_the_web_server_is_back(service):
    everyone = service.children("moderation web")
    first = min(everyone, key=lambda number: parent_of(number) != service.itself)

    replaced(service, "moderation web", {max(everyone - {first})})

    assert service.is_answering()


def test_a_killed_web_server_takes_its_processes_along_and_is_back(service):
    everyone = service.children("moderation web")
    first = {number for number in everyone if parent_of(number) == service.itself}
    assert len(first) == 1

    replaced(service, "moderation web", first, gone=everyone)

    assert eventually(service.is_answering, BACK_SECONDS)


def test_a_killed_valkey_is_back_after_a_pause_with_what_it_knew(service):
    place = valkey.socket_path(service.data)
    assert eventually(lambda: service.get("/readyz")[1]["redis"] == "up", BACK_SECONDS)
    before = keys_of(place)

    replaced(service, "valkey-server", service.children("valkey-server"))

    assert eventually(lambda: valkey.is_up(place), BACK_SECONDS)
    assert keys_of(place) >= before
    assert eventually(lambda: service.get("/readyz")[1]["redis"] == "up", BACK_SECONDS)


def replaced(service, part, killed, gone=None):
    """Kill some processes of a part; wait until as many run again as before."""
    before = service.children(part)
    assert killed <= before
    for number in killed:
        os.kill(number, signal.SIGKILL)

    gone = gone or killed
    assert gone
    assert eventually(lambda: not gone & service.processes(), GONE_SECONDS)
    assert eventually(lambda: len(service.children(part)) == len(before), BACK_SECONDS)


def keys_of(place):
    """The names in a Valkey; one is put there first."""
    from redis import Redis

    with Redis(unix_socket_path=str(place), socket_timeout=5) as client:
        client.set("known before", "1", ex=600)
        time.sleep(1.1)  # appendfsync everysec
        return set(client.keys())


def parent_of(number):
    return int((PROCESSES / str(number) / "stat").read_text().rpartition(")")[2].split()[1])


def is_free(data):
    with folder.occupied(data, print):
        return True


def run_to_the_end(*words, **settings):
    return subprocess.run(
        [sys.executable, "-m", "moderation", *words],
        env=os.environ | settings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
