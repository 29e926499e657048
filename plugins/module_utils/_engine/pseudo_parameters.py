# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""CloudFormation's pseudo parameters in documents and policies, so that one document fits every Region and account.

They are `${AWS::Partition}`, `${AWS::Region}` and `${AWS::AccountId}`.
"""

from __future__ import annotations

import json
import re
from typing import Any, Callable, Dict, Mapping

from .client import Aws
from .errors import AwsError

_PSEUDO_PARAMETER = re.compile(r"\$\{AWS::([A-Za-z]+)\}")


def fill(value: Any, aws: Aws, service: str = "apigateway") -> Any:
    """Return a copy of nested plain data with the pseudo parameters replaced, in values and in keys.

    The account is read only if the data contains it. Raises `AwsError` for an unknown pseudo parameter.
    """
    values: Dict[str, Callable[[], str]] = {
        "Partition": lambda: aws.partition(service),
        "Region": lambda: aws.region(service),
        "AccountId": aws.account_id,
    }
    text = json.dumps(value)  # as a whole: a document has a hundred thousand parts
    if "${AWS::" not in text:
        return json.loads(text)
    return json.loads(_PSEUDO_PARAMETER.sub(lambda match: _value(match.group(1), values), text))


def _value(name: str, values: Mapping[str, Callable[[], str]]) -> str:
    if name not in values:
        known = ", ".join(f"${{AWS::{one}}}" for one in values)
        raise AwsError(f"${{AWS::{name}}} is unknown; a document can contain {known}.")
    return values[name]()
