import { expect, test } from 'vitest';
import { isMasked, shortened, titled, visible } from './text';

test.each([
  ['plain', [['plain', false]]],
  [
    'a\u202eb',
    [
      ['a', false],
      ['\\u{202e}', true],
      ['b', false],
    ],
  ],
  [
    '\u001b[31m',
    [
      ['\\u{1b}', true],
      ['[31m', false],
    ],
  ],
  ['\u200b\u2066', [['\\u{200b}\\u{2066}', true]]],
  [
    'tag \u{e0041}',
    [
      ['tag ', false],
      ['\\u{e0041}', true],
    ],
  ],
  ['<script>', [['<script>', false]]],
  ['', []],
])('%j is seen', (text, parts) =>
  expect(visible(text).map(({ text: word, escaped }) => [word, escaped])).toEqual(parts),
);

test('what was split is whole again', () => {
  const text = 'a\u0000b\u202ec\ud800d 😀';
  const whole = visible(text)
    .map(({ text: word, escaped }) =>
      escaped
        ? word.replaceAll(/\\u\{([0-9a-f]+)\}/g, (_, hex: string) => String.fromCodePoint(parseInt(hex, 16)))
        : word,
    )
    .join('');
  expect(whole).toBe(text);
});

test('cutting leaves characters whole', () => {
  expect(shortened('abcdef', 4)).toBe('abc…');
  expect(shortened('ab😀cd', 4)).toBe('ab…');
  expect(shortened('abcd', 4)).toBe('abcd');
});

test.each([
  ['c-abcdefgh2345', true],
  ['u-abcdefgh2345', true],
  ['***', true],
  ['10.0.0.5', false],
  ['c-short', false],
  ['star*', false],
  [null, false],
])('%s masked: %s', (text, masked) => expect(isMasked(text)).toBe(masked));

test('titles', () => expect(titled('origin_forbidden')).toBe('Origin forbidden'));
