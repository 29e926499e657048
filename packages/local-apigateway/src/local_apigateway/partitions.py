# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The partitions of AWS, as ARNs name them."""

from __future__ import annotations

PARTITIONS = (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("us-iso-", "aws-iso"), ("us-isob-", "aws-iso-b"))


def partition(region: str) -> str:
    """Return the partition of a Region."""
    return next((name for prefix, name in PARTITIONS if region.startswith(prefix)), "aws")
