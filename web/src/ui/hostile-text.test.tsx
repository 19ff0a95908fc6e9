// @vitest-environment happy-dom
import { cleanup, render } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { HostileText, Masked } from './hostile-text';

afterEach(cleanup);

test.each(['<script>alert(1)</script>', '<img src=x onerror=alert(1)>', 'javascript:alert(1)', '&lt;b&gt;'])(
  '%s stays text',
  (text) => {
    const { container } = render(<HostileText text={text} />);
    expect(container.textContent).toBe(text);
    expect(container.querySelectorAll('script, img, a, b')).toHaveLength(0);
  },
);

test('what would turn its neighbours round is written out, in an element of its own', () => {
  const { container } = render(<HostileText text={'evil\u202egnp.exe'} />);
  expect(container.textContent).toBe('evil\\u{202e}gnp.exe');
  expect(container.querySelector('bdi')?.getAttribute('dir')).toBe('ltr');
});

test('long text is cut, and its tooltip is bounded', () => {
  const { container } = render(<HostileText text={'a'.repeat(64_000)} max={10} />);
  expect(container.textContent).toBe(`${'a'.repeat(9)}…`);
  expect(container.querySelector('bdi')?.title.length).toBe(1000);
});

test('a masked value looks masked and says why; another does not', () => {
  const { container, rerender } = render(<Masked value="c-abcdefgh2345" />);
  expect(container.textContent).toContain('(masked)');
  expect(container.querySelector('[title]')?.getAttribute('title')).toMatch(/masking is on/);
  rerender(<Masked value="10.0.0.5" />);
  expect(container.textContent).toBe('10.0.0.5');
});
