# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Behaviors of API Gateway on which public evidence is contradictory, as switches."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Dialect:
    """The behavior of the local API Gateway where that of AWS is not certain.

    decoded_path_parameters: path parameters arrive percent-decoded. By default they arrive as the client sent them. An
        `@` arrived in a mapping template as `%40` (aws-ia/terraform-aws-transfer-family, pull request 128), and the
        path parameters of a proxy event keep `%2B` (recorded by LocalStack: test_lambda_aws_proxy_integration). AWS's
        page of known issues says that they are decoded "in general".
    null_results: a method call that returns null has no value in a template. `#set` then keeps the variable's old
        value, a comparison with "" is false, and the call prints itself. By default such a call is the empty text, as
        a missing property is (recorded). No recording tells the two apart.
    """

    decoded_path_parameters: bool = False
    null_results: bool = False


DEFAULT = Dialect()
