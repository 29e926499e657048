# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A stage as a table of properties: the declared and the current ones, and the patches between them."""

from __future__ import annotations

from ansible_collections.codeless.apigateway.plugins.module_utils._stage.properties import (
    VARIABLES,
    current_properties,
    declared_properties,
    patches,
)

STAGE = {
    "stageName": "prod",
    "deploymentId": "dep1",
    "tracingEnabled": False,
    "variables": {"table": "orders", "old": "1"},
    "methodSettings": {
        "*/*": {"throttlingRateLimit": 100.0, "throttlingBurstLimit": 50, "metricsEnabled": False},
        "~1orders~1{id}/GET": {"cachingEnabled": True},
    },
}


def test_what_is_as_declared_needs_no_patch() -> None:
    params = {
        "variables": {"table": "orders", "old": 1},
        "tracing_enabled": False,
        "method_settings": {
            "*": {"throttling_rate_limit": 100, "metrics_enabled": False},
            "GET /orders/{id}": {"caching_enabled": True},
        },
    }
    assert patches(current_properties(STAGE), declared_properties(params), purge=[VARIABLES]) == []


def test_each_difference_is_one_patch_operation() -> None:
    params = {
        "stage_description": "Production",
        "tracing_enabled": True,
        "variables": {"table": "orders2"},
        "method_settings": {
            "*": {"throttling_burst_limit": 60, "logging_level": "ERROR"},
            "GET /orders/{id}": {"caching_enabled": False},
        },
    }
    assert patches(current_properties(STAGE), declared_properties(params), purge=[VARIABLES]) == [
        {"op": "replace", "path": "/description", "value": "Production"},
        {"op": "replace", "path": "/tracingEnabled", "value": "true"},
        {"op": "replace", "path": "/variables/table", "value": "orders2"},
        {"op": "replace", "path": "/*/*/throttling/burstLimit", "value": "60"},
        {"op": "replace", "path": "/*/*/logging/loglevel", "value": "ERROR"},
        {"op": "replace", "path": "/~1orders~1{id}/GET/caching/enabled", "value": "false"},
        {"op": "remove", "path": "/variables/old"},
    ]


def test_variables_stay_when_none_are_declared() -> None:
    assert patches(current_properties(STAGE), declared_properties({}), purge=[]) == []


def test_a_key_of_method_settings_is_understood_in_either_spelling() -> None:
    for key in ("~1orders~1{id}/GET", "orders/{id}/GET"):
        stage = {**STAGE, "methodSettings": {key: {"cachingEnabled": True}}}
        assert current_properties(stage)["/~1orders~1{id}/GET/caching/enabled"] == "true"
