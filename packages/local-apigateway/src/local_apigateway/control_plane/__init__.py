# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control plane: API Gateway's management API, from HTTP request to HTTP response."""

from __future__ import annotations

from .service import ControlPlane

__all__ = ["ControlPlane"]
