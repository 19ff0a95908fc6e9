// The entries of a long list: searched, paged, and taken from a file.

import { useState } from 'react';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { ask, client, type Shape } from '@/api/client';
import { ApiError, messageOf } from '@/api/error';
import { number } from '@/lib/units';
import { Button } from '@/ui/button';
import { Drawer } from '@/ui/dialog';
import { Checkbox, Input, TextArea } from '@/ui/field';
import { HostileText } from '@/ui/hostile-text';
import { Notice } from '@/ui/notice';
import { Pager } from '@/ui/pager';
import { Empty, Failed, Loading } from '@/ui/panel';

const PAGE_ROWS = 100;

export function EntriesDrawer({
  name,
  title,
  onClose,
}: {
  name: string;
  title: string;
  onClose: () => void;
}) {
  const [search, setSearch] = useState('');
  const [offset, setOffset] = useState(0);
  const query = useQuery({
    ...ask('/api/lists/{name}', {
      params: { path: { name }, query: { limit: PAGE_ROWS, offset, ...(search ? { q: search } : {}) } },
    }),
    placeholderData: keepPreviousData,
  });
  const page = query.data;
  return (
    <Drawer open onOpenChange={(open) => !open && onClose()} title={title} description={<code>{name}</code>}>
      <div className="space-y-4">
        <Input
          label="Text in an entry"
          type="search"
          value={search}
          onChange={(event) => {
            setSearch(event.target.value);
            setOffset(0);
          }}
        />
        {page === undefined && query.error !== null && <Failed error={query.error} retry={query.refetch} />}
        {page === undefined && query.error === null && <Loading />}
        {page?.total === 0 && (
          <Empty title={search === '' ? 'The list is empty' : 'No entry has that text'}>
            Take entries from a file below.
          </Empty>
        )}
        {page !== undefined && page.total > 0 && (
          <div className="rounded-md border border-line">
            <ul className="divide-y divide-line">
              {page.data.map(({ entry, name: called }) => (
                <li key={entry} className="flex flex-wrap justify-between gap-x-4 px-3 py-1">
                  <HostileText text={entry} mono wrap />
                  {called && <HostileText text={called} wrap className="text-muted" />}
                </li>
              ))}
            </ul>
            <Pager
              total={page.total}
              count={page.data.length}
              noun="entries"
              onFirst={offset > 0 ? () => setOffset(0) : undefined}
              onPrevious={offset > 0 ? () => setOffset(Math.max(0, offset - PAGE_ROWS)) : undefined}
              onNext={
                offset + page.data.length < page.total ? () => setOffset(offset + PAGE_ROWS) : undefined
              }
            />
          </div>
        )}
        <Import name={name} />
      </div>
    </Drawer>
  );
}

/** Takes entries from a file or from what is pasted. */
function Import({ name }: { name: string }) {
  const queries = useQueryClient();
  const [text, setText] = useState('');
  const [replace, setReplace] = useState(false);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<Shape<'Imported'>>();
  const [failure, setFailure] = useState<unknown>(null);
  const send = async () => {
    setBusy(true);
    setFailure(null);
    setDone(undefined);
    try {
      const { data } = await client.POST('/api/lists/{name}/import', {
        params: { path: { name }, query: { mode: replace ? 'replace' : 'append' } },
        body: text,
        bodySerializer: (body) => body,
        headers: { 'content-type': 'text/plain' },
      });
      setDone(data?.data);
      setText('');
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['get', '/api/lists/{name}'] }),
        queries.invalidateQueries({ queryKey: ['get', '/api/settings'] }),
      ]);
    } catch (thrown) {
      setFailure(thrown);
    } finally {
      setBusy(false);
    }
  };
  const wrong = failure instanceof ApiError ? failure.fields['body'] : undefined;
  return (
    <section className="space-y-3 border-t border-line pt-4">
      <h3 className="font-semibold">Import</h3>
      <Input
        label="File, one entry a line or in the format of hosts(5)"
        type="file"
        accept="text/plain,.txt,.list,.conf"
        className="py-1 text-xs"
        onChange={(event) => void event.target.files?.[0]?.text().then(setText)}
      />
      <TextArea
        label="Or paste entries"
        rows={5}
        spellCheck={false}
        className="font-mono text-[0.8125rem]"
        value={text}
        errors={wrong}
        onChange={(event) => setText(event.target.value)}
      />
      <Checkbox
        label="Replace the list"
        hint="What is there and not in the file goes. Otherwise the entries are added."
        checked={replace}
        onChange={(event) => setReplace(event.target.checked)}
      />
      <Button
        look={replace ? 'danger' : 'primary'}
        busy={busy}
        disabled={text.trim() === ''}
        onClick={() => void send()}
      >
        {replace ? 'Replace' : 'Add'}
      </Button>
      {failure !== null && wrong === undefined && <Notice tone="danger">{messageOf(failure)}</Notice>}
      {done && <Outcome done={done} />}
    </section>
  );
}

function Outcome({ done }: { done: Shape<'Imported'> }) {
  return (
    <Notice tone={done.bad_count > 0 ? 'warn' : 'ok'}>
      <p>
        {number(done.added)} added, {number(done.renamed)} renamed, {number(done.already_there)} there
        already, {number(done.removed)} removed; {number(done.total)} entries now.
      </p>
      {done.bad_count > 0 && (
        <>
          <p className="mt-1">{number(done.bad_count)} lines hold no entry and were passed over:</p>
          <ul className="mt-1 list-disc pl-5">
            {done.bad.slice(0, 10).map(({ line, text, reason }) => (
              <li key={line}>
                line {line}: <HostileText text={text} mono wrap /> {reason}
              </li>
            ))}
          </ul>
        </>
      )}
    </Notice>
  );
}
