// Writes src/api/schema.ts, the API's types, from the OpenAPI document: that of the file or address given, else that of
// a server on the default address. With --check says whether what is there is still true, and writes nothing.

import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const FILE = fileURLToPath(new URL('../src/api/schema.ts', import.meta.url));
const HEADER = '// Generated from the OpenAPI document by `npm run schema`; not to be edited.\n\n';

/** The types of an OpenAPI document. Failures have one shape, `Error`, and are left out of every operation. */
export async function typesOf(document) {
  const slim = structuredClone(document);
  for (const path of Object.values(slim.paths)) {
    for (const operation of Object.values(path)) {
      for (const code of Object.keys(operation.responses ?? {})) {
        if (!/^[23]/.test(code)) delete operation.responses[code];
      }
    }
  }
  return HEADER + astToString(await openapiTS(slim));
}

/** The types as they are written down. */
export function typesKept() {
  return readFile(FILE, 'utf8');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [where = 'http://127.0.0.1:8080/api/openapi.json'] = process.argv
    .slice(2)
    .filter((word) => word !== '--check');
  const text = /^https?:/.test(where) ? await (await fetch(where)).text() : await readFile(where, 'utf8');
  const types = await typesOf(JSON.parse(text));
  if (!process.argv.includes('--check')) {
    await writeFile(FILE, types);
  } else if (types !== (await typesKept())) {
    console.error('src/api/schema.ts is stale: run `npm run schema` against a server of this version');
    process.exit(1);
  }
}
