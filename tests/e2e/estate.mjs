// What the tests of administration look after: a server that follows a log with lines nobody can read, waits for another
// log that isn't there, and knows its proxy's squid.conf.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { line, start } from './support.mjs';

const DAY_S = 86_400;
const STORED_MS = 60_000;
const SQUID_CONF = ['acl localnet src 10.0.0.0/8', 'http_access allow localnet', 'http_access deny all'];
/** Lines that are none; the first tries to be more than text. */
export const UNREADABLE = ['garbage <img src=x onerror=alert(1)> \u202eevil', '1795250566.828  5 10.1.1.1'];

/** Rows: 20 of today, 15 of long ago, two of them to a bare address, one of somebody with a name. */
function rows() {
  const today = Array.from({ length: 20 }, (_, index) => line(600 - index, `http://site${index % 4}.example/page${index}`, { client: '10.1.2.3' }));
  const old = Array.from({ length: 15 }, (_, index) => line(60 * DAY_S + index, `http://old.example/${index}`, { client: '10.1.2.4' }));
  return [...old.reverse(), ...today, line(9, 'http://203.0.113.9/bare'), line(8, 'http://203.0.113.9/again', { user: 'alice' })];
}

/** Starts the server; answers it with `stop()`, which takes everything away again, and the directory it lives in. */
export async function estate() {
  const directory = await mkdtemp(join(tmpdir(), 'tidegate-estate-'));
  const path = (name) => join(directory, name);
  await writeFile(path('edge.log'), [...rows(), ...UNREADABLE].map((text) => `${text}\n`).join(''));
  await writeFile(path('squid.conf'), SQUID_CONF.map((text) => `${text}\n`).join(''));
  await writeFile(path('config.toml'), `
[settings]
api_rate_limit_enabled = false
[squid]
conf = "${path('squid.conf')}"
[[source]]
path = "${path('edge.log')}"
name = "edge"
[[source]]
path = "${path('missing.log')}"
name = "branch"
`);
  const server = await start('serve', '--config', path('config.toml'), '--data-dir', path('data'));
  const stop = async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  };
  const until = Date.now() + STORED_MS;
  while ((await server.api('retention-preview')).total_count < rows().length) {
    if (Date.now() > until) {
      await stop();
      throw new Error('the rows were not stored in time');
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { ...server, stop };
}

/** An account with a password that need not be changed; answers what `open` takes as `as`. */
export async function account(server, username, role) {
  const as = { username, password: `a long password of ${username}` };
  await server.api('users', { ...as, role, must_change_password: false });
  return as;
}
