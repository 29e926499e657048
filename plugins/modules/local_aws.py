#!/usr/bin/python
# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The documentation of the action plugin local_aws."""

from __future__ import annotations

DOCUMENTATION = r"""
module: local_aws
version_added: 0.1.0
short_description: Start and stop the embedded AWS
description:
  - Starts and stops the embedded AWS on the controller. It answers at one address on the loopback interface as API
    Gateway, its management API as well as the APIs themselves, and as the other AWS services, which MiniStack provides.
  - It keeps its data in a directory and goes on with them when it is started again.
  - It runs on the controller, in the Python that runs Ansible, whatever host the task is for.
options:
  state:
    description:
      - V(started) starts it where it does not run, and waits until it answers.
      - V(stopped) stops it where it runs, and waits until it has saved its data.
    type: str
    choices: [started, stopped]
    default: started
  state_dir:
    description:
      - The directory in which it keeps its data, its log and the record of requests. It is made when it is not there.
      - A relative path starts from the directory that the run was started in.
      - One embedded AWS runs over one directory.
    type: path
    required: true
  port:
    description:
      - The port on C(127.0.0.1). V(0) takes a free one.
      - Where it runs already over O(state_dir), on another port, the task fails.
    type: int
    default: 4566
  timeout:
    description: How many seconds to wait for it to answer, or to stop.
    type: int
    default: 60
  allow_origins:
    description:
      - Origins of web pages that may use all of the local AWS, such as V(http://localhost:3000) for a web application
        that reads DynamoDB directly. Each is a scheme, a host and a port.
      - Pages of all other origins reach deployed APIs only, under the CORS of these APIs.
    type: list
    elements: str
    default: []
  allow_hosts:
    description:
      - Host names at which the local AWS answers, such as that of a proxy in front of it. It always answers at
        V(127.0.0.1), V(localhost) and names below C(.localhost).
      - It still listens on the loopback interface only.
    type: list
    elements: str
    default: []
  functions:
    description:
      - Whether the local AWS runs code that AWS calls hand over, such as Lambda functions, Glue jobs and containers.
      - The code runs as the user who started the local AWS, with no sandbox. It may read all files of that user. It
        does not get the environment of the local AWS.
      - When V(false), functions can be created, and an invocation returns an error that names this option.
    type: bool
    default: false
  ministack_endpoints:
    description:
      - Whether MiniStack's own endpoints, below C(/_ministack/), are reachable. One of them deletes all data.
    type: bool
    default: false
notes:
  - A local AWS that runs with other values of O(allow_origins), O(allow_hosts), O(functions) or O(ministack_endpoints)
    is not restarted. The task fails and asks you to stop it.
  - In check mode nothing is started or stopped. The result tells what a run would do, and what runs now.
requirements:
  - aiohttp
  - botocore
  - cryptography
  - jsonschema
  - ministack
  - python-jsonpath
  - PyJWT
  - PyYAML
  - regex
seealso:
  - name: The embedded AWS
    description: What it does, and how it differs from AWS.
    link: https://github.com/codeless/apigateway/blob/main/docs/local-aws.md
author:
  - The codeless.apigateway maintainers (@codeless)
attributes:
  action:
    description: Runs on the controller.
    support: full
  check_mode:
    description: Can run in check mode and tell what it would do.
    support: full
  diff_mode:
    description: Shows whether it runs, before and after.
    support: full
"""

EXAMPLES = r"""
- name: Start the embedded AWS
  codeless.apigateway.local_aws:
    state_dir: .local-aws
  register: local_aws

- name: Deploy to it
  module_defaults:
    group/codeless.apigateway.all:
      endpoint_url: "{{ local_aws.endpoint_url }}"
  block:
    - name: Deploy the API
      ansible.builtin.include_role:
        name: codeless.apigateway.service_proxy

- name: Let a web application on port 3000 use it
  codeless.apigateway.local_aws:
    state_dir: .local-aws
    allow_origins: [http://localhost:3000]

- name: Stop it, its data stay
  codeless.apigateway.local_aws:
    state_dir: .local-aws
    state: stopped
"""

RETURN = r"""
running:
  description: Whether it runs after the task.
  returned: success
  type: bool
  sample: true
endpoint_url:
  description: Where it answers, for C(AWS_ENDPOINT_URL) or the option O(ignore:endpoint_url) of AWS modules.
  returned: when it runs
  type: str
  sample: http://127.0.0.1:4566
port:
  description: The port on which it answers.
  returned: when it runs
  type: int
  sample: 4566
pid:
  description: Its process id.
  returned: when it runs, and not where check mode only foresees that it would
  type: int
  sample: 4711
state_dir:
  description: The directory with its data, as an absolute path.
  returned: success
  type: str
  sample: /home/ops/orders/.local-aws
"""
