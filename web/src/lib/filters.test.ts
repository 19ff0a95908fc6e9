import { expect, test } from 'vitest';
import {
  activeFilters,
  filterFaults,
  filterQuery,
  flipped,
  typedFilter,
  withFilter,
  withoutFilter,
  withoutFilters,
} from './filters';
import { parseSearch, stringifySearch } from './search';

test('addresses are words, repeated ones lists, and nothing is lost on the way', () => {
  const query = '?client_ip=10.0.0.5&client_ip=%2110.0.0.6&keyword=a+%26+b&range=7d&x=%7B%7D';
  const search = parseSearch(query);
  expect(search).toEqual({ client_ip: ['10.0.0.5', '!10.0.0.6'], keyword: 'a & b', range: '7d', x: '{}' });
  expect(parseSearch(stringifySearch(search))).toEqual(search);
  expect(stringifySearch({ a: undefined, b: '', c: [] })).toBe('');
});

test('only filters are asked of the API', () => {
  const search = parseSearch('?client_ip=10.0.0.5&keyword=one&keyword=two&row=7&range=7d&cols=time&tag=+');
  expect(filterQuery(search)).toEqual({ client_ip: ['10.0.0.5'], keyword: 'one' });
});

test('filters are set, turned round and taken away', () => {
  let search = withFilter({ range: '7d' }, 'client_ip', '10.0.0.5');
  search = withFilter(search, 'client_ip', '10.0.0.6');
  search = withFilter(search, 'client_ip', '10.0.0.6');
  expect(search['client_ip']).toEqual(['10.0.0.5', '10.0.0.6']);
  const [first] = activeFilters(search);
  if (!first) throw new Error('there is one');
  expect(first).toEqual({ name: 'client_ip', label: 'Client', value: '10.0.0.5', negated: false });
  const turned = flipped(search, first);
  expect(turned['client_ip']).toEqual(['10.0.0.6', '!10.0.0.5']);
  expect(activeFilters(turned)[1]).toMatchObject({ value: '10.0.0.5', negated: true });
  expect(
    withoutFilter(withoutFilter(turned, { ...first, negated: true }), { ...first, value: '10.0.0.6' })[
      'client_ip'
    ],
  ).toBeUndefined();
  expect(activeFilters(withoutFilters(turned))).toEqual([]);
  expect(withoutFilters(turned)['range']).toBe('7d');
});

test('what can be set once is replaced, and an exclamation mark in it is text', () => {
  const search = withFilter({ keyword: 'old' }, 'keyword', '!new');
  expect(search['keyword']).toBe('!new');
  const [keyword] = activeFilters(search);
  expect(keyword).toMatchObject({ value: '!new', negated: false });
  expect(keyword && flipped(search, keyword)).toEqual(search);
});

test.each([
  ['client: 10.0.0.5', { name: 'client_ip', value: '10.0.0.5' }],
  ['client_ip:!10.0.0.0/8', { name: 'client_ip', value: '!10.0.0.0/8' }],
  ['Rule category: sql', { name: 'waf_category', value: 'sql' }],
  ['http://example.com/', { name: 'keyword', value: 'http://example.com/' }],
  ['example.com:8080', { name: 'keyword', value: 'example.com:8080' }],
  ['  two words ', { name: 'keyword', value: 'two words' }],
  ['   ', undefined],
])('typed %s', (text, filter) => expect(typedFilter(text)).toEqual(filter));

test('what is wrong with a filter is said by its name on the page', () => {
  expect(filterFaults({ min_score: ['must be a whole number'], cursor: ['is of another question'] })).toEqual(
    ['Score from must be a whole number.', 'cursor is of another question.'],
  );
});
