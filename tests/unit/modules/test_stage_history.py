# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The history of stages, from their records and the list of deployments, and when the list is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.client import Aws
from ansible_collections.codeless.apigateway.plugins.module_utils._stage.deployment_description import (
    digest_of,
    text_of,
)
from ansible_collections.codeless.apigateway.plugins.module_utils._stage.history import (
    deployments_to_delete,
    is_rolled_back,
    next_record,
    previous,
)
from ansible_collections.codeless.apigateway.plugins.module_utils._stage.history_record import Record
from ansible_collections.codeless.apigateway.plugins.module_utils._stage.releases import Releases
from ansible_collections.codeless.apigateway.plugins.module_utils._stage.stage import Stage
from ansible_collections.codeless.apigateway.plugins.module_utils._stage.target import find_content

DIGEST = "sha256:" + "0" * 64
OTHER = "sha256:" + "1" * 64


def stage(serves: str, record: str = "", name: str = "prod", **more: Any) -> dict[str, Any]:
    """A stage with a record; `D` and `E` stand for the digests of two contents."""
    written = record.replace("D", DIGEST).replace("E", OTHER)
    return {"stageName": name, "deploymentId": serves, "description": written and f"({written})", **more}


def deployments(**descriptions: str) -> list[dict[str, Any]]:
    """Deployments by id, the newest first."""
    return [
        {"id": key, "description": text.replace("D", f"({DIGEST})").replace("E", f"({OTHER})")}
        for key, text in descriptions.items()
    ]


def listing(**descriptions: str) -> Callable[[], list[dict[str, Any]]]:
    """What reads these deployments, once and no more."""
    left = [deployments(**descriptions)]
    return left.pop


def unread() -> NoReturn:
    raise AssertionError("the deployments were read")


@pytest.mark.parametrize(
    ("serves", "record", "there", "expected"),
    [
        ("b", "b D; before: a", "ba", "a"),
        ("a", "b D; before: a", "ba", "a"),
        ("c", "c D; before: a b", "cba", "a"),
        ("b", "c D; before: a b", "cba", None),
        ("b", "b D; before: a", "b", None),
        ("c", "b D; before: a", "cba", None),
        ("a", "a D", "a", None),
        ("a", "", "a", None),
        ("b", "b of unknown content; before: a*", "ba", "a"),
    ],
    ids=[
        "live",
        "gone back already",
        "gone back from one in between",
        "gone back further",
        "deleted",
        "moved by other means",
        "created with the stage",
        "no record",
        "by other means, both",
    ],
)
def test_what_a_stage_served_before(serves: str, record: str, there: str, expected: str | None) -> None:
    prod = stage(serves, record)
    assert previous(prod, Releases([prod], listing(**dict.fromkeys(there, "D")))) == expected


def test_a_stage_is_rolled_back_if_it_serves_another_deployment_than_its_last() -> None:
    assert not is_rolled_back(None)
    assert not is_rolled_back(stage("a"))
    assert not is_rolled_back(stage("b", "b D; before: a"))
    assert is_rolled_back(stage("a", "b D; before: a"))
    assert is_rolled_back(stage("x", "b D; before: a"))


def test_records_have_the_digests_of_what_is_served() -> None:
    prod, test = stage("b", "b D; before: a"), stage("c", "c E", name="test")
    releases = Releases([prod, test], unread)
    assert releases.has_all_digests
    assert (releases.digest("b"), releases.digest("c")) == (DIGEST, OTHER)
    assert Releases([stage("b", "b of unknown content")], unread).digest("b") is None


@pytest.mark.parametrize(
    "prod",
    [
        stage("b"),
        stage("x", "b D; before: a"),
        stage("a", "b D; before: a"),
        stage("b", "b D", canarySettings={"deploymentId": "a"}),
    ],
    ids=["no record", "moved by other means", "gone back", "canary"],
)
def test_without_a_record_the_deployments_have_the_digests(prod: dict[str, Any]) -> None:
    releases = Releases([prod], listing(x="E", b="E", a="E"))
    assert not releases.has_all_digests
    asked = prod["canarySettings"]["deploymentId"] if "canarySettings" in prod else prod["deploymentId"]
    assert (releases.digest(asked), releases.digest("gone")) == (OTHER, None)


def content(digest: str, releases: Releases, name: str = "prod", is_new: bool = False) -> str | None:
    """The deployment with a content that a deployment to the stage of this name finds."""
    params = {"name": name, "content_is_new": is_new, "draft_version": "0" * 16}
    return find_content(Stage(Aws(lambda _service: None), params, releases), digest)


def test_of_several_deployments_with_the_content_the_one_in_use_counts() -> None:
    there = {"c": "D", "b": "D", "a": "D"}
    for prod, expected in (
        (stage("b", "b D"), "b"),
        (stage("x", "x E", canarySettings={"deploymentId": "a"}), "a"),
        (stage("x", "x E"), "c"),
    ):
        assert content(DIGEST, Releases([prod], listing(**there))) == expected
    prod, test = stage("x", "x E"), stage("a", "a D", name="test")
    assert content(DIGEST, Releases([prod, test], unread)) == "a"
    assert content(DIGEST, Releases([test], unread), name="new") == "a"
    assert content("sha256:" + "2" * 64, Releases([prod], listing(**there))) is None


