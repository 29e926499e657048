# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The part of Java that templates use: values, their printing and comparison, and their methods.

Java's String, Boolean, Integer, Double and ArrayList are Python's `str`, `bool`, `int`, `float` and `list`; the other
types have classes of their own. A string holds UTF-16 code units, as Java's does: a character beyond the Basic
Multilingual Plane is two.
"""

from __future__ import annotations
