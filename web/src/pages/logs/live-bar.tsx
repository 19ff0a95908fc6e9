// How the stream is doing, and the button that holds it.

import { number } from '@/lib/units';
import { MOST_ROWS } from '@/lib/live';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import type { Connection, Live } from './use-live';

const WORDS: Record<Connection, { text: string; tone: 'ok' | 'neutral' | 'warn' | 'danger' }> = {
  connecting: { text: 'Connecting', tone: 'neutral' },
  open: { text: 'Live', tone: 'ok' },
  broken: { text: 'Connection lost, trying again', tone: 'warn' },
  ended: { text: 'Ended by the server', tone: 'danger' },
};

export function LiveBar({ live }: { live: Live }) {
  const { text, tone } = WORDS[live.connection];
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-1.5">
      <span role="status">
        <Badge tone={live.paused ? 'neutral' : tone}>{live.paused ? 'Paused' : text}</Badge>
      </span>
      <Button
        size="small"
        icon={live.paused ? 'play' : 'pause'}
        onClick={live.paused ? live.resume : live.pause}
      >
        {live.paused ? 'Go on' : 'Pause'}
      </Button>
      {live.paused && (
        <span className="tabular text-xs text-muted">{number(live.waiting.length)} new rows wait</span>
      )}
      {live.dropped > 0 && (
        <span className="tabular text-xs text-warn">
          {number(live.dropped)} rows left out: too many came at once. They are in the log.
        </span>
      )}
      <span className="tabular ml-auto text-xs text-muted">
        {number(live.rows.length)} rows, the newest {number(MOST_ROWS)} are kept
      </span>
    </div>
  );
}
