// An entry of the audit log with everything that is known of it.

import type { Shape } from '@/api/client';
import { changesOf } from '@/lib/changes';
import { Badge } from '@/ui/badge';
import { CopyText } from '@/ui/copy-text';
import { Drawer } from '@/ui/dialog';
import { HostileText, Masked } from '@/ui/hostile-text';
import { KeyValue } from '@/ui/key-value';
import { stateTone } from './state';

export type Entry = Shape<'AuditEntryRow'>;

export function EntryDrawer({ entry, onClose }: { entry: Entry | undefined; onClose: () => void }) {
  return (
    <Drawer
      open={entry !== undefined}
      onOpenChange={(open) => !open && onClose()}
      title={entry ? `${entry.action} by ${entry.username}` : ''}
      description={entry ? `Entry ${entry.id}, ${entry.timestamp} UTC` : ''}
    >
      {entry && (
        <div className="space-y-5">
          <KeyValue
            items={[
              ['State', <Badge tone={stateTone(entry.state)}>{entry.state}</Badge>],
              ['Target', <HostileText text={entry.target} wrap />],
              ['From', entry.source_ip ? <Masked value={entry.source_ip} /> : 'the machine itself'],
              ['Let in by', entry.credential ?? 'the machine itself'],
              ['Method', entry.method],
              ['Request', entry.request_id ? <HostileText text={entry.request_id} mono /> : '–'],
            ]}
          />
          <Details before={entry.details.before} after={entry.details.after} />
          <section>
            <h3 className="mb-1 font-semibold">Hash</h3>
            <p className="mb-2 text-muted">
              SHA-256 of this entry and all before it. Noted elsewhere, it shows later whether the whole log
              was put back to an older state.
            </p>
            <CopyText text={entry.hash} label="the hash" />
          </section>
        </div>
      )}
    </Drawer>
  );
}

const MARKS = { added: '+', removed: '−', changed: '±', same: '' } as const;

/** Before and after, field by field. */
function Details({ before, after }: { before: unknown; after: unknown }) {
  const changes = changesOf(before, after);
  return (
    <section>
      <h3 className="mb-1 font-semibold">Before and after</h3>
      {changes.length === 0 ? (
        <p className="text-muted">This action keeps no details.</p>
      ) : (
        <div className="overflow-x-auto">
          <table className="w-full text-left">
            <thead className="text-xs text-muted">
              <tr>
                <th scope="col" className="py-1 pr-3 font-medium">
                  Field
                </th>
                <th scope="col" className="py-1 pr-3 font-medium">
                  Before
                </th>
                <th scope="col" className="py-1 font-medium">
                  After
                </th>
              </tr>
            </thead>
            <tbody>
              {changes.map(({ field, before: was, after: is, kind }) => (
                <tr key={field} className="border-t border-line align-top">
                  <th
                    scope="row"
                    className="py-1.5 pr-3 font-mono text-xs font-normal whitespace-nowrap text-muted"
                  >
                    <span title={kind}>{MARKS[kind]}</span> {field || 'value'}
                  </th>
                  <td className="py-1.5 pr-3">
                    <HostileText text={was} mono wrap className={kind === 'same' ? 'text-muted' : ''} />
                  </td>
                  <td className="py-1.5">
                    <HostileText text={is} mono wrap className={kind === 'same' ? 'text-muted' : ''} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
