// The types the dashboard is written with are those of the API it talks to.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { typesKept, typesOf } from '../../web/scripts/schema.mjs';
import { start } from './support.mjs';

test('web/src/api/schema.ts is what the OpenAPI document says; `npm run schema` writes it anew', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tidegate-e2e-'));
  const server = await start('serve', '--data-dir', join(directory, 'data'));
  try {
    const document = await (await fetch(`${server.origin}/api/openapi.json`)).json();
    const [is, was] = [await typesOf(document), await typesKept()];
    const lines = was.split('\n');
    const stale = is.split('\n').findIndex((text, index) => text !== lines[index]);
    assert.ok(is === was, `line ${stale + 1} is \`${lines[stale]}\``);
  } finally {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
});
