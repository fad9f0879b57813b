"""The order in which models are imported does not matter."""

import subprocess
import sys

import pytest
from sqlalchemy.orm import configure_mappers

import pst  # noqa: F401  (it loads every model)
from pst.database import db

STATEMENTS = "pst.consultations.desk.worklist.rows"


@pytest.mark.parametrize(
    "module", ["pst.feedback.follow_ups.models", "pst.accounts.log_ins"]
)
def test_statements_are_made_with_few_models_loaded(module: str):
    """What is made at import may not need a class that nothing has loaded yet."""
    code = f"import {module}, {STATEMENTS}"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True
    )

    assert result.returncode == 0, result.stderr


def test_no_model_names_one_that_its_module_does_not_know():
    configure_mappers()
    strange = [
        f"{mapper.class_.__name__}.{relation.key}: {relation.argument}"
        for mapper in db.Model.registry.mappers
        for relation in mapper.relationships
        if isinstance(relation.argument, str)
        and not hasattr(sys.modules[mapper.class_.__module__], relation.argument)
    ]
    assert not strange
