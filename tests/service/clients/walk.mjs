// Every answer of a walk through all routes against its schema, by ajv: closed objects, so that nothing drifts.
//   node walk.mjs BASE_URL PO_NUMBER...
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const [base, ...orders] = process.argv.slice(2);
const description = await (await fetch(base + '/openapi.json')).json();
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema({ $id: 'api', ...description });
const walked = new Set();
const faults = [];

/** The operation whose template fits the path. */
function operationOf(method, path) {
  for (const [template, operations] of Object.entries(description.paths)) {
    const pattern = new RegExp('^' + template.replace(/\{path\}/, '.+').replace(/\{\w+\}/g, '[^/]+') + '$');
    const operation = operations[method.toLowerCase()];
    if (operation && pattern.test(path)) return { template, operation };
  }
  throw new Error(`no operation for ${method} ${path}`);
}

function resolved(part) {
  if (!part?.$ref) return part;
  return part.$ref.slice(2).split('/').reduce((at, name) => at[name], description);
}

function validatorOf(schema) {
  if (schema.$ref) return ajv.getSchema('api' + schema.$ref);
  return ajv.compile({ $id: undefined, ...schema });
}

async function ask(method, target, { body, type = 'application/json', headers = {} } = {}) {
  const { template, operation } = operationOf(method, new URL(base + target).pathname);
  const fields = { ...headers };
  if (body !== undefined) fields['content-type'] = type;
  const answer = await fetch(base + target, { method, headers: fields, body, signal: AbortSignal.timeout(30000) });
  const name = `${method} ${target} ${answer.status}`;
  const described = resolved(operation.responses[answer.status] ?? operation.responses.default);
  if (!operation.responses[answer.status]) faults.push(`${name}: the status is not described`);
  if (answer.status < 400) walked.add(`${method} ${template}`);
  const media = (answer.headers.get('content-type') ?? '').split(';')[0];
  if (media === 'text/event-stream') {
    await answer.body.cancel();
    return { status: answer.status };
  }
  const text = await answer.text();
  if (text === '') return { status: answer.status };
  if (described.content && !(media in described.content) && !('application/octet-stream' in described.content))
    faults.push(`${name}: ${media} is not described`);
  if (!/^application\/(problem\+)?json$/.test(media)) return { status: answer.status, text };
  const json = JSON.parse(text);
  const schema = described.content?.[media]?.schema;
  if (schema) {
    const check = validatorOf(schema);
    if (!check(json)) faults.push(`${name}: ${ajv.errorsText(check.errors)}`);
  }
  return { status: answer.status, json };
}

async function until(id, states) {
  for (let tries = 0; tries < 120; ++tries) {
    const { json } = await ask('GET', `/v1/batches/${id}?wait=1`);
    if (states.includes(json.state)) return json;
  }
  throw new Error(`batch ${id} does not come to ${states}`);
}

const list = JSON.stringify({ list: { purchase_orders: [...orders, '4711', ''] }, name: 'walk', labels: ['a'] });
for (const [template, operations] of Object.entries(description.paths))
  if (operations.get && !template.includes('{')) await ask('GET', template);
const { json: batch } = await ask('POST', '/v1/batches', { body: list, headers: { 'idempotency-key': 'walk' } });
await ask('POST', '/v1/batches', { body: list, headers: { 'idempotency-key': 'walk' } });
await ask('POST', '/v1/batches', { body: 'a,b\n1,2\n', type: 'text/csv' });
await ask('POST', '/v1/batches?workers=none', { body: 'po\n1\n', type: 'text/csv' });
await ask('POST', '/v1/batches', { body: '{"list":{},"x":1}' });
const at = `/v1/batches/${batch.id}`;
await ask('GET', at + '/events');
await until(batch.id, ['incomplete', 'completed']);
await ask('PATCH', at, { body: '{"name":"walked","workers":2}', type: 'application/merge-patch+json' });
await ask('PATCH', at, { body: '{"state":"done"}' });
await ask('POST', at + '/pause', { body: '{"mode":"now"}' });
await ask('POST', at + '/resume');
await ask('POST', at + '/retry', { body: '{"dry_run":true}' });
await ask('POST', at + '/retry', { body: '{"statuses":["DONE"]}' });
await ask('POST', at + '/verify');
for (let tries = 0; tries < 60; ++tries)
  if ((await ask('GET', at)).json.verify?.state !== 'running') break;
await ask('GET', at + '/purchase-orders?limit=2');
await ask('GET', at + '/purchase-orders?status=LOST');
await ask('GET', `${at}/purchase-orders/${orders[0]}`);
await ask('GET', at + '/purchase-orders/none');
await ask('GET', at + '/errors');
for (const format of ['csv', 'json', 'jsonl', 'xlsx']) await ask('GET', `${at}/report?format=${format}`);
const { json: files } = await ask('GET', at + '/files?limit=1');
const path = files.items[0].path.split('/').map(encodeURIComponent).join('/');
await ask('GET', `${at}/files/${path}`);
await ask('GET', `${at}/files/${path}`, { headers: { range: 'bytes=0-1' } });
await ask('GET', `${at}/files/none.pdf`);
await ask('POST', at + '/retry', { body: '{}' });
await ask('DELETE', at);
const { json: second } = await ask('POST', '/v1/batches', { body: list });
await ask('POST', `/v1/batches/${second.id}/pause`);
await until(second.id, ['paused', 'incomplete']);
await ask('POST', `/v1/batches/${second.id}/resume`);
await ask('POST', `/v1/batches/${second.id}/cancel`);
await until(second.id, ['cancelled', 'incomplete']);
await until(batch.id, ['incomplete', 'completed']);
if (description.paths['/v1/limits']) {
  await ask('PATCH', '/v1/limits', { body: '{"max_running":3}' });
  await ask('PATCH', '/v1/limits', { body: '{"max_running":0}' });
}
await ask('DELETE', `${at}?files=keep`);
await ask('GET', at);
await ask('GET', '/v1/deliveries');

// Those that change what others of the tests use: they have tests of their own.
const elsewhere = ['PUT /v1/profiles/{name}/session', ...(process.env.ELSEWHERE ?? '').split(',')];
for (const [template, operations] of Object.entries(description.paths))
  for (const method of Object.keys(operations)) {
    const name = `${method.toUpperCase()} ${template}`;
    if (!walked.has(name) && !elsewhere.includes(name)) faults.push(`${name} was not walked`);
  }
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
console.log(`${walked.size} operations walked`);
