# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Send one GET request to a deployed stage and show it: `show_request.py OUTPUTS_JSON PATH`.

The invoke URL is the last line on the screen. Exits with 1 unless the status of the response is 2xx.
"""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from pathlib import Path


def main(outputs_file: str, path: str) -> int:
    """Print the request, its response and the invoke URL. Return 1 for an error status."""
    invoke_url = json.loads(Path(outputs_file).read_text(encoding="utf-8"))["invoke_url"]
    print(f"\n$ curl {invoke_url}{path}")
    try:
        with urllib.request.urlopen(invoke_url + path, timeout=30) as response:
            print(response.read().decode())
    except urllib.error.HTTPError as error:
        print(f"{error.code} {error.read().decode()}", file=sys.stderr)
        return 1
    print(f"\n{invoke_url}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
