import { expect, test } from 'vitest';
import { attentionOf, type Seen } from './attention';

const WELL: Seen = {
  sources: [{ name: 'proxy', state: 'ok', dropped: 0 }],
  lagSeconds: 1,
  silentMs: 60_000,
  openFindings: 0,
  flagged: 0,
  score: 92,
  rejected: 0,
};

test('where all is well nothing is said', () => expect(attentionOf(WELL)).toEqual([]));

test.each<[string, Partial<Seen>, string, string]>([
  [
    'a source',
    { sources: [{ name: 'a', state: 'degraded', reason: 'no such file', dropped: 0 }] },
    'danger',
    'Source a is degraded: no such file',
  ],
  ['lost lines', { sources: [{ name: 'a', state: 'ok', dropped: 1 }] }, 'danger', 'Source a lost 1 line'],
  ['lag', { lagSeconds: 400 }, 'warn', 'Lines are stored 6 min 40 s late'],
  ['silence', { silentMs: 20 * 60_000 }, 'accent', 'No line was stored for 20 min'],
  ['findings', { openFindings: 2 }, 'danger', '2 open findings'],
  ['flags', { flagged: 1 }, 'warn', '1 flagged request'],
  ['a bad score', { score: 30 }, 'danger', 'Security score 30 of 100'],
  ['a poor score', { score: 50 }, 'warn', 'Security score 50 of 100'],
  ['rejects', { rejected: 3 }, 'accent', '3 lines could not be read'],
])('%s', (_, seen, tone, text) => {
  expect(attentionOf({ ...WELL, ...seen })).toMatchObject([{ tone, text }]);
});

test('the worst comes first', () => {
  const tones = attentionOf({ ...WELL, rejected: 1, flagged: 1, openFindings: 1 }).map(({ tone }) => tone);
  expect(tones).toEqual(['danger', 'warn', 'accent']);
});
