// Uploads with Node's fetch: fetch_client.mjs form|body|chunked URL FILE NAME, prints the job.
import { readFileSync, writeFileSync } from 'node:fs';

const [way, url, path, name] = process.argv.slice(2);
const content = readFileSync(path);
const target = url + '/v1/jobs';
const named = `${target}?filename=${encodeURIComponent(name)}`;
const headers = { 'Content-Type': 'image/x-portable-pixmap' };
let answer;
if (way === 'form') {
  const form = new FormData();
  form.append('file', new Blob([content]), name);
  answer = await fetch(target, { method: 'POST', body: form });
} else if (way === 'body') {
  answer = await fetch(named, { method: 'POST', headers, body: content });
} else {
  const body = new Blob([content]).stream();
  answer = await fetch(named, { method: 'POST', headers, body, duplex: 'half' });
}
const text = await answer.text();
if (!answer.ok) throw new Error(`${answer.status} ${text}`);
const original = await fetch(url + JSON.parse(text).original.url);
if (!original.ok) throw new Error(`the original: ${original.status}`);
writeFileSync(path + '.back', Buffer.from(await original.arrayBuffer()));
process.stdout.write(text);
