// The time range of everything on the page: relative, or between two instants. It lives in the address.

import { useState, type FormEvent } from 'react';
import { useTimeRange } from '@/lib/hooks';
import { rangeEdges, rangeLabel, RANGES, readRange, type TimeRange } from '@/lib/range';
import { local, parseTime, sqlTime } from '@/lib/time';
import { Button, buttonClass } from '@/ui/button';
import { cx } from '@/ui/cx';
import { Input } from '@/ui/field';
import { Icon } from '@/ui/icons';
import { Popover } from '@/ui/popup';

export function TimePicker() {
  const { range, setRange } = useTimeRange();
  const [open, setOpen] = useState(false);
  const choose = (next: TimeRange) => {
    setRange(next);
    setOpen(false);
  };
  const chosen = range.kind === 'all' ? 'all' : range.kind === 'last' ? range.text : undefined;
  return (
    <Popover
      label="Time range"
      align="end"
      open={open}
      onOpenChange={setOpen}
      className="w-[min(26rem,calc(100vw-1rem))]"
      trigger={
        <button
          type="button"
          aria-label={`Time range: ${rangeLabel(range)}`}
          className={cx(buttonClass(), 'max-w-[11.5rem] sm:max-w-none')}
        >
          <Icon name="clock" width={14} height={14} />
          <span className="truncate">{rangeLabel(range)}</span>
          <Icon name="down" width={12} height={12} />
        </button>
      }
    >
      <div className="grid gap-4 sm:grid-cols-[9rem_minmax(0,1fr)]">
        <ul aria-label="Relative" className="grid grid-cols-2 sm:block">
          {RANGES.map(({ value, label }) => (
            <li key={value}>
              <button
                type="button"
                aria-pressed={value === chosen}
                onClick={() => choose(readRange({ range: value }))}
                className="h-8 w-full rounded px-2 text-left hover:bg-hover aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-accent"
              >
                {label}
              </button>
            </li>
          ))}
        </ul>
        <Absolute range={range} onChange={choose} />
      </div>
    </Popover>
  );
}

function Absolute({ range, onChange }: { range: TimeRange; onChange: (range: TimeRange) => void }) {
  const [start] = useState(() => rangeEdges(range, Date.now(), Date.now() - 86_400_000));
  const [from, setFrom] = useState(sqlTime(start.fromMs));
  const [to, setTo] = useState(sqlTime(start.toMs));
  const [asked, setAsked] = useState(false);
  const fromMs = read(from);
  const toMs = read(to);
  const wrong = {
    from: Number.isNaN(fromMs) ? ['write it as 2026-01-31 12:00'] : [],
    to: Number.isNaN(toMs)
      ? ['write it as 2026-01-31 12:00']
      : fromMs >= toMs
        ? ['must be after the start']
        : [],
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (fromMs < toMs) onChange({ kind: 'between', fromMs, toMs });
  };
  return (
    <form onSubmit={submit} className="space-y-3">
      <Input
        label="From (UTC)"
        value={from}
        onChange={(event) => setFrom(event.target.value)}
        hint={Number.isNaN(fromMs) ? undefined : local(fromMs)}
        errors={asked ? wrong.from : []}
      />
      <Input
        label="To (UTC), excluded"
        value={to}
        onChange={(event) => setTo(event.target.value)}
        hint={Number.isNaN(toMs) ? undefined : local(toMs)}
        errors={asked ? wrong.to : []}
      />
      <Button type="submit" look="primary">
        Apply
      </Button>
    </form>
  );
}

/** Reads what people write: a day, a minute or a second, UTC. */
function read(text: string): number {
  const [, date, time = '00:00', seconds = ':00'] =
    /^\s*(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(:\d\d)?)?Z?\s*$/.exec(text) ?? [];
  return date ? parseTime(`${date} ${time}${seconds}`) : NaN;
}
