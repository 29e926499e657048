# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The errors and warnings of an import. All are collected before anything is stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ..errors import ApiError, BadRequestError


@dataclass
class ImportReport:
    """Errors stop an import; warnings do so with failOnWarnings."""

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @contextmanager
    def attempt(self, what: str) -> Iterator[None]:
        """Add an error that the block raises as `Unable to put method 'GET' …: reason`."""
        try:
            yield
        except ApiError as error:
            self.errors.append(f"Unable to {what}: {error.message}")

    def settle(self, fail_on_warnings: bool) -> None:
        """Raise `BadRequestError` with all entries, one per line, if the import must not be stored."""
        if self.errors:
            raise BadRequestError("Errors found during import:\n\t" + "\n\t".join(self.errors))
        if self.warnings and fail_on_warnings:
            raise BadRequestError("Warnings found during import:\n\t" + "\n\t".join(self.warnings))
