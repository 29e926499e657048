# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The names of stages. The compiler imports this file, which therefore imports nothing that calls AWS."""

from __future__ import annotations

import re

# CreateStage: "Stage names can only contain alphanumeric characters, hyphens, and underscores. Maximum length is 128".
STAGE_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}")
