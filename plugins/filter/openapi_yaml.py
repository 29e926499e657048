# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter openapi_yaml: a document as YAML with readable mapping templates."""

from __future__ import annotations

import json
import re
from typing import Any, Callable, Dict

import yaml
from ansible.errors import AnsibleFilterError
from ansible.parsing.ajson import AnsibleJSONEncoder

DOCUMENTATION = r"""
name: openapi_yaml
version_added: 0.1.0
short_description: Write a document as YAML with its mapping templates as blocks
description:
  - Writes an OpenAPI document as YAML. Each text of several lines, such as a mapping template, is a literal block
    (C(|)) with unchanged lines and quotes, so that you can edit it.
  - Parsing the YAML gives the same document.
  - The filter P(ansible.builtin.to_nice_yaml#filter) wraps such texts and escapes their quotes and line breaks.
options:
  _input:
    description: The document, as M(codeless.apigateway.rest_api_info) returns it.
    type: dict
    required: true
seealso:
  - module: codeless.apigateway.rest_api_info
author:
  - The codeless.apigateway maintainers (@codeless)
"""

EXAMPLES = r"""
- name: Read the API
  codeless.apigateway.rest_api_info:
    name: orders
  register: found

- name: Write the document to a file
  ansible.builtin.copy:
    content: "{{ found.rest_apis[0].definition | codeless.apigateway.openapi_yaml }}"
    dest: orders.openapi.yml
    mode: "0644"
"""

RETURN = r"""
_value:
  description: The YAML.
  type: str
"""

_IN_BLOCK = re.compile(r"[\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*")
"""Characters of a literal block: those that YAML prints, without line breaks that a parser would convert."""


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as literal blocks."""

    def analyze_scalar(self, scalar: str) -> Any:
        """Allow blocks with tabs and with spaces before a line break, which YAML allows, but PyYAML does not write."""
        analysis = super().analyze_scalar(scalar)
        analysis.allow_block = "\n" in scalar and _IN_BLOCK.fullmatch(scalar) is not None
        return analysis

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 (named by PyYAML)
        """Write equal parts in full, without aliases, which would surprise readers."""
        return True


def _represent_text(dumper: _Dumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _represent_text)


def openapi_yaml(document: Any) -> str:
    """Return a document as YAML. Raises `AnsibleFilterError` for input that is not a mapping."""
    if not isinstance(document, dict):
        raise AnsibleFilterError(
            "openapi_yaml: the input is not a document. Write `found.rest_apis[0].definition`, of a result "
            "of the module codeless.apigateway.rest_api_info."
        )
    plain = json.loads(json.dumps(document, cls=AnsibleJSONEncoder))
    return yaml.dump(plain, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


class FilterModule:
    """The filters of this file."""

    def filters(self) -> Dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"openapi_yaml": openapi_yaml}
