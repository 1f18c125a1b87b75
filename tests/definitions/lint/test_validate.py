"""Which checks run: every one there is, each on the file that it is for."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from datetime import date

import pytest

from app.definitions import lint
from app.definitions.lint import texts, validate
from app.definitions.lint.check import Check, CheckedFile
from app.definitions.schema import models
from app.definitions.schema.controller import Controller
from app.definitions.source.positions import Node
from app.definitions.source.report import Report
from app.definitions.source.yaml_reader import read_document
from tests.definitions.folder import CONTROLLER, FORM, TODAY


def _checks() -> Iterator[Check]:
    """Every function in the folder of checks that is called like one."""
    for found in pkgutil.iter_modules(lint.__path__):
        module = importlib.import_module(f"{lint.__name__}.{found.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("check_") and function.__module__ == module.__name__:
                yield function


CHECKS = list(_checks())


def test_every_check_runs_on_a_form_or_on_a_controller_and_once() -> None:
    run = [*validate.CONTROLLER_CHECKS, *validate.FORM_CHECKS]
    assert set(CHECKS) == {*run, texts.check_empty_values}  # which runs last, after the shape
    for table in (validate.CONTROLLER_CHECKS, validate.FORM_CHECKS):
        assert len(set(table)) == len(table)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_every_check_takes_any_file_and_finds_nothing_in_one_that_is_in_order(check: Check) -> None:
    report = Report("news.yaml")
    for text, model in ((FORM, models.Form), (CONTROLLER, Controller)):
        document = read_document(text.encode(), report)
        assert document is not None
        check(CheckedFile(Node.top(document), model, None, TODAY), report)
    assert report.faults == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("text", ["x", "- x", "purposes: [1, {id: 2}, [x]]\nfields: x\ntitle: [x]", "theme: 1"])
def test_no_check_trusts_the_shape_of_a_file(check: Check, text: str) -> None:
    report = Report("news.yaml")
    document = read_document(text.encode(), report)
    assert document is not None
    for model in (models.Form, Controller):
        check(CheckedFile(Node.top(document), model, Node.top(document), date(2027, 3, 1)), report)
