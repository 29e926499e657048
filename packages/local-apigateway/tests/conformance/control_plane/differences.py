# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is not as recorded, and why."""

from __future__ import annotations

_GATEWAY = "responses of deployed APIs: the tests of the gateway compare them"
_NETWORK = "VPC links and endpoints are not supported: 501"

NOT_REPLAYED: dict[str, str] = {
    "test_apigateway_api::TestApiGatewayVpcLink::*": _NETWORK,
    "test_apigateway_basic::TestAPIGateway::test_api_gateway_mock_integration": _GATEWAY,
    "test_apigateway_basic::TestAPIGateway::test_apigw_test_invoke_method_api": "the backend is a Lambda function",
    "test_apigateway_basic::TestIntegrations::*": _GATEWAY,
    "test_apigateway_canary::TestCanaryDeployments::*": _GATEWAY,
    "test_apigateway_common::TestApiGatewayCommon::*": _GATEWAY,
    "test_apigateway_common::TestApigatewayRouting::*": _GATEWAY,
    "test_apigateway_dynamodb::*": _GATEWAY,
    "test_apigateway_eventbridge::*": _GATEWAY,
    "test_apigateway_http::*": _GATEWAY,
    "test_apigateway_import::*::test_import_with_stage_variables": _GATEWAY,
    "test_apigateway_integrations::TestApiGatewayHeaderRemapping::*": _GATEWAY,
    "test_apigateway_integrations::test_create_execute_api_vpc_endpoint": _NETWORK,
    "test_apigateway_integrations::test_integration_mock_*": _GATEWAY,
    "test_apigateway_kinesis::*": _GATEWAY,
    "test_apigateway_lambda::*": _GATEWAY,
    "test_apigateway_lambda_cfn::*": "CloudFormation is MiniStack's, and makes no API here",
    "test_apigateway_s3::*": _GATEWAY,
    "test_apigateway_sqs::*": _GATEWAY,
    "test_apigateway_ssm::*": _GATEWAY,
    "test_apigateway_stepfunctions::*": _GATEWAY,
}
"""Recordings by pattern, and why they are not played again."""

DIFFERENCES: dict[tuple[str, str], str] = {
    (
        "test_apigateway_api::TestApiGatewayApiRestApi::test_get_api_case_insensitive",
        "create-rest-api",
    ): "recorded in April 2024, before endpoint configurations had an ipAddressType; later recordings have it",
}
"""Recording and step, and why the answer differs."""
