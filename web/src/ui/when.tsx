// An instant: UTC in the page, the reader's own time when asked.

import { useNow } from '@/lib/now';
import { ago, local, parseTime, sqlTime } from '@/lib/time';

/** `2026-11-21 15:50:05`; `relative` says `5 minutes ago`. Both tell the rest in a tooltip. */
export function When({ time, relative = false }: { time: string | null | undefined; relative?: boolean }) {
  const now = useNow();
  const ms = parseTime(time);
  if (Number.isNaN(ms)) return <span className="text-muted">{relative ? 'never' : '–'}</span>;
  const utc = sqlTime(ms);
  return (
    <time
      dateTime={new Date(ms).toISOString()}
      title={`${utc} UTC\n${local(ms)}`}
      className="tabular whitespace-nowrap"
    >
      {relative ? ago(ms, now) : utc}
    </time>
  );
}
