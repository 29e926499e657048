# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""All AWS services except API Gateway: MiniStack in a process of its own, with durable state, and a client for it."""
