// Writes beside each built file what a browser may be sent instead, where that is smaller: `.br` and `.gz`.

import { readFile, readdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const FORMS = [
  ['.br', promisify(brotliCompress)],
  ['.gz', (bytes) => promisify(gzip)(bytes, { level: 9 })],
];

const names = (await readdir(DIST, { recursive: true })).filter((name) =>
  /\.(html|js|css|svg|txt)$/.test(name),
);
let [whole, sent] = [0, 0];
for (const name of names) {
  const bytes = await readFile(DIST + name);
  whole += bytes.length;
  for (const [ending, compress] of FORMS) {
    const smaller = await compress(bytes);
    if (smaller.length < bytes.length) await writeFile(`${DIST}${name}${ending}`, smaller);
    if (ending === '.gz') sent += Math.min(bytes.length, smaller.length);
  }
}
console.log(`${names.length} files, ${whole} bytes, ${sent} as gzip`);
