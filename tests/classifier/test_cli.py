"""What the command line promises, from training to explaining, to somebody at a keyboard."""

import json
import os
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner

from classifier import streaming, training
from classifier.cli.program import main
from classifier.errors import InvalidDataset


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a command with its own data folder: `run("list")`."""
    monkeypatch.setenv("MODERATION_DATA", str(tmp_path / "data"))

    def command(*arguments, stdin=""):
        return CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)

    return command


@pytest.fixture
def ready(trained, monkeypatch):
    """Let training end at once, with a model made before."""
    monkeypatch.setattr(training, "train", lambda examples, seed, advance: trained)


def lines(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_from_training_to_explaining(run, write_rows, invented_rows, tmp_path):
    data, models = write_rows(invented_rows), tmp_path / "data" / "models"

    trained = run("train", data, "--out", models)
    assert trained.exit_code == 0, trained.output
    version = trained.stdout.strip().rpartition("/")[2]
    assert "15 spam, 15 ham" in trained.stderr
    assert sorted(os.listdir(models / version)) == ["manifest.json", "model.joblib", "signature"]

    assert "challenger" in run("list").stdout
    assert run("promote", version).stdout == f"{version} is the champion now\n"
    assert "champion" in run("list").stdout

    rows = [
        {"id": "a", "text": "Gagnez 70 euros par jour sur notre casino, WhatsApp 55"},
        {"id": 2, "text": "Le marché du samedi me manque", "author": "Zoé", "url": ""},
        {"text": ""},
    ]
    scored = run("score", stdin=lines(rows))
    scores = [json.loads(line) for line in scored.stdout.splitlines()]
    assert [score["id"] for score in scores] == ["a", 2, None]
    assert scores[0]["spam"] > 0.5 > scores[1]["spam"]
    assert all(set(score) == {"id", "spam"} for score in scores)

    report = json.loads(run("evaluate", data, "--json").stdout)
    assert set(report) == {"thresholds", "overall", "by_language", "by_source", "by_kind"}
    assert set(report["by_language"]) == {"fr", "en"}
    assert report["overall"]["recall"] > 0.9

    explained = run("explain", "Gagnez 70 euros sur notre casino")
    assert explained.stdout.startswith("spam 0.")
    assert "log-odds" in explained.stdout


def test_a_version_can_be_named_and_is_rolled_back(run, ready, write_rows, invented_rows, tmp_path):
    data, models = write_rows(invented_rows), tmp_path / "data" / "models"
    for name in ("one", "two"):
        run("train", data, "--out", models, "--name", name)
        run("promote", models / name)

    assert run("rollback").stdout == "one is the champion again\n"
    refused = run("rollback")

    assert refused.exit_code == 1
    assert "no earlier champion is known" in refused.stderr


def test_a_manifest_tells_how_the_model_was_made(run, ready, write_rows, invented_rows, tmp_path):
    skipped = {"text": "peut-être", "label": "uncertain"}
    data = write_rows([*invented_rows, skipped, invented_rows[0]], "maison.jsonl")

    run("train", data, "--out", tmp_path / "models", "--name", "one", "--seed", "7")

    manifest = json.loads((tmp_path / "models" / "one" / "manifest.json").read_text())
    assert manifest["version"] == "one"
    assert manifest["data"]["files"][0]["name"] == "maison.jsonl"
    assert manifest["data"] | {"files": []} == {
        "seed": 7, "files": [], "spam": 15, "ham": 15, "duplicates": 1,
        "skipped": {"uncertain": 1}, "malformed": 0,
    }  # fmt: skip
    assert set(manifest["thresholds"]) == {"hold", "reject"}
    assert set(manifest["metrics"]) == {"overall", "by_language", "by_source", "by_kind"}
    assert str(tmp_path) not in json.dumps(manifest)


def test_a_name_that_is_taken_is_refused_before_training(run, write_rows, tmp_path, monkeypatch):
    (tmp_path / "models" / "one").mkdir(parents=True)
    monkeypatch.setattr(training, "train", None)

    refused = run("train", write_rows([]), "--out", tmp_path / "models", "--name", "one")

    assert refused.exit_code == 1
    assert "exists already" in refused.stderr


def test_training_on_nothing_is_refused(run, write_rows, tmp_path):
    refused = run("train", write_rows([]), "--out", tmp_path / "models")

    assert refused.exit_code == 1
    assert "at least two spam and two ham" in refused.stderr
    assert not (tmp_path / "models").exists()


def test_malformed_lines_are_told_by_file_and_line(run, ready, write_rows, invented_rows, tmp_path):
    data = write_rows([*invented_rows, "{broken"])

    trained = run("train", data, "--out", tmp_path / "models")

    assert trained.exit_code == 0
    assert f"skipped: {data}, line 31: this is not JSON in UTF-8" in trained.stderr


@pytest.mark.parametrize("blow", [signal.SIGINT, signal.SIGKILL])
def test_training_that_is_interrupted_leaves_no_version(tmp_path, write_rows, invented_rows, blow):
    data, models = write_rows(invented_rows), tmp_path / "models"
    program = (
        "import sys, threading; from classifier import cli, training;"
        "training.train = lambda *_: (print('training', flush=True), threading.Event().wait(30));"
        "cli.main()"
    )

    with subprocess.Popen(
        [sys.executable, "-c", program, "train", str(data), "--out", str(models)],
        env={"PYTHONPATH": ":".join(sys.path), "MODERATION_DATA": str(tmp_path / "data")},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        process.stdout.readline()
        process.send_signal(blow)

    assert process.returncode != 0
    assert not models.exists()


def test_without_a_champion_the_baseline_scores(run):
    with_default = run("score", stdin=lines([{"id": 1, "text": "Bonjour"}]))
    with_name = run("score", "--model", "baseline", stdin=lines([{"id": 1, "text": "Bonjour"}]))

    assert with_default.exit_code == 0
    assert with_default.stdout == with_name.stdout


def test_a_model_is_found_by_path_and_by_name(run, ready, write_rows, invented_rows, tmp_path):
    models = tmp_path / "data" / "models"
    run("train", write_rows(invented_rows), "--out", models, "--name", "one")
    row = lines([{"text": "Bonjour"}])

    by_name = run("score", "--model", "one", stdin=row)
    by_path = run("score", "--model", models / "one", stdin=row)

    assert by_name.exit_code == by_path.exit_code == 0
    assert by_name.stdout == by_path.stdout


@pytest.mark.parametrize("model", ["absent", "some/where/absent"])
def test_a_model_that_is_not_there_is_refused(
    run, ready, write_rows, invented_rows, tmp_path, model
):
    run("train", write_rows(invented_rows), "--out", tmp_path / "data" / "models")

    refused = run("score", "--model", model)

    assert refused.exit_code == 1
    assert "Error: there is no model absent in" in refused.stderr


def test_a_tampered_champion_is_refused_not_replaced_by_the_baseline(
    run, ready, write_rows, invented_rows, tmp_path
):
    models = tmp_path / "data" / "models"
    run("train", write_rows(invented_rows), "--out", models, "--name", "one")
    run("promote", "one")
    (models / "one" / "model.joblib").write_bytes(b"tampered")

    refused = run("score", stdin=lines([{"text": "Bonjour"}]))

    assert refused.exit_code == 1
    assert "does not carry a signature made with the keys of this installation" in refused.stderr
    assert "does not carry a signature" in run("list").stdout


@pytest.mark.parametrize("broken", ["{", "[]", '{"id": 3}', '{"text": null}'])
def test_scoring_stops_at_a_broken_line_and_names_it(run, broken):
    outcome = run("score", stdin=lines([{"id": 1, "text": "Bonjour"}]) + broken + "\n")

    assert outcome.exit_code == 1
    assert len(outcome.stdout.splitlines()) == 1
    assert "standard input, line 2: " in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_scores_are_streamed(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", "from classifier.cli.program import main; main()", "score"],
        env={"PYTHONPATH": ":".join(sys.path), "MODERATION_DATA": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        for number in range(3):
            process.stdin.write(json.dumps({"id": number, "text": "Bonjour \ud800"}) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()

    assert process.returncode == 0


def test_an_evaluation_reads_as_a_table(run, write_rows, invented_rows):
    table = run("evaluate", write_rows(invented_rows)).stdout

    assert table.startswith("held from 0.")
    for name in ("overall", "fr", "en", "invented spam", "invented ham"):
        assert f"\n{name} " in table


def test_evaluating_nothing_is_refused(run, write_rows):
    assert "no labelled row was found" in run("evaluate", write_rows([])).stderr


@pytest.mark.parametrize("text", ["", " ", "\udcff", "x" * 70_000])
def test_strange_texts_are_explained_too(run, text):
    assert run("explain", "--", text).exit_code == 0


def test_a_correction_tells_what_it_is_made_of(run, ready, write_rows, invented_rows, tmp_path):
    models = tmp_path / "data" / "models"
    run("train", write_rows(invented_rows), "--out", models, "--name", "one")

    corrected = run(
        "train", write_rows(invented_rows), "--from", "one", "--out", models, "--name", "two",
        "--strength", "30",
    )  # fmt: skip

    assert corrected.exit_code == 0, corrected.output
    manifest = json.loads((models / "two" / "manifest.json").read_text())
    assert manifest["from"] == "one"
    assert manifest["strength"] == 30
    assert manifest["labels"]["en"] == {"spam": 6, "ham": 6}
    assert run("promote", "two").exit_code == 0


@pytest.mark.parametrize("count", [0, 9])
def test_too_few_labels_make_no_version(run, write_rows, invented_rows, tmp_path, count):
    data = write_rows([*invented_rows[:count], *invented_rows[15:]])

    refused = run("train", data, "--from", "baseline", "--out", tmp_path / "models")

    assert refused.exit_code == 1
    assert f"there are {count} spam and 15 ham" in refused.stderr
    assert not (tmp_path / "models").exists()


def test_a_correction_of_a_model_that_is_not_there_is_refused(run, write_rows, tmp_path):
    refused = run("train", write_rows([]), "--from", "absent", "--out", tmp_path / "models")

    assert refused.exit_code == 1
    assert "there is no model absent in" in refused.stderr


@pytest.mark.parametrize("other", [("--from", "baseline"), ("--strength", "2")])
def test_streaming_goes_with_nothing_else(run, write_rows, tmp_path, other):
    refused = run("train", write_rows([]), "--stream", *other, "--out", tmp_path / "models")

    assert refused.exit_code == 2
    assert "--stream goes with neither" in refused.stderr


def test_a_strength_is_handed_on(run, write_rows, invented_rows, trained, monkeypatch, tmp_path):
    given = []
    monkeypatch.setattr(training, "train", lambda *args: given.append(args[3:]) or trained)
    data = write_rows(invented_rows)

    run("train", data, "--out", tmp_path / "models")
    run("train", data, "--out", tmp_path / "models", "--strength", "0.3", "--name", "two")

    assert given == [(), (0.3,)]


def test_large_files_are_streamed(run, write_rows, invented_rows, monkeypatch, tmp_path):
    def learn(paths, census, seed, advance):
        raise InvalidDataset("streamed")

    monkeypatch.setattr(streaming, "LARGE_BYTES", 0)
    monkeypatch.setattr(streaming, "learn", learn)

    outcome = run("train", write_rows(invented_rows), "--out", tmp_path / "models")

    assert "Error: streamed" in outcome.stderr


def test_models_are_compared(run, ready, write_rows, invented_rows, tmp_path):
    models, data = tmp_path / "data" / "models", write_rows(invented_rows)
    run("train", data, "--out", models, "--name", "one")

    table = run("compare", "one", "baseline", data)
    told = json.loads(run("compare", "one", models / "one", data, "--json", "--show", "3").stdout)

    assert "McNemar" in table.stdout
    assert told["versions"] == ["one", "one"]
    assert told["recall"]["difference"] == 0
    assert told["disagreements"] == []


def test_a_report_is_one_file(run, ready, write_rows, invented_rows, tmp_path):
    run("train", write_rows(invented_rows), "--out", tmp_path / "data" / "models", "--name", "one")

    written = run(
        "report", write_rows(invented_rows), "--model", "one", "--out", tmp_path / "page.html"
    )

    assert written.exit_code == 0, written.output
    page = (tmp_path / "page.html").read_text()
    assert "<code>one</code>" in page
    assert "rows.jsonl" in page


def test_without_matplotlib_a_report_says_what_to_install(run, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "classifier.report.page", None)

    refused = run("report", "--out", tmp_path / "page.html")

    assert refused.exit_code == 1
    assert "pip install 'moderation[report]'" in refused.stderr


def test_tuning_ends_with_what_to_do(run, write_rows, invented_rows):
    tuned = run("tune", write_rows(invented_rows))

    assert tuned.exit_code == 0, tuned.output
    assert "best: train with --strength " in tuned.stdout


def test_the_package_runs(tmp_path):
    told = subprocess.run(
        [sys.executable, "-m", "classifier", "--help"],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.startswith("Usage: python -m classifier ")


def test_more_malformed_lines_than_shown_are_counted(
    run, ready, write_rows, invented_rows, tmp_path
):
    trained = run("train", write_rows([*invented_rows, *["{"] * 12]), "--out", tmp_path / "models")

    assert "skipped: 2 more" in trained.stderr


@pytest.mark.parametrize(
    "command",
    ["train", "tune", "score", "evaluate", "compare", "report", "explain", "list", "promote",
     "rollback"],
)  # fmt: skip
def test_every_command_has_help(run, command):
    assert command in run("--help").stdout
    assert run(command, "-h").exit_code == 0


def test_commands_that_need_keys_say_that_there_are_none(run):
    assert "signing.keys cannot be used: No such file" in run("promote", "v1").stderr


def test_an_empty_registry_is_listed_in_a_sentence(run):
    assert "the baseline judges" in run("list").stdout


def test_a_language_that_cannot_be_written_down_costs_no_training(
    run, write_rows, invented_rows, ready
):
    odd = [{**row, "lang": "\udfff", "source": "\ud800"} for row in invented_rows]

    result = run("evaluate", write_rows(odd), "--model", "baseline")

    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("strength", ["nan", "inf", "0", "1e300"])
def test_a_strength_that_is_no_number_is_refused(
    run, write_rows, invented_rows, strength, tmp_path
):
    result = run(
        "train", write_rows(invented_rows), "--out", tmp_path / "m", "--strength", strength
    )

    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_a_report_into_a_missing_folder_is_refused_before_the_work(run, tmp_path):
    result = run("report", "--model", "baseline", "--out", tmp_path / "none" / "x.html")

    assert result.exit_code == 2
    assert "there is no folder" in result.stderr
