import assert from 'node:assert/strict';
import test from 'node:test';
import { shortened, urlParts, visible } from './text.js';

const written = (text) => visible(text).map((part) => part.text).join('');

test('plain text stays as it is, in one part', () => {
  for (const text of ['http://example.com/ä/日本/🎣?q=<b>&amp;', ' ', 'שלום']) {
    assert.deepEqual(visible(text), [{ text, escaped: false }]);
  }
  assert.deepEqual(visible(''), []);
});

test('what would not be seen is written out', () => {
  for (const [text, want] of [
    ['a\u202eb', 'a\\u{202e}b'],
    ['\u001b[31mred', '\\u{1b}[31mred'],
    ['x\u200b\u200dy', 'x\\u{200b}\\u{200d}y'],
    ['a\nb\u0000', 'a\\u{a}b\\u{0}'],
    ['tag\u{e0041}', 'tag\\u{e0041}'],
    ['\ud800', '\\u{d800}'],
    ['\u2066iso\u2069', '\\u{2066}iso\\u{2069}'],
  ]) {
    assert.equal(written(text), want);
  }
  assert.deepEqual(visible('a\u202eb').map((part) => part.escaped), [false, true, false]);
});

test('long text is cut between characters', () => {
  assert.equal(shortened('abc', 3), 'abc');
  assert.equal(shortened('abcd', 3), 'ab…');
  assert.equal(shortened('a🎣bc', 3), 'a…');
  assert.equal(shortened('x'.repeat(65536), 300).length, 300);
});

test('a target is parted for the eye, whatever it is', () => {
  for (const [url, parts] of [
    ['https://a.example:8443/x?y#z', ['https://', 'a.example:8443', '/x?y#z']],
    ['a.example:443', ['', 'a.example:443', '']],
    ['javascript:alert(1)', ['', 'javascript:alert(1)', '']],
    ['http://a.example\n/x\ny', ['http://', 'a.example\n', '/x\ny']],
    ['', ['', '', '']],
  ]) {
    assert.deepEqual(Object.values(urlParts(url)), parts);
  }
});
