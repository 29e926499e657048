# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tables and routes in, one OpenAPI document and one IAM policy out. Pure: it calls nobody and reads only templates."""

from __future__ import annotations

from .compile import CompiledApi, compile_api
from .output.template_files import vtl_files
from .spec.mistakes import Mistake, SpecErrors

__all__ = ["CompiledApi", "Mistake", "SpecErrors", "compile_api", "vtl_files"]
