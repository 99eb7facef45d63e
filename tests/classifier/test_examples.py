"""The examples in docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import classifier

ROOMS = [room.name for room in pkgutil.iter_modules(classifier.__path__) if room.name != "__main__"]


@pytest.mark.parametrize("room", ROOMS)
def test_examples_in_docstrings_are_true(room):
    assert doctest.testmod(importlib.import_module(f"classifier.{room}")).failed == 0
