// Erases a person's rows, and says what a search for them found afterwards.

import { useState, type FormEvent } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { type Shape } from '@/api/client';
import { ApiError } from '@/api/error';
import { useSend } from '@/api/send';
import { reasonFault } from '@/lib/privacy';
import { number } from '@/lib/units';
import { titled } from '@/lib/text';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm';
import { TextArea } from '@/ui/field';
import { HostileText } from '@/ui/hostile-text';
import { KeyValue } from '@/ui/key-value';
import { Notice } from '@/ui/notice';
import { Card } from '@/ui/panel';
import { NOBODY, SubjectFields, subjectParams } from './subject-fields';

type Erasure = Shape<'Erasure'>;

export function ErasePanel() {
  const queries = useQueryClient();
  const [subject, setSubject] = useState(NOBODY);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [asking, setAsking] = useState(false);
  const erase = useSend('post', '/api/privacy/erase', { onSuccess: () => queries.invalidateQueries() });
  const failure = erase.error as unknown;
  const told = failure instanceof ApiError ? failure.fields : {};
  const fault = reasonFault(reason);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (subject.value.trim() !== '' && fault === null) setAsking(true);
  };
  return (
    <Card title="Erase a person" note="Rows in the store and in archives, and rejected lines that name them">
      <form onSubmit={submit} className="space-y-3">
        <SubjectFields subject={subject} errors={told['client'] ?? told['user']} onChange={setSubject} />
        <TextArea
          label="Reason"
          rows={2}
          hint="Goes into the audit log; must not name the person."
          value={reason}
          errors={tried && fault !== null ? [fault] : told['reason']}
          onChange={(event) => setReason(event.target.value)}
        />
        <Button type="submit" look="danger">
          Erase
        </Button>
      </form>
      {erase.data && <Report erasure={erase.data.data} />}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Erase a person"
        action="Erase"
        typed={subject.value.trim()}
        onConfirm={() => erase.mutateAsync({ body: { ...subjectParams(subject), reason: reason.trim() } })}
      >
        Every row of this {subject.kind} goes, from the store and from archives. It can’t be undone.
      </ConfirmDialog>
    </Card>
  );
}

function Report({ erasure }: { erasure: Erasure }) {
  const places = [...erasure.values, ...erasure.files].filter(({ alone, inside }) => alone + inside > 0);
  return (
    <div className="mt-4 space-y-3 border-t border-line pt-4">
      <Notice tone={erasure.clean ? 'ok' : 'warn'}>
        {erasure.clean
          ? 'Erased. A search afterwards found the person nowhere.'
          : 'Erased. A search afterwards still found the person; see below.'}
      </Notice>
      <KeyValue
        items={[
          ['On record as', <code className="font-mono">{erasure.pseudonym}</code>],
          ['Rows', number(erasure.rows)],
          ['Rejected lines', number(erasure.rejects)],
          ['Rows in archives', number(erasure.archived_rows)],
          ['Archives written anew', erasure.archives.length > 0 ? erasure.archives.join(', ') : 'none'],
          [
            'Archives not searched',
            erasure.unreadable_archives.length > 0 ? erasure.unreadable_archives.join(', ') : undefined,
          ],
          [
            'Blocks not readable',
            erasure.unreadable_blocks > 0 ? number(erasure.unreadable_blocks) : undefined,
          ],
        ]}
      />
      {places.length > 0 && (
        <>
          <h3 className="font-semibold">Where the person is still found</h3>
          <ul className="list-disc space-y-0.5 pl-5">
            {places.map(({ place, alone, inside }) => (
              <li key={place}>
                <HostileText text={titled(place)} wrap />: {number(alone)} by itself, {number(inside)} within
                longer words
              </li>
            ))}
          </ul>
        </>
      )}
      <h3 className="font-semibold">What an erasure leaves</h3>
      <ul className="list-disc space-y-0.5 pl-5 text-muted">
        {erasure.kept.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
    </div>
  );
}
