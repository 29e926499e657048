# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Compiles tables and routes to one OpenAPI document and one IAM policy. Calls no service, reads only templates."""

from __future__ import annotations

from .compile import DESCRIPTION_OPTIONS, CompiledApi, compile_api
from .output.template_files import vtl_files
from .spec.errors import ValidationError, ValidationErrors

__all__ = ["DESCRIPTION_OPTIONS", "CompiledApi", "ValidationError", "ValidationErrors", "compile_api", "vtl_files"]
