# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of all modules that send requests and compare the answers."""

from __future__ import annotations


class ModuleDocFragment:
    """Options and notes, as ansible-doc shows them."""

    DOCUMENTATION = r"""
options:
  requests:
    description:
      - The requests, each with the answer that it has to get.
      - The lookup P(codeless.apigateway.openapi#lookup) makes such a list, C(expectations), of what routes carry under
        C(expect).
      - GET, HEAD and OPTIONS requests that follow one another go side by side. A request of another method is sent
        alone, after all before it and before all behind it.
    type: list
    elements: dict
    required: true
    suboptions:
      path:
        description: The path, percent-encoded, without stage and query, such as V(/customers/ann).
        type: str
        required: true
      status:
        description: The status that the answer has to have.
        type: int
        required: true
      answer:
        description:
          - What has to be in the JSON of the answer. Of an object these members, each compared so again; of an array as
            many elements, each compared so; of anything else the same value. C(1) and C(1.0) are the same, C(1) and
            C(true) are not.
          - When it is not given, the body is not looked at.
        type: raw
      method:
        description: The method of HTTP.
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
        description: The body, any JSON. It goes as C(application/json) unless O(requests[].headers) says otherwise.
        type: raw
      resource:
        description: The path of the route, such as V(/customers/{customer}). It is O(requests[].path) if not given.
        type: str
      route:
        description: The route, for a reader. It is the method and the resource if not given.
        type: str
      name:
        description: What is expected, for a reader.
        type: str
  attempts:
    description:
      - How often a request is sent at most. One that was answered otherwise than expected is sent again, as a new role,
        a permission, a stage that was just moved and what was just written can take some seconds on AWS.
      - POST and PATCH requests are sent again only after the statuses 403, 429, 500 and 503, or when no server was
        reached, as the first one may have done its work.
      - The pauses are shared by all requests, and add up to at most (O(attempts) - 1) times O(delay) seconds.
    type: int
    default: 6
  delay:
    description: How many seconds to wait between two attempts.
    type: float
    default: 2.0
  not_yet_attempts:
    description:
      - How often a request is sent at most, as long as all responses that are not as expected say that AWS is not ready
        yet, with a status of 403, 429, 500 or 503. It counts where it is more than O(attempts).
      - A new role, or a changed policy, can take minutes to be effective. The task prints what it waits for.
    type: int
    default: 0
notes:
  - In check mode no request is sent, since a request may write. The result names the requests that a run would send.
  - Values of headers, of query parameters and of members of the body whose names speak of a secret (C(Authorization),
    C(X-Api-Key), C(password) and the like) are blanked out in what the task tells.
"""
