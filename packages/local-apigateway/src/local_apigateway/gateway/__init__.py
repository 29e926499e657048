# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The data plane: what API Gateway does between a client's request and the backend, and back."""

from __future__ import annotations

from .gateway import Gateway
from .trace import Trace

__all__ = ["Gateway", "Trace"]
