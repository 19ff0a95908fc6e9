// One rule: its text, what it matched, and whether this log can feed it.

import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ask, type Shape } from '@/api/client';
import { useTimeRange } from '@/lib/hooks';
import { rangeLabel } from '@/lib/range';
import { shortened } from '@/lib/text';
import { number } from '@/lib/units';
import { severityTone } from '@/lib/words';
import { Badge } from '@/ui/badge';
import { buttonClass } from '@/ui/button';
import { Technique } from '@/ui/links';
import { HostileText } from '@/ui/hostile-text';
import { KeyValue } from '@/ui/key-value';
import { Notice } from '@/ui/notice';
import { Page } from '@/ui/page';
import { Empty, Panel } from '@/ui/panel';
import { LogRows } from './rules/log-rows';
import { useCategoryTitle } from './rules/titles';

export function Rule() {
  const { id = '' } = useParams({ strict: false });
  const { range, query } = useTimeRange();
  const known = /^\d{1,9}$/.test(id);
  const rule = useQuery({
    ...ask('/api/waf/rules/{id}', { params: { path: { id: Number(id) }, query } }),
    enabled: known,
  });
  const rows = useQuery({
    ...ask('/api/logs', { params: { query: { ...query, rule: [id], limit: 50 } } }),
    enabled: known,
  });
  if (!known)
    return (
      <Page title={`Rule ${shortened(id, 60)}`}>
        <Empty title="There is no such rule">Rules have numbers; see all of them under Rules.</Empty>
      </Page>
    );
  return (
    <Page
      title={`Rule ${id}`}
      note={rule.data && <HostileText text={rule.data.data.message} wrap max={500} />}
      actions={
        <Link to="/logs" search={{ rule: id }} className={buttonClass('primary')}>
          Rows it matched
        </Link>
      }
    >
      <div className="grid gap-3 xl:grid-cols-2">
        <Panel title="About it" note={`Hits: ${rangeLabel(range)}.`} query={rule} height={200}>
          {({ data }) => <Facts rule={data} />}
        </Panel>
        <Panel title="Its text" note="SecLang" query={rule} height={200}>
          {({ data }) => (
            <pre
              tabIndex={0}
              aria-label="Text of the rule"
              className="max-h-96 overflow-auto rounded-md bg-hover p-3 font-mono text-xs whitespace-pre-wrap wrap-anywhere"
            >
              {data.source}
            </pre>
          )}
        </Panel>
        <Panel
          title="Newest rows that it matched"
          className="xl:col-span-2"
          query={rows}
          flush
          height={200}
          empty={({ data }) =>
            data.length === 0 && (
              <Empty title="None in this time">
                Choose a longer time above, or try its text on rows under Rules, Test a rule.
              </Empty>
            )
          }
        >
          {({ data }) => <LogRows label="Rows that the rule matched" rows={data} />}
        </Panel>
      </div>
    </Page>
  );
}

function Facts({ rule }: { rule: Shape<'RuleRow'> }) {
  const title = useCategoryTitle();
  return (
    <>
      {!rule.fed && (
        <Notice tone="warn" className="mb-3">
          This log can’t feed it: {rule.not_fed_because ?? 'what it looks at is not logged'}.
        </Notice>
      )}
      <KeyValue
        items={[
          ['Hits', `${number(rule.hits)} rows`],
          [
            'State',
            rule.enabled ? <Badge tone="ok">on</Badge> : <Badge>{rule.fed ? 'off' : 'not applied'}</Badge>,
          ],
          [
            'Category',
            <Link to="/rules" search={{ category: rule.category }} className="text-accent hover:underline">
              {title(rule.category)}
            </Link>,
          ],
          [
            'Severity',
            rule.severity ? <Badge tone={severityTone(rule.severity)}>{rule.severity}</Badge> : undefined,
          ],
          ['Paranoia level', rule.paranoia_level ?? undefined],
          [
            'ATT&CK',
            rule.techniques.length > 0 ? (
              <span className="flex flex-wrap gap-x-4 gap-y-1">
                {rule.techniques.map((id) => (
                  <Technique key={id} id={id} named />
                ))}
              </span>
            ) : undefined,
          ],
          [
            'Tags',
            <span className="flex flex-wrap gap-1">
              {rule.tags.map((tag) => (
                <Badge key={tag}>{tag}</Badge>
              ))}
            </span>,
          ],
          ['File', rule.file ? `${rule.file}${rule.line ? `, line ${rule.line}` : ''}` : undefined],
        ]}
      />
    </>
  );
}
