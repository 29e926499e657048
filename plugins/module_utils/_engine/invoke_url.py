# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The URL of a stage."""

from __future__ import annotations

from typing import Union
from urllib.parse import urlsplit

from .client import Aws
from .plan import Ref, put


def invoke_url(aws: Aws, api_id: Union[str, Ref], stage: str) -> Union[str, Ref]:
    """Return the URL of a stage, without a slash at its end.

    On AWS it is `https://{api_id}.execute-api.{region}.{suffix}/{stage}`, with the partition's suffix. If the endpoint
    of the management API is not AWS's own, the stage has the path that local AWSs share, at the same endpoint:
    `/restapis/{api_id}/{stage}/_user_request_`.
    """
    endpoint = str(aws.client("apigateway").meta.endpoint_url).rstrip("/")
    suffix = _suffix(urlsplit(endpoint).hostname or "", aws.region())
    if suffix:
        return put(f"https://{{}}.execute-api.{aws.region()}.{suffix}/{stage}", api_id)
    return put(f"{endpoint}/restapis/{{}}/{stage}/_user_request_", api_id)


def _suffix(host: str, region: str) -> str:
    """Return the part of an AWS host name after the Region (`amazonaws.com`); empty for any other host.

    A VPC endpoint (`vpce-0a1b.apigateway.eu-central-1.vpce.amazonaws.com`) has the suffix of its partition. So has a
    dual-stack endpoint (`apigateway.eu-central-1.api.aws`), whose domain is for management calls only.
    """
    suffix = host.partition(f".{region}.")[2]
    return _DUAL_STACK.get(suffix, suffix[len("vpce.") :] if suffix.startswith("vpce.") else suffix)


_DUAL_STACK = {
    "api.aws": "amazonaws.com",
    "api.amazonwebservices.com.cn": "amazonaws.com.cn",
    "api.amazonwebservices.eu": "amazonaws.eu",
    "api.aws.ic.gov": "c2s.ic.gov",
    "api.aws.scloud": "sc2s.sgov.gov",
    "api.cloud-aws.adc-e.uk": "cloud.adc-e.uk",
    "api.aws.hci.ic.gov": "csp.hci.ic.gov",
}
"""The suffix of a partition's hosts by that of its dual-stack endpoints (botocore's partitions.json)."""
