# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of all modules that send requests and compare the responses."""

from __future__ import annotations


class ModuleDocFragment:
    """Options and notes, as ansible-doc shows them."""

    DOCUMENTATION = r"""
options:
  requests:
    description:
      - The requests, each with its expected response.
      - The lookup P(codeless.apigateway.openapi#lookup) returns such a list, C(expectations), from the C(expect)
        entries of routes.
      - Successive GET, HEAD and OPTIONS requests are sent in parallel. A request of another method is sent alone, after
        all earlier requests and before all later ones.
    type: list
    elements: dict
    required: true
    suboptions:
      path:
        description: The path, percent-encoded, without stage and query, such as V(/customers/ann).
        type: str
        required: true
      status:
        description: The expected status.
        type: int
        required: true
      answer:
        description:
          - The expected JSON of the response body. An object must have these members, which are compared in the same
            way; an array must have as many elements, which are compared in the same way; any other value must be equal.
            C(1) and C(1.0) are equal, C(1) and C(true) are not.
          - If it is not set, the body is not compared.
        type: raw
      method:
        description: The HTTP method.
        type: str
        choices: [GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE]
        default: GET
      query:
        description: The query parameters, not encoded.
        type: dict
      headers:
        description: The headers.
        type: dict
      body:
        description: The body, any JSON. Its content type is C(application/json) unless set in O(requests[].headers).
        type: raw
      resource:
        description: The path of the route, such as V(/customers/{customer}). The default is O(requests[].path).
        type: str
      route:
        description: The route, for messages. The default is the method and the resource.
        type: str
      name:
        description: A name for messages.
        type: str
  attempts:
    description:
      - The maximum number of attempts for a request. A request with an unexpected response is repeated, because a new
        role, permission or deployment and a write can take some seconds on AWS.
      - POST and PATCH requests are repeated only after the statuses 403, 429, 500 and 503, or if no server was reached,
        because the first attempt may have had its effect.
      - All requests share the pauses, which add up to at most (O(attempts) - 1) times O(delay) seconds.
    type: int
    default: 6
  delay:
    description: How many seconds to wait between two attempts.
    type: float
    default: 2.0
  not_yet_attempts:
    description:
      - The maximum number of attempts as long as all unexpected responses show that AWS is not ready yet, with a status
        of 403, 429, 500 or 503, if it is greater than O(attempts).
      - A new role, or a changed policy, can take minutes to be effective. The task prints the reason for its pauses.
    type: int
    default: 0
notes:
  - In check mode no request is sent, because a request may write. The result lists the requests that a run would send.
  - Values of headers, of query parameters and of members of the body with the name of a secret (C(Authorization),
    C(X-Api-Key), C(password) and others) are blanked out in messages.
"""
