# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The words that a document or a policy may hold in place of what only its target knows.

`${AWS::Partition}`, `${AWS::Region}` and `${AWS::AccountId}` are CloudFormation's pseudo parameters; one document
serves every Region and account.
"""

from __future__ import annotations

import json
import re
from typing import Any, Callable, Dict, Mapping

from .client import Aws
from .errors import AwsError

_WORD = re.compile(r"\$\{AWS::([A-Za-z]+)\}")


def fill(value: Any, aws: Aws, service: str = "apigateway") -> Any:
    """A copy of nested plain data with the words replaced by the target's, in values and in keys.

    The account is asked for only where the text names it. Raises `AwsError` for a word that does not exist.
    """
    words: Dict[str, Callable[[], str]] = {
        "Partition": lambda: aws.partition(service),
        "Region": lambda: aws.region(service),
        "AccountId": aws.account_id,
    }
    text = json.dumps(value)  # as a whole: a document has a hundred thousand parts
    if "${AWS::" not in text:
        return json.loads(text)
    return json.loads(_WORD.sub(lambda match: _word(match.group(1), words), text))


def _word(name: str, words: Mapping[str, Callable[[], str]]) -> str:
    if name not in words:
        known = ", ".join(f"${{AWS::{word}}}" for word in words)
        raise AwsError(f"${{AWS::{name}}} is not known here; a document can hold {known}.")
    return words[name]()
