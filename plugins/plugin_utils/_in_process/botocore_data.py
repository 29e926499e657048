# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reading the data that botocore makes clients from: its endpoints, and the model of each service."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from botocore.loaders import JSONFileLoader

_SUFFIXES = (".json", ".json.gz")


class PlainData(JSONFileLoader):  # type: ignore[misc]
    """botocore's loader, but objects become dicts and not OrderedDicts: ordered as well, and read in half the time."""

    def load_file(self, file_path: str) -> Any:
        """What is in a file, named without its suffix; None where there is none."""
        for suffix in _SUFFIXES:
            path = Path(file_path + suffix)
            if path.is_file():
                data = path.read_bytes()
                return json.loads(gzip.decompress(data) if suffix.endswith(".gz") else data)
        return super().load_file(file_path)
