// A message of a webhook, as it came, verified by the code of Standard Webhooks.
//   node signature.mjs < {"secret": ..., "headers": {...}, "body": ...}
import { Webhook } from 'standardwebhooks';

let text = '';
for await (const piece of process.stdin) text += piece;
const { secret, headers, body } = JSON.parse(text);
const webhook = new Webhook(secret);
const message = webhook.verify(body, headers);
let forged = false;
try {
  webhook.verify(body + ' ', headers);
  forged = true;
} catch {
  // as it should be
}
if (forged || message.data.id === undefined) process.exit(1);
console.log(message.type);
