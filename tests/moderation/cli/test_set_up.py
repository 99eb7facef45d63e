"""`make setup` does what is missing and nothing else; here without installing anything."""

import importlib.util
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[3] / "requirements" / "install.py"


class Project:
    """A project whose set-up only notes what it would run."""

    def __init__(self, root):
        spec = importlib.util.spec_from_file_location("install", SOURCE)
        self.install = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.install)
        self.ran = []
        self.locks = root / "requirements"
        self.locks.mkdir(parents=True, exist_ok=True)
        for name in ("installer", "runtime", "dev"):
            (self.locks / f"{name}.txt").write_text(name)
        (root / "pyproject.toml").write_text("[project]")
        self.root = root
        self.place()

    def place(self):
        venv = self.root / ".venv"
        self.install.ROOT, self.install.LOCKS, self.install.VENV = self.root, self.locks, venv
        self.install.PYTHON = venv / "bin" / "python"
        self.install.STAMP = venv / "installed.json"
        self.install.run = self.run

    def run(self, *command):
        self.ran.append(command)
        if command[1:3] == ("-m", "venv"):
            self.install.PYTHON.parent.mkdir(parents=True)
            self.install.PYTHON.symlink_to(sys.executable)

    def set_up(self, lock):
        """Set up; return what was installed: `venv`, locks, and `project`."""
        self.ran.clear()
        self.install.main(lock)
        return [name for command in self.ran for name in self.names(command)]

    def names(self, command):
        if command[1:3] == ("-m", "venv"):
            yield "venv"
        if "-r" in command:
            yield Path(command[-1]).stem
        if "--editable" in command:
            yield "project"


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path / "project")


def test_the_first_set_up_installs_everything_the_second_nothing(project):
    assert project.set_up("runtime") == ["venv", "installer", "runtime", "project"]
    assert project.set_up("runtime") == []


def test_the_tools_come_on_top_and_include_what_runs(project):
    project.set_up("runtime")

    assert project.set_up("dev") == ["dev", "project"]
    assert project.set_up("runtime") == []


def test_who_has_the_tools_has_what_runs(project):
    assert project.set_up("dev") == ["venv", "installer", "dev", "project"]
    assert project.set_up("runtime") == []


@pytest.mark.parametrize("changed", ["installer", "runtime"])
def test_a_changed_lock_begins_anew(project, changed):
    project.set_up("runtime")
    (project.locks / f"{changed}.txt").write_text("another version")

    assert project.set_up("runtime") == ["venv", "installer", "runtime", "project"]


def test_a_changed_project_is_installed_again_alone(project):
    project.set_up("runtime")
    (project.root / "pyproject.toml").write_text("[project]\n[project.scripts]")

    assert project.set_up("runtime") == ["project"]


def test_an_interrupted_set_up_begins_anew(project):
    def interrupted(*command):
        if "-r" in command and command[-1].endswith("dev.txt"):
            raise KeyboardInterrupt
        project.run(*command)

    project.set_up("runtime")
    project.install.run = interrupted
    with pytest.raises(KeyboardInterrupt):
        project.set_up("dev")
    project.install.run = project.run

    assert project.set_up("runtime") == ["venv", "installer", "runtime", "project"]


def test_an_interpreter_that_is_gone_begins_anew(project):
    project.set_up("runtime")
    project.install.PYTHON.unlink()

    assert project.set_up("runtime")[0] == "venv"


def test_a_project_that_was_moved_begins_anew(project, tmp_path):
    project.set_up("runtime")
    project.root = project.root.rename(tmp_path / "moved")
    project.locks = project.root / "requirements"
    project.place()

    assert project.set_up("runtime")[0] == "venv"


def test_a_python_without_venv_is_told_in_one_sentence(project, monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)

    with pytest.raises(SystemExit, match=r"install it .*-venv"):
        project.set_up("runtime")


def test_a_lock_names_no_address():
    for lock in SOURCE.parent.glob("*.txt"):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text
