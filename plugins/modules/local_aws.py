#!/usr/bin/python
# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The documentation of the action plugin local_aws."""

from __future__ import annotations

DOCUMENTATION = r"""
module: local_aws
version_added: 0.1.0
short_description: Start and stop the local AWS
description:
  - Starts and stops the local AWS. One address on the loopback interface serves the management API of API Gateway, the
    deployed APIs, and the other AWS services, which MiniStack provides.
  - The local AWS keeps its data in a directory, and uses them again at the next start.
  - It runs on the controller, in the Python that runs Ansible, for every host of the play.
options:
  state:
    description:
      - V(started) starts the local AWS unless it runs already, and waits until it responds.
      - V(stopped) stops the local AWS if it runs, and waits until all data are saved.
    type: str
    choices: [started, stopped]
    default: started
  state_dir:
    description:
      - The directory for data, logs and the record of requests. It is created if it does not exist.
      - A relative path is relative to the directory from which you started Ansible.
      - Each local AWS needs a directory of its own.
    type: path
    required: true
  port:
    description:
      - The port on C(127.0.0.1). V(0) uses a free port.
      - If a local AWS with this O(state_dir) already runs on another port, the task fails.
    type: int
    default: 4566
  timeout:
    description: Seconds to wait until the local AWS responds, or has stopped.
    type: int
    default: 60
  allow_origins:
    description:
      - Origins of web pages that may use all services of the local AWS, such as V(http://localhost:3000) for a web
        application that reads DynamoDB directly. Each is a scheme, a host and a port.
      - Pages of all other origins reach deployed APIs only, as the CORS settings of these APIs allow.
    type: list
    elements: str
    default: []
  allow_hosts:
    description:
      - Host names that requests may use, such as that of a proxy in front of the local AWS. V(127.0.0.1), V(localhost)
        and names below C(.localhost) are always allowed.
      - The local AWS listens on the loopback interface only.
    type: list
    elements: str
    default: []
  functions:
    description:
      - Whether the local AWS runs the code of Lambda functions, Glue jobs, containers and the like.
      - The code runs as the user who started the local AWS, with no sandbox. It can read all files of that user. It
        does not get the environment of the local AWS.
      - If V(false), you can create functions, and an invocation returns an error that names this option.
    type: bool
    default: false
  ministack_endpoints:
    description:
      - Whether clients can use MiniStack's own endpoints, below C(/_ministack/). One of them deletes all data.
    type: bool
    default: false
notes:
  - A local AWS that runs with other values of O(allow_origins), O(allow_hosts), O(functions) or O(ministack_endpoints)
    is not restarted. The task fails until you stop the local AWS.
  - Check mode starts and stops nothing. The result shows what a run would do.
requirements:
  - local-apigateway
seealso:
  - name: The local AWS
    description: What the local AWS does, and how it differs from AWS.
    link: https://github.com/codeless/apigateway/blob/main/docs/local-aws.md
author:
  - The codeless.apigateway maintainers (@codeless)
attributes:
  action:
    description: Runs on the controller.
    support: full
  check_mode:
    description: Predicts the result without starting or stopping anything.
    support: full
  diff_mode:
    description: Shows whether the local AWS runs, before and after.
    support: full
"""

EXAMPLES = r"""
- name: Start the local AWS
  codeless.apigateway.local_aws:
    state_dir: .local-aws
  register: local_aws

- name: Deploy to the local AWS
  module_defaults:
    group/codeless.apigateway.all:
      endpoint_url: "{{ local_aws.endpoint_url }}"
  block:
    - name: Deploy the API
      ansible.builtin.include_role:
        name: codeless.apigateway.service_proxy

- name: Allow a web application on port 3000
  codeless.apigateway.local_aws:
    state_dir: .local-aws
    allow_origins: [http://localhost:3000]

- name: Stop the local AWS and keep its data
  codeless.apigateway.local_aws:
    state_dir: .local-aws
    state: stopped
"""

RETURN = r"""
running:
  description: Whether the local AWS runs after the task.
  returned: success
  type: bool
  sample: true
endpoint_url:
  description: The URL of the local AWS, for C(AWS_ENDPOINT_URL) or the option O(ignore:endpoint_url) of AWS modules.
  returned: when the local AWS runs
  type: str
  sample: http://127.0.0.1:4566
port:
  description: The port of the local AWS.
  returned: when the local AWS runs
  type: int
  sample: 4566
pid:
  description: The process ID of the local AWS.
  returned: when the local AWS runs, but not if check mode predicts a start
  type: int
  sample: 4711
state_dir:
  description: The directory with its data, as an absolute path.
  returned: success
  type: str
  sample: /home/ops/orders/.local-aws
"""
