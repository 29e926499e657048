# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An Ansible callback that records a run for a test: the result of each task, and the recap."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible.parsing.ajson import AnsibleJSONEncoder
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: recorder
type: notification
short_description: Write results and recap of a run to a file
description:
  - Writes one JSON document to the file that the environment variable E(RECORDER_FILE) names.
"""


class CallbackModule(CallbackBase):  # type: ignore[misc]
    """Writes `{"results": [{"task": name, ...}], "recap": {"ok": 1, ...}}` when the playbook ends."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "recorder"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._results: list[dict[str, Any]] = []

    def v2_runner_on_ok(self, result: Any) -> None:
        self._keep(result)

    def v2_runner_on_failed(self, result: Any, **_how: Any) -> None:
        self._keep(result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._keep(result)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        recap: dict[str, int] = {}
        for host in stats.processed:
            for word, count in stats.summarize(host).items():
                recap[word] = recap.get(word, 0) + count
        document = json.dumps({"results": self._results, "recap": recap}, cls=AnsibleJSONEncoder)
        Path(os.environ["RECORDER_FILE"]).write_text(document, encoding="utf-8")

    def _keep(self, result: Any) -> None:
        self._results.append({"task": result._task.get_name(), **result._result})
