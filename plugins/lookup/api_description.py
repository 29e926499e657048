# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The lookup `api_description`: the file of variables that describes the API of a playbook."""

from __future__ import annotations

DOCUMENTATION = r"""
name: api_description
author:
  - The codeless.apigateway maintainers (@codeless)
short_description: Find the file that describes the API
version_added: 0.1.0
description:
  - Returns the file with the description of the API, for C(vars_files) of a playbook.
  - The description is the file in the term, variables of C(-e), or other variables of the host (inventory,
    C(group_vars), C(host_vars)). If it is in variables, the result is an empty file.
  - Fails if the file does not exist, if nothing describes an API, or if two sources do.
  - The playbooks of the collection use it. Use it in your own playbook for the same checks.
options:
  _terms:
    description: The path of the file, or an empty string. A relative path starts at the working directory.
    type: list
    elements: str
    required: true
  example:
    description:
      - The file to use if nothing describes an API.
      - It is used only without an inventory, and if C(-e) sets no unknown variable.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Deploy the API that -e api=FILE or the inventory describes
  hosts: localhost
  connection: local
  gather_facts: false
  vars:
    service_proxy_stage: prod
  vars_files:
    - "{{ lookup('codeless.apigateway.api_description', api | default('')) }}"
  roles:
    - codeless.apigateway.service_proxy
"""

RETURN = r"""
_raw:
  description: The path of the file.
  type: list
  elements: str
"""

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase
from ansible.utils.vars import load_extra_vars
from ansible_collections.codeless.apigateway.plugins.plugin_utils._playbook.api_description import (
    NO_VARIABLES,
    DescriptionError,
    Given,
    find_description,
)


class LookupModule(LookupBase):  # type: ignore[misc]
    """Finds the description for the host that variables are read for."""

    def run(self, terms: list[Any], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[str]:
        """Return one path. Raises `AnsibleLookupError` unless exactly one source describes an API."""
        self.set_options(var_options=variables, direct=kwargs)
        found = variables or {}
        host = found.get("inventory_hostname")
        if host is None:  # Ansible reads vars_files for the play first, before it knows the variables of any host
            return [NO_VARIABLES]
        try:
            return [find_description(self._given(str(host), found), str(terms[0]), str(self.get_option("example")))]
        except DescriptionError as error:
            raise AnsibleLookupError(str(error)) from None

    def _given(self, host: str, variables: Mapping[str, Any]) -> Given:
        # Play variables hide those of the host, so these are read as well.
        of_host = variables["hostvars"].raw_get(host)
        inventory = [str(name) for name in variables.get("groups", {}).get("all", ())]
        return Given(host, variables, of_host, load_extra_vars(self._loader), inventory)
