// What was changed and not saved yet, at the foot of the window.

import { messageOf } from '@/api/error';
import { number } from '@/lib/units';
import { Button } from '@/ui/button';

interface Props {
  count: number;
  faults: number;
  busy: boolean;
  /** Why it could not be saved, where no field says so. */
  error: unknown;
  onSave: () => void;
  onDiscard: () => void;
}

export function SaveBar({ count, faults, busy, error, onSave, onDiscard }: Props) {
  if (count === 0) return null;
  return (
    <div className="sticky bottom-3 z-20 mt-4 flex flex-wrap items-center justify-between gap-2 rounded-lg border border-line bg-raised px-4 py-2 popup-shadow">
      <div role="status" className="min-w-0">
        <span className="font-medium">
          {number(count)} {count === 1 ? 'change' : 'changes'} not saved
        </span>
        {faults > 0 && (
          <span className="ml-2 text-danger">
            {number(faults)} {faults === 1 ? 'value is' : 'values are'} not accepted; nothing was saved.
          </span>
        )}
        {faults === 0 && error !== null && error !== undefined && (
          <span className="ml-2 text-danger wrap-anywhere">{messageOf(error)}</span>
        )}
      </div>
      <div className="flex gap-2">
        <Button onClick={onDiscard} disabled={busy}>
          Discard
        </Button>
        <Button look="primary" onClick={onSave} busy={busy}>
          Save
        </Button>
      </div>
    </div>
  );
}