def test_for_new_content_the_deployments_are_not_read() -> None:
    prod = stage("b", "b D; before: a")
    assert content(OTHER, Releases([prod], unread), is_new=True) is None
    back = stage("a", "b D; before: a")
    assert content(OTHER, Releases([back], listing(b="D", a="D", c="E")), is_new=True) == "c"


def test_a_record_names_what_was_served_and_then_what_was_deployed_before() -> None:
    def after(prod: dict[str, Any] | None, keep: int = 10) -> Record:
        there = {name: "" if name == "f" else "D" for name in "edcbaf"}
        return next_record("n", OTHER, keep, prod, Releases([prod] if prod else [], listing(**there)))

    assert after(None) == Record("n", OTHER, {})
    assert after(stage("c", "c D; before: b a")) == Record("n", OTHER, {"c": True, "b": True, "a": True})
    assert list(after(stage("b", "c D; before: b a")).before) == ["b", "c", "a"]
    assert after(stage("e", "c D; before: b a")).before == {"e": True}
    assert after(stage("f")).before == {"f": False}
    assert after(stage("f", "f of unknown content; before: a")).before == {"f": False, "a": True}
    assert list(after(stage("c", "c D; before: b a"), keep=2).before) == ["c", "b"]
    assert list(after(stage("c", "c D; before: b a"), keep=1).before) == ["c"]
    reused = next_record(
        "a", OTHER, 10, stage("c", "c D; before: b a"), Releases([stage("c", "c D; before: b a")], unread)
    )
    assert list(reused.before) == ["c", "b"]


def test_what_falls_out_of_a_record_is_deleted() -> None:
    prod, test = stage("e", "e D; before: d c b x*"), stage("y", "y D; before: e", name="test")
    releases = Releases([prod, test], unread)
    assert deployments_to_delete(2, None, prod, releases) == ["c", "b"]
    assert list(next_record("n", DIGEST, 2, prod, releases).before) == ["e", "d"]
    assert deployments_to_delete(1, None, prod, releases) == ["d", "c", "b"]
    assert deployments_to_delete(2, "c", prod, releases) == ["b"]


@pytest.mark.parametrize(
    "other",
    [
        stage("c", "c D; before: b", name="test"),
        stage("z", "c D; before: b", name="test"),
        stage("b", name="test", canarySettings={"deploymentId": "c"}),
    ],
    ids=["record", "record of a stage moved by other means", "no record"],
)
def test_what_falls_out_of_a_record_and_is_needed_by_another_stage_stays(other: dict[str, Any]) -> None:
    """The deployments are read then: what the other stage forgot before is named by nobody."""
    prod = stage("e", "e D; before: d c b")
    releases = Releases([prod, other], listing(z="D", e="D", d="D", c="D", b="D", a="D"))
    assert deployments_to_delete(1, None, prod, releases) == (
        ["d", "a"] if other["deploymentId"] == "z" else ["d", "z", "a"]
    )
    assert list(next_record("n", DIGEST, 1, prod, releases).before) == ["e"]


def test_what_a_canary_serves_is_not_deleted() -> None:
    prod = stage("d", "d D; before: c b", canarySettings={"deploymentId": "b"})
    assert deployments_to_delete(1, None, prod, Releases([prod], listing(d="D", c="D", b="D"))) == ["c"]


def test_deployments_that_no_record_names_go_where_they_were_read() -> None:
    prod, test = stage("e", "e D; before: c gone"), stage("b", "b D", name="test")
    releases = Releases([prod, test], listing(f="D", e="D", d="", c="D", b="D", a="D"))
    assert deployments_to_delete(2, None, prod, releases) == ["gone"]
    assert len(releases.deployments) == 6
    assert deployments_to_delete(2, None, prod, releases) == ["f", "a"]
    assert deployments_to_delete(3, None, prod, releases) == ["a"]
    assert deployments_to_delete(4, None, prod, releases) == []
    assert list(next_record("n", DIGEST, 5, prod, releases).before) == ["e", "c"]


def test_where_a_record_has_no_room_for_all_the_deployments_are_read() -> None:
    names = [f"a{number}" for number in range(60)]
    prod = stage("a0", f"a0 D; before: {' '.join(names[1:51])}")
    releases = Releases([prod], listing(**dict.fromkeys(names, "D")))
    assert len(next_record("n", DIGEST, 55, prod, releases).before) == 50
    assert deployments_to_delete(55, None, prod, releases) == names[55:]
    full = stage("a0", f"a0 D; before: {' '.join(names[1:50])}")
    assert deployments_to_delete(55, None, full, Releases([full], unread)) == []


def test_a_description_is_told_without_what_is_for_programs() -> None:
    (ours,) = deployments(a="Faster (much) D")
    assert (text_of(ours), digest_of(ours)) == ("Faster (much)", DIGEST)
    assert (text_of({"description": "by hand [x]"}), digest_of({"description": "by hand"})) == ("by hand [x]", None)
    assert (text_of({}), digest_of({})) == ("", None)
