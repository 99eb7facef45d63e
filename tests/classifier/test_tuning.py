"""What tuning promises: a fair search, on this machine or on a cluster, and no endless wait."""

import socket
import time

import pytest
from dask import distributed

from classifier import tuning
from classifier.errors import InvalidDataset
from classifier.tuning import NoScheduler, Trial, Tuned, tune


def test_every_strength_is_tried_and_the_best_is_told(examples):
    tuned = tune(examples, seed=0, strengths=(0.1, 1.0))

    assert [trial.strength for trial in tuned.trials] == [0.1, 1.0]
    assert all(0 <= trial.precision <= 1 for trial in tuned.trials)
    assert tuned.best in tuned.trials


def test_of_equals_the_more_cautious_is_best():
    trials = (Trial(3, 0.9, 0, 1), Trial(1, 0.9, 0, 1), Trial(0.1, 0.8, 0, 1))

    assert Tuned(trials).best.strength == 1


def test_too_few_comments_are_refused(examples):
    with pytest.raises(InvalidDataset, match="tuning needs 5 spam and 5 ham"):
        tune(examples[:18], seed=0)


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_finds_what_this_machine_finds(examples):
    alone = tune(examples, seed=0, strengths=(0.1, 1.0))

    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        memory_limit="1GiB",
    ) as cluster:
        together = tune(examples, seed=0, scheduler=cluster.scheduler_address, strengths=(0.1, 1.0))

    assert [trial.precision for trial in together.trials] == pytest.approx(
        [trial.precision for trial in alone.trials]
    )


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", ["closed", "silent", "nonsense"])
def test_a_wrong_address_is_told_in_time(examples, monkeypatch, kind):
    monkeypatch.setattr(tuning, "SECONDS_TO_CONNECT", 1)
    began = time.monotonic()

    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        if kind == "closed":
            server.close()
        with pytest.raises(NoScheduler, match="no Dask scheduler can be used at"):
            tune(examples, 0, scheduler="nonsense" if kind == "nonsense" else address)

    assert time.monotonic() - began < 10
