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
  - Returns the file that a playbook reads the description of its API from, for C(vars_files).
  - The API is described by the file that the term names, by variables of C(-e), or by other variables of the host
    (inventory, C(group_vars), C(host_vars)). Where variables describe it, the result is a file that holds none.
  - Fails where the file does not exist, where nothing describes an API, and where two sources do.
  - The playbooks of the collection use it. It is of use where C(vars_files) of your own playbook is to be as strict.
options:
  _terms:
    description: The path of the file, or an empty string. A relative path starts at the working directory.
    type: list
    elements: str
    required: true
  example:
    description:
      - The file to use where nothing describes an API.
      - It is used only without an inventory, and if C(-e) sets no variable that the playbooks do not have.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Deploy what -e api=FILE or the inventory describes
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
        # Play variables hide those of the host, so the host is asked as well.
        of_host = variables["hostvars"].raw_get(host)
        inventory = [str(name) for name in variables.get("groups", {}).get("all", ())]
        return Given(host, variables, of_host, load_extra_vars(self._loader), inventory)
