# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""DynamoDB's attribute types and names: "Supported data types and naming rules in Amazon DynamoDB"."""

from __future__ import annotations

import re

TYPES = ("S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS")

KEY_TYPES = ("S", "N", "B")
"""The types of key attributes."""

SET_ELEMENTS = {"SS": "S", "NS": "N", "BS": "B"}
"""The types of sets with the type of their elements."""

TABLE_OR_INDEX_NAME = re.compile(r"[a-zA-Z0-9_.-]{3,255}")
