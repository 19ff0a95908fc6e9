// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { ApiError } from '@/api/error';
import { Empty, Panel, type PanelQuery } from './panel';

afterEach(cleanup);

function draw(query: Partial<PanelQuery<string[]>>, withTable = false) {
  const refetch = vi.fn();
  render(
    <Panel
      title="Things"
      query={{ data: undefined, error: null, isFetching: false, refetch, ...query }}
      empty={(things) => things.length === 0 && <Empty title="No things">Make some.</Empty>}
      {...(withTable
        ? {
            table: (things: string[]) => (
              <table aria-label="As a table">
                <tbody>
                  <tr>
                    <td>{things.join()}</td>
                  </tr>
                </tbody>
              </table>
            ),
          }
        : {})}
    >
      {(things) => <p>{things.join(' and ')}</p>}
    </Panel>,
  );
  return refetch;
}

test('loading says so', () => {
  draw({ isFetching: true });
  expect(screen.getByRole('region', { name: 'Things' }).textContent).toContain('Loading');
});

test('a failure says what is wrong, and can be tried again', async () => {
  const refetch = draw({ error: new ApiError('The store can’t be read.', { status: 503 }) });
  expect(screen.getByRole('alert').textContent).toContain('The store can’t be read.');
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(refetch).toHaveBeenCalledOnce();
});

test('nothing says what to do', () => {
  draw({ data: [] });
  expect(screen.getByText('Make some.')).toBeTruthy();
});

test('data is there, and stays there when asking again fails', () => {
  draw({ data: ['one', 'two'], error: new ApiError('It broke.') });
  expect(screen.getByText('one and two')).toBeTruthy();
  expect(screen.getByText(/Not up to date: It broke\./)).toBeTruthy();
});

test('a chart has a table behind it', async () => {
  draw({ data: ['one'] }, true);
  expect(screen.queryByRole('table')).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Show as table' }));
  expect(screen.getByRole('table', { name: 'As a table' }).textContent).toBe('one');
});
