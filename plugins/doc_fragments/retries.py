# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The option of all modules that call AWS: for how long they repeat a call."""

from __future__ import annotations


class ModuleDocFragment:
    """The option, as ansible-doc shows it."""

    DOCUMENTATION = r"""
options:
  retry_timeout:
    description:
      - For how many seconds a call is repeated that AWS throttles (429), that meets another writer (409), or that AWS
        fails to answer (5xx), before the task fails and names the call. A call waits for as long as AWS asks for; where
        AWS does not say, the pauses grow, and are drawn at random.
      - V(0) repeats nothing.
      - C(module_defaults) of the group C(codeless.apigateway.all) set it for all tasks of a play.
    type: int
    default: 300
"""
