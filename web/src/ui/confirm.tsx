// Asks before something is done that can't be taken back.

import { useState, type ReactNode } from 'react';
import { messageOf } from '@/api/error';
import { Button } from './button';
import { Dialog } from './dialog';
import { Input } from './field';
import { Notice } from './notice';

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  children: ReactNode;
  /** What the button says: the deed, not `OK`. */
  action: string;
  /** Does it; the dialog closes when that is done, and says why when it fails. */
  onConfirm: () => Promise<unknown>;
  /** A word to be typed first. */
  typed?: string;
  danger?: boolean;
}

export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  children,
  action,
  onConfirm,
  typed,
  danger = true,
}: Props) {
  const [word, setWord] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const change = (next: boolean) => {
    if (busy) return;
    setWord('');
    setFailure(undefined);
    onOpenChange(next);
  };
  const act = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      await onConfirm();
      setWord('');
      onOpenChange(false);
    } catch (thrown) {
      setFailure(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      title={title}
      footer={
        <>
          <Button onClick={() => change(false)} disabled={busy}>
            Cancel
          </Button>
          <Button
            look={danger ? 'danger' : 'primary'}
            busy={busy}
            disabled={typed !== undefined && word !== typed}
            onClick={() => void act()}
          >
            {action}
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        <div>{children}</div>
        {typed !== undefined && (
          <Input
            label={`Type ${typed} to confirm`}
            value={word}
            autoComplete="off"
            onChange={(event) => setWord(event.target.value)}
          />
        )}
        {failure !== undefined && <Notice tone="danger">{messageOf(failure)}</Notice>}
      </div>
    </Dialog>
  );
}
