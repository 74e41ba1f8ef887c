// Generated bodies, most of them nearly right: whatever comes, the service answers, and never with 5xx.
//   node bodies.mjs BASE_URL
import fc from 'fast-check';

const base = process.argv[2];
const description = await (await fetch(base + '/openapi.json')).json();
const runs = Number(process.env.RUNS ?? 60);
const resolved = (schema) =>
  schema.$ref ? schema.$ref.slice(2).split('/').reduce((at, name) => at[name], description) : schema;

/** Values that follow the schema, and sometimes do not. */
function valueOf(schema) {
  const what = resolved(schema);
  const types = [what.type ?? []].flat();
  const right = [];
  if (what.enum) right.push(fc.constantFrom(...what.enum));
  if (types.includes('string')) right.push(fc.string({ unit: 'binary', maxLength: 300 }), fc.stringMatching(/^[0-9]{1,9}$/));
  if (types.includes('integer')) right.push(fc.integer(), fc.maxSafeInteger(), fc.double());
  if (types.includes('number')) right.push(fc.double({ noNaN: true }));
  if (types.includes('boolean')) right.push(fc.boolean());
  if (types.includes('null')) right.push(fc.constant(null));
  if (types.includes('array')) right.push(fc.array(valueOf(what.items ?? {}), { maxLength: 20 }));
  if (types.includes('object')) {
    const members = Object.fromEntries(Object.entries(what.properties ?? {}).map(([name, one]) => [name, valueOf(one)]));
    right.push(fc.record(members, { requiredKeys: what.required ?? [] }));
    if (typeof what.additionalProperties === 'object')
      right.push(fc.dictionary(fc.string({ maxLength: 20 }), valueOf(what.additionalProperties), { maxKeys: 5 }));
  }
  if (right.length === 0) return fc.jsonValue({ maxDepth: 3 });
  return fc.oneof({ arbitrary: fc.oneof(...right), weight: 9 }, { arbitrary: fc.jsonValue({ maxDepth: 3 }), weight: 1 });
}

async function send(method, target, body) {
  const headers = body === '' ? {} : { 'content-type': 'application/json' };
  const answer = await fetch(base + target, { method, headers, body, signal: AbortSignal.timeout(30000) });
  const text = await answer.text();
  if (answer.status >= 500) throw new Error(`${answer.status} ${text}`);
  if (answer.status === 201) await fetch(`${base}/v1/batches/${JSON.parse(text).id}/cancel`, { method: 'POST' });
  if (answer.status >= 400 && !JSON.parse(text).type.startsWith('urn:pofetch:problem:')) throw new Error(text);
}

const made = await fetch(base + '/v1/batches', {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{"list":{"purchase_orders":["1"]}}',
});
const at = `/v1/batches/${(await made.json()).id}`;
const schemas = description.components.schemas;
const targets = [
  ['POST', '/v1/batches', schemas.NewBatch],
  ['PATCH', at, schemas.BatchPatch],
  ['POST', at + '/retry', schemas.RetryRequest],
  ['POST', at + '/pause', schemas.PauseRequest],
  ['POST', at + '/cancel', schemas.EmptyRequest],
];
for (const [method, target, schema] of targets) {
  const property = fc.asyncProperty(valueOf(schema), (value) => send(method, target, JSON.stringify(value)));
  await fc.assert(property, { numRuns: runs });
}
await fc.assert(
  fc.asyncProperty(fc.string({ unit: 'binary' }), (text) => send('POST', '/v1/batches', text)),
  { numRuns: runs },
);
console.log('no 5xx');
