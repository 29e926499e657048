# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the descriptions of deployments tell of the stages that were deployed to them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._stage_deployments import (
    digest_of,
    next_note,
    noted,
    previous,
    text_of,
    with_content,
)

DIGEST = "sha256:" + "0" * 64
OTHER = "sha256:" + "1" * 64


def deployments(**descriptions: str) -> list[dict[str, Any]]:
    """Deployments by id, the newest first; `D` stands for a digest."""
    return [{"id": key, "description": text.replace("D", f"({DIGEST})")} for key, text in descriptions.items()]


def stage(serves: str, **more: Any) -> dict[str, Any]:
    return {"stageName": "prod", "deploymentId": serves, **more}


@pytest.mark.parametrize(
    ("serves", "descriptions", "expected"),
    [
        ("b", {"b": "D [prod #2 after a]", "a": "D [prod #1]"}, "a"),
        ("a", {"b": "D [prod #2 after a]", "a": "D [prod #1]"}, "a"),
        ("b", {"b": "D [prod #2 after a] [test #9 after c]", "a": "D", "c": "D [test #8 after a]"}, "a"),
        ("b", {"c": "D [prod #2 after a]", "b": "D [prod #2 after a]", "a": "D [prod #1]"}, "a"),
        ("b", {"b": "D [prod #2 after gone]"}, None),
        ("c", {"c": "D", "b": "D [prod #2 after a]", "a": "D [prod #1]"}, None),
        ("a", {"a": "D [prod #1]"}, None),
        ("b", {"b": "by hand [prod #2 after a]", "a": "D"}, None),
        ("b", {"b": "as [prod #2 after c] D [prod #2 after a]", "a": "D", "c": "D"}, "a"),
    ],
    ids=[
        "live",
        "gone back already",
        "another stage's notes",
        "two runs at once",
        "deleted",
        "moved by other means",
        "made with the stage",
        "another's description",
        "the words of a person",
    ],
)
def test_what_a_stage_served_before(serves: str, descriptions: dict[str, str], expected: str | None) -> None:
    assert previous(stage(serves), deployments(**descriptions)) == expected


def test_the_note_of_a_stage_takes_the_place_of_its_earlier_one() -> None:
    there = deployments(c="D [prod #3 after b]", b="D [prod #2 after a]", a="Fast D [prod #1] [test #4 after b]")
    assert noted(there[2], "prod", stage("c"), there) == f"Fast ({DIGEST}) [test #4 after b] [prod #4 after c]"


def test_a_note_that_stands_already_is_not_written_again() -> None:
    there = deployments(b="D [prod #7 after a]", a="D [prod #1]")
    assert noted(there[0], "prod", stage("a"), there) is None


def test_the_first_note_of_a_stage_that_is_made() -> None:
    assert next_note("prod", None, deployments(a="D [test #4]")) == " [prod #1]"


def test_of_several_deployments_with_the_content_the_one_in_use_counts() -> None:
    there = deployments(c="D", b="D", a="D")
    assert with_content(DIGEST, stage("b"), there) == "b"
    assert with_content(DIGEST, stage("x", canarySettings={"deploymentId": "a"}), there) == "a"
    assert with_content(DIGEST, stage("x"), there) == with_content(DIGEST, None, there) == "c"
    assert with_content(OTHER, stage("b"), there) is None


def test_a_description_is_told_without_what_is_for_programs() -> None:
    (ours,) = deployments(a="Faster (much) D [prod #1]")
    assert (text_of(ours), digest_of(ours)) == ("Faster (much)", DIGEST)
    assert (text_of({"description": "by hand [x]"}), digest_of({"description": "by hand"})) == ("by hand [x]", None)
    assert (text_of({}), digest_of({})) == ("", None)
