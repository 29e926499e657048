# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ImportRestApi and PutRestApi: OpenAPI 3 and Swagger 2 documents, JSON or YAML, with API Gateway's extensions."""
