# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The option of all modules that call AWS: how long they retry a call."""

from __future__ import annotations


class ModuleDocFragment:
    """The option, as ansible-doc shows it."""

    DOCUMENTATION = r"""
options:
  retry_timeout:
    description:
      - For how many seconds a call is retried if AWS throttles it (429), if it conflicts with another writer (409), or
        if AWS fails (5xx). Then the task fails and names the call. Retries wait as long as AWS requests, and otherwise
        for random times that grow.
      - V(0) turns retries off.
      - C(module_defaults) of the group C(codeless.apigateway.all) set this option for all tasks of a play.
    type: int
    default: 300
"""
