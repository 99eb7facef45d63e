"""The README's tour, followed to the letter against a running service."""

import json
import os
import re
import subprocess
import time
from pathlib import Path

import pytest
from running import running_service
from solving import solve

README = Path(__file__).parents[2] / "README.md"
PATIENCE_SECONDS = 30


@pytest.fixture(scope="module")
def tour(tmp_path_factory):
    """What the tour's commands print, one text a block."""
    folder = tmp_path_factory.mktemp("tour")
    blocks = re.findall(r"^```sh tour\n(.*?)^```", README.read_text(), re.M | re.S)
    script = "\necho '--- next'\n".join(["set -eu", *blocks])
    with running_service(folder / "data"):
        printed = follow(script, folder)
    return printed.split("--- next\n")[1:]


def follow(script, folder):
    """Run the script; whenever it waits for an answer, work out the question it was given."""
    questions = script.count("read -r ANSWER")
    with subprocess.Popen(
        ["bash", "-c", script],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as shell:
        token = None
        for _ in range(questions):
            question, token = next_question(folder / "challenge.json", token)
            shell.stdin.write(f"{solve(question)}\n")
            shell.stdin.flush()
        printed, _ = shell.communicate(timeout=PATIENCE_SECONDS)
    assert shell.returncode == 0, printed
    return printed


def next_question(path, last_token):
    """Wait for a challenge other than the last, as the tour writes it down."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            challenge = json.loads(path.read_text())
        except (FileNotFoundError, ValueError):
            continue
        if challenge["token"] != last_token:
            return challenge["question"], challenge["token"]
    raise AssertionError("the tour asked no question")


def test_the_readers_comment_is_published_and_read(tour):
    reader = tour[1]

    assert "HTTP/1.1 201" in reader
    assert '"status":"published"' in reader
    assert '"count":1' in reader


def test_the_spammer_learns_nothing(tour):
    assert '"status":"received"' in tour[2]


def test_the_moderator_sees_why_and_decides(tour):
    moderator = tour[3]

    assert "Le texte ressemble à du spam" in moderator
    assert '"explanation": [' in moderator
    assert '"verdict":"reject","reason":"SPAM"' in moderator
    assert '{"held":0,"published":1,"rejected":1}' in moderator


def test_the_operator_gets_a_label_and_a_healthy_service(tour):
    assert '"label": "spam"' in tour[4]
    assert '"status":"ok"' in tour[4]
