// One finding: why it was found, the rows it rests on, and what to do.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { ask, askKey, type Shape } from '@/api/client';
import { messageOf } from '@/api/error';
import { useMay } from '@/api/me';
import { useSend } from '@/api/send';
import { logsPage } from '@/lib/paths';
import { parseSearch } from '@/lib/search';
import { titled } from '@/lib/text';
import { number } from '@/lib/units';
import { severityTone } from '@/lib/words';
import { Badge } from '@/ui/badge';
import { Button, buttonClass } from '@/ui/button';
import { ClientLink, DomainLink, Technique } from '@/ui/links';
import { TextArea } from '@/ui/field';
import { HostileText } from '@/ui/hostile-text';
import { KeyValue } from '@/ui/key-value';
import { Notice } from '@/ui/notice';
import { Page } from '@/ui/page';
import { Card, Empty, Failed, Loading } from '@/ui/panel';
import { toast } from '@/ui/toast';
import { When } from '@/ui/when';
import { LogRows } from './rules/log-rows';

export function Finding() {
  const { id = '' } = useParams({ strict: false });
  const known = /^\d{1,15}$/.test(id);
  const query = useQuery({
    ...ask('/api/findings/{id}', { params: { path: { id: Number(id) } } }),
    enabled: known,
  });
  const found = query.data?.data;
  if (!known)
    return (
      <Page title="Finding">
        <Empty title="There is no such finding">Findings have numbers; see all of them under Threats.</Empty>
      </Page>
    );
  if (!found) {
    return (
      <Page title="Finding">
        {query.error ? (
          <Failed error={query.error} retry={query.refetch} busy={query.isFetching} />
        ) : (
          <Loading height={320} />
        )}
      </Page>
    );
  }
  const rows = logsPage(found.logs);
  return (
    <Page
      title={found.title}
      note={<HostileText text={found.summary} wrap max={1000} />}
      actions={
        rows && (
          <Link
            to="/logs"
            search={parseSearch(rows.slice('/logs'.length)) as never}
            className={buttonClass('primary')}
          >
            Its {number(found.requests)} rows
          </Link>
        )
      }
    >
      <div className="grid gap-3 lg:grid-cols-2">
        <Card title="What was found">
          <Facts finding={found} />
        </Card>
        <Card title="What to do">
          <p className="max-w-prose wrap-anywhere">{found.recommendation}</p>
          <Decision finding={found} />
        </Card>
        <Card title="Evidence" note="Some of the rows it rests on." className="lg:col-span-2" flush>
          {found.evidence.length === 0 ? (
            <div className="px-4">
              <Empty title="Its rows are not stored any more">
                Retention or a person’s erasure removed them.
              </Empty>
            </div>
          ) : (
            <LogRows label="Evidence" rows={found.evidence} />
          )}
        </Card>
      </div>
    </Page>
  );
}

function Facts({ finding }: { finding: Shape<'FindingDetail'> }) {
  return (
    <KeyValue
      items={[
        ['Severity', <Badge tone={severityTone(finding.severity)}>{finding.severity}</Badge>],
        ['State', titled(finding.status)],
        ['Client', finding.client_ip ? <ClientLink client={finding.client_ip} /> : undefined],
        ['Destination', finding.destination ? <DomainLink domain={finding.destination} /> : undefined],
        [
          'Time',
          <>
            <When time={finding.first_seen} /> to <When time={finding.last_seen} /> UTC
          </>,
        ],
        ['Found', <When time={finding.found_at} relative />],
        ['Rows', number(finding.requests)],
        ...Object.entries(finding.measures).map(
          ([name, value]) => [titled(name), number(value)] as [string, string],
        ),
        ['ATT&CK', finding.technique ? <Technique id={finding.technique} named /> : undefined],
        ['Detector', finding.detector],
        ['Note', finding.note ? <HostileText text={finding.note} wrap /> : undefined],
      ]}
    />
  );
}

/** Dismisses it with a word why, or opens it again. */
function Decision({ finding }: { finding: Shape<'FindingDetail'> }) {
  const may = useMay('alerts:write');
  const [note, setNote] = useState('');
  const queries = useQueryClient();
  const open = finding.status === 'open';
  const decide = useSend('put', '/api/findings/{id}', {
    onSuccess: async () => {
      setNote('');
      await Promise.all([
        queries.invalidateQueries({ queryKey: askKey('/api/findings') }),
        queries.invalidateQueries({ queryKey: askKey('/api/findings/{id}') }),
      ]);
      toast(open ? 'The finding is dismissed.' : 'The finding is open again.');
    },
  });
  if (!may)
    return <p className="mt-3 text-xs text-muted">An administrator can dismiss it once it is looked into.</p>;
  return (
    <form
      className="mt-4 max-w-prose space-y-2"
      onSubmit={(event) => {
        event.preventDefault();
        const why = note.trim().replace(/\s+/g, ' ');
        decide.mutate({
          params: { path: { id: finding.id } },
          body: { status: open ? 'dismissed' : 'open', ...(why && { note: why }) },
        });
      }}
    >
      <TextArea
        label={open ? 'Why it is dismissed' : 'Why it is opened again'}
        hint="Everybody who may read findings sees it: no names."
        rows={2}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      {decide.error && <Notice tone="danger">{messageOf(decide.error)}</Notice>}
      <Button type="submit" busy={decide.isPending}>
        {open ? 'Dismiss' : 'Open again'}
      </Button>
    </form>
  );
}
