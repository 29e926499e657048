# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The record in a stage's description, after any text of a user."""

from __future__ import annotations

import string

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.plan import Ref, resolved
from ansible_collections.codeless.apigateway.plugins.module_utils._stage.history_record import (
    Record,
    join_record,
    split,
)
from ansible_collections.codeless.apigateway.plugins.module_utils._stage.options import errors
from hypothesis import given
from hypothesis import strategies as st

DIGEST = "sha256:" + "0" * 64
WRITTEN = f"For customers (gffslt {DIGEST}; before: 1a2b3c 4d5e6f x7y8z9*)"

ids = st.text(string.ascii_lowercase + string.digits, min_size=6, max_size=6)
records = st.builds(Record, ids, st.sampled_from([DIGEST, None]), st.dictionaries(ids, st.booleans(), max_size=4))
texts = st.text() | st.text("{}() :;*0a\n") | st.just(WRITTEN)


def test_a_person_can_read_it() -> None:
    record = Record("gffslt", DIGEST, {"1a2b3c": True, "4d5e6f": True, "x7y8z9": False})
    assert join_record("For customers", record) == WRITTEN
    assert split(WRITTEN) == ("For customers", record)
    assert join_record("", Record("gffslt", None, {})) == "(gffslt of unknown content)"


@given(texts, records)
def test_text_and_record_are_read_as_they_were_written(text: str, record: Record) -> None:
    assert split(str(join_record(text, record))) == (text, record)


@given(texts, records)
def test_a_deployment_that_is_yet_to_be_made_is_put_in(text: str, record: Record) -> None:
    later = join_record(text, Record(Ref("deployment_id"), record.digest, record.before))
    assert resolved(later, {"deployment_id": record.deployment}) == join_record(text, record)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "For customers",
        "Main stage (prod)",
        "Moved (gffslt; before: 1a2b3c)",
        f"Serves gffslt {DIGEST}",
        f"Was (gffslt {DIGEST}) until May",
        f"(gffslt {DIGEST}; before:)",
        f"({DIGEST})",
    ],
)
def test_what_is_no_record_is_the_users_text(text: str) -> None:
    assert split(text) == (text, None)
    assert join_record(text, None) == text


def test_a_declared_text_that_holds_a_record_is_refused() -> None:
    assert errors({"name": "prod", "stage_description": WRITTEN}) == [
        'stage_description ends in the record that the module writes; write "For customers"'
    ]
