// A secret that is told this once: it has to be put away before the dialog goes.

import type { ReactNode } from 'react';
import { Button } from '@/ui/button';
import { CopyText } from '@/ui/copy-text';
import { Dialog } from '@/ui/dialog';
import { Notice } from '@/ui/notice';

export interface Secret {
  title: string;
  /** What it is, as in `Copy the key`. */
  label: string;
  text: string;
  /** How it is used. */
  hint: ReactNode;
}

export function OnceDialog({ secret, onClose }: { secret: Secret | undefined; onClose: () => void }) {
  return (
    <Dialog
      open={secret !== undefined}
      onOpenChange={(open) => !open && onClose()}
      insist
      title={secret?.title}
      footer={
        <Button look="primary" onClick={onClose}>
          I have put it away
        </Button>
      }
    >
      {secret && (
        <div className="space-y-3">
          <Notice tone="warn">It is shown this once. Nobody can look it up later, you neither.</Notice>
          <CopyText text={secret.text} label={secret.label} />
          <div className="text-muted">{secret.hint}</div>
        </div>
      )}
    </Dialog>
  );
}
