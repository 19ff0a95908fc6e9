import { expect, test } from 'vitest';
import { numberFormat } from './formats';

test('a format is made once for its locale and options', () => {
  const percent = { style: 'percent' } as const;
  expect(numberFormat('en', percent)).toBe(numberFormat('en', { ...percent }));
  expect(numberFormat('en', percent)).not.toBe(numberFormat('de', percent));
  expect(numberFormat('en', percent)).not.toBe(numberFormat('en', {}));
});
