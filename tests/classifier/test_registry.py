"""What the registry promises: one trusted champion, replaced in one step, and a way back."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

from classifier.artefact import MANIFEST, MODEL, SIGNATURE
from classifier.errors import (
    IncompatibleModel,
    InvalidVersion,
    ModelNotFound,
    NothingToRollBackTo,
    UntrustedModel,
    VersionExists,
)
from classifier.features import Document
from classifier.registry import Registry, load_packaged
from classifier.versions import Status


def test_an_empty_registry_has_no_champion(registry):
    assert registry.champion_version() is None
    assert registry.versions() == []
    with pytest.raises(ModelNotFound, match="no promoted model"):
        registry.load_champion()


def test_a_promoted_version_is_the_champion(registry, add_version, scorer):
    add_version("first")

    registry.promote("first")

    champion = registry.load_champion()
    assert registry.champion_version() == champion.version == "first"
    assert champion.score_one(Document("Bonjour")) == scorer.score_one(Document("Bonjour"))


def test_adding_a_version_does_not_promote_it(registry, add_version):
    add_version("first")

    assert registry.champion_version() is None


def test_a_version_is_added_once(add_version):
    add_version("first")

    with pytest.raises(VersionExists):
        add_version("first")


@pytest.mark.parametrize("name", ["", ".", "..", "../first", "a/b", ".hidden", "a b", "a\n", "é"])
def test_a_version_cannot_be_named_outside_the_registry(registry, name):
    with pytest.raises(InvalidVersion):
        registry.promote(name)


def test_what_cannot_be_loaded_is_not_promoted(registry, add_version):
    add_version("first")
    registry.promote("first")
    (add_version("second") / MODEL).write_bytes(b"tampered")
    add_version("third", features="0")

    for version, error in [
        ("second", UntrustedModel),
        ("third", IncompatibleModel),
        ("fourth", ModelNotFound),
    ]:
        with pytest.raises(error):
            registry.promote(version)

    assert registry.champion_version() == "first"


def test_rolling_back_goes_one_champion_back(registry, add_version):
    for version in ("first", "second", "third"):
        add_version(version)
        registry.promote(version)

    assert registry.rollback() == "second"
    assert registry.rollback() == "first"
    with pytest.raises(NothingToRollBackTo):
        registry.rollback()
    assert registry.champion_version() == "first"


def test_promoting_a_former_champion_moves_it_to_the_front(registry, add_version):
    for version in ("first", "second"):
        add_version(version)
        registry.promote(version)

    registry.promote("first")

    assert registry.rollback() == "second"


def test_rolling_back_to_what_cannot_be_trusted_is_refused(registry, add_version):
    for version in ("first", "second"):
        add_version(version)
        registry.promote(version)
    (registry._folder / "first" / SIGNATURE).unlink()

    with pytest.raises(UntrustedModel):
        registry.rollback()

    assert registry.champion_version() == "second"


def test_versions_are_listed_newest_first_with_their_part(registry, add_version):
    add_version("old", created_at="2026-01-01T00:00:00+00:00")
    add_version("middle", created_at="2026-02-01T00:00:00+00:00")
    add_version("new", created_at="2026-03-01T00:00:00+00:00")
    registry.promote("old")
    registry.promote("middle")

    listed = [(info.version, info.status) for info in registry.versions()]

    assert listed == [
        ("new", Status.CHALLENGER),
        ("middle", Status.CHAMPION),
        ("old", Status.RETIRED),
    ]
    assert registry.versions()[0].metrics == {"overall": {"recall": 1.0}}


def test_a_version_that_cannot_be_trusted_is_listed_with_its_problem(registry, add_version):
    (add_version("first") / MANIFEST).write_text("{}")

    (info,) = registry.versions()

    assert (info.version, info.metrics) == ("first", {})
    assert "signature" in info.problem


def test_what_is_not_a_version_is_not_listed(registry, add_version):
    folder = add_version("first").parent
    (folder / ".first.draft").mkdir()
    (folder / "notes.txt").touch()

    assert [info.version for info in registry.versions()] == ["first"]


def test_whoever_reads_while_versions_are_promoted_sees_a_champion(registry, add_version):
    for version in ("first", "second"):
        add_version(version)
    registry.promote("first")

    with ThreadPoolExecutor(2) as pool:
        promoting = pool.submit(
            lambda: [registry.promote(name) for name in ("first", "second") * 10]
        )
        seen = set()
        while not promoting.done():
            seen.add(registry.champion_version())
        promoting.result()

    assert seen <= {"first", "second"}


def touch(path):
    os.utime(path, ns=(1, 1))


def change_content_keeping_time_and_size(path):
    stat, data = path.stat(), path.read_bytes()
    path.unlink()
    path.write_bytes(data[::-1])
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


@pytest.mark.parametrize("name", [MODEL, MANIFEST, SIGNATURE])
@pytest.mark.parametrize("change", [touch, os.remove])
def test_the_stamp_changes_with_every_file_of_the_champion(registry, add_version, name, change):
    folder = add_version("first")
    registry.promote("first")
    before = registry.champion_stamp()

    change(folder / name)

    assert registry.champion_stamp() != before


def test_the_stamp_changes_with_the_champion_and_with_nothing_else(registry, add_version):
    for version in ("first", "second"):
        add_version(version)
    registry.promote("first")
    before = registry.champion_stamp()

    add_version("third")
    registry.load_champion()
    assert registry.champion_stamp() == before

    registry.promote("second")
    assert registry.champion_stamp() != before


def test_the_stamp_of_a_champion_that_is_gone_is_another(registry, add_version):
    folder = add_version("first")
    registry.promote("first")
    before = registry.champion_stamp()

    shutil.rmtree(folder)

    assert registry.champion_stamp() != before
    with pytest.raises(ModelNotFound, match="no model first"):
        registry.load_champion()


@pytest.mark.parametrize("pointer", ["../../etc\n", "\x00\n", "a/b"])
def test_a_pointer_that_names_nonsense_is_refused_without_looking(registry, add_version, pointer):
    folder = add_version("first").parent
    (folder / "champion").write_text(pointer)

    assert registry.champion_stamp()
    with pytest.raises(InvalidVersion):
        registry.load_champion()


def test_the_baseline_becomes_champion_of_an_empty_registry(registry):
    version = registry.install_baseline()

    assert registry.champion_version() == version
    assert registry.load_champion().score_one(Document("Bonjour")) < 0.5


def test_installing_the_baseline_again_changes_nothing(registry):
    registry.install_baseline()
    before = registry.champion_stamp()

    registry.install_baseline()

    assert registry.champion_stamp() == before


def test_the_baseline_does_not_depose_a_champion(registry, add_version):
    add_version("first")
    registry.promote("first")

    registry.install_baseline()

    assert registry.champion_version() == "first"
    assert len(registry.versions()) == 2


def test_the_baseline_takes_over_from_a_champion_of_another_classifier(registry, add_version):
    folder = add_version("old", features="0").parent
    (folder / "champion").write_text("old\n")

    version = registry.install_baseline()

    assert registry.load_champion().version == version
    assert {info.version: info.status for info in registry.versions()}["old"] is Status.RETIRED


def test_a_baseline_that_was_tampered_with_is_not_replaced_silently(registry, tmp_path):
    version = registry.install_baseline()
    (tmp_path / "models" / version / MODEL).write_bytes(b"tampered")

    registry.install_baseline()

    with pytest.raises(UntrustedModel):
        registry.load_champion()


def test_the_packaged_model_loads_without_a_registry():
    packaged = load_packaged()

    assert 0 < packaged.hold <= packaged.reject <= 1


def test_a_model_signed_elsewhere_is_no_champion_here(registry, add_version, tmp_path):
    add_version("first")
    registry.promote("first")

    stranger = Registry(tmp_path / "models", [b"s" * 32])

    with pytest.raises(UntrustedModel):
        stranger.load_champion()


@pytest.fixture
def rivals(registry, add_version):
    """A champion, `first`, and its challenger, `second`."""
    for version in ("first", "second"):
        add_version(version)
    registry.promote("first")
    registry.challenge("second")


@pytest.mark.parametrize("name", ["champion", "challenger"])
def test_a_version_cannot_be_named_like_a_pointer(add_version, name):
    with pytest.raises(InvalidVersion):
        add_version(name)


def test_a_challenger_stands_beside_the_champion(registry, rivals):
    assert registry.champion_version() == "first"
    assert registry.challenger_version() == registry.load_challenger().version == "second"


def test_without_a_challenger_there_is_none_to_load(registry, add_version):
    add_version("first")

    assert registry.challenger_version() is None
    with pytest.raises(ModelNotFound):
        registry.load_challenger()


def test_what_cannot_be_loaded_challenges_nobody(registry, rivals, add_version):
    (add_version("third") / MODEL).write_bytes(b"tampered")

    for version, error in [("third", UntrustedModel), ("fourth", ModelNotFound)]:
        with pytest.raises(error):
            registry.challenge(version)

    assert registry.challenger_version() == "second"


def test_a_promoted_challenger_is_challenger_no_more(registry, rivals):
    registry.promote("second")
    registry.rollback()

    assert registry.champion_version() == "first"
    assert registry.challenger_version() is None


def test_promoting_another_version_leaves_the_challenger(registry, rivals, add_version):
    add_version("third")

    registry.promote("third")

    assert registry.challenger_version() == "second"


def test_a_champion_challenges_nobody(registry, rivals):
    registry.challenge("first")

    assert registry.challenger_version() is None


def test_a_former_champion_that_challenges_is_listed_so(registry, rivals):
    registry.promote("second")
    registry.challenge("first")

    assert {info.version: info.status for info in registry.versions()} == {
        "first": Status.CHALLENGER,
        "second": Status.CHAMPION,
    }


@pytest.mark.parametrize("change", [touch, os.remove])
def test_the_challengers_stamp_changes_with_its_files(registry, rivals, tmp_path, change):
    before = registry.challenger_stamp(), registry.champion_stamp()

    change(tmp_path / "models" / "second" / MODEL)

    assert registry.challenger_stamp() != before[0]
    assert registry.champion_stamp() == before[1]


def test_the_profiles_of_a_version_are_listed_with_it(registry, add_version):
    profiles = {"scores": {"edges": [0.5], "shares": [0.9, 0.1]}}
    add_version("first", drift=profiles)
    add_version("second")

    assert {info.version: info.profiles for info in registry.versions()} == {
        "first": profiles,
        "second": {},
    }


def test_a_version_under_another_name_is_refused(registry, add_version):
    folder = add_version("first")
    shutil.copytree(folder, folder.with_name("copied"))

    with pytest.raises(UntrustedModel, match="is a copy of first"):
        registry.promote("copied")
