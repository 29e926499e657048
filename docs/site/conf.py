# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How Sphinx makes the site out of the pages of the repository and the reference that antsibull-docs writes.

It asks no server for anything, and the site loads nothing from one.
"""

from __future__ import annotations

project = "codeless.apigateway"
project_copyright = "2026, the codeless.apigateway maintainers"
html_title = project

extensions = ["myst_parser", "sphinx_antsibull_ext"]
# Links such as recipes.md#page-through-results, by the rule of GitHub.
myst_heading_anchors = 4

# index.md holds the text of the README; antsibull-docs copies docs/docsite into the reference.
exclude_patterns = ["README.md", "docs/site", "docs/docsite", "extensions", "roles"]

# A request without the version of HTTP, and an example that is shortened by `…`, is what no lexer knows.
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "furo"
html_static_path = ["site.css"]
html_css_files = ["site.css"]
html_show_sourcelink = False
