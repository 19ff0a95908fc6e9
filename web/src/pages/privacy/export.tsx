// Hands out what is stored of a person, as a file.

import { useState, type FormEvent } from 'react';
import { useMutation } from '@tanstack/react-query';
import { refusal, ApiError, messageOf } from '@/api/error';
import { useMay } from '@/api/me';
import { Button } from '@/ui/button';
import { Notice } from '@/ui/notice';
import { Card } from '@/ui/panel';
import { toast } from '@/ui/toast';
import { NOBODY, SubjectFields, subjectParams, type Subject } from './subject-fields';

/** Has the browser keep the answer as a file. A refusal is told instead. */
async function handOut(subject: Subject) {
  const response = await fetch(
    `/api/privacy/export?${new URLSearchParams(subjectParams(subject)).toString()}`,
  );
  if (!response.ok) throw await refusal(response);
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = 'person.ndjson';
  link.click();
  URL.revokeObjectURL(url);
}

export function ExportPanel() {
  const [subject, setSubject] = useState(NOBODY);
  const seesAll = useMay('pii:read');
  const run = useMutation({ mutationFn: handOut, onSuccess: () => toast('The rows were handed out') });
  const told = run.error instanceof ApiError ? run.error.fields : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    run.mutate(subject);
  };
  return (
    <Card
      title="Hand out a person’s data"
      note="Every row of theirs as logged, one JSON object a line; on record"
    >
      <form onSubmit={submit} className="space-y-3">
        <SubjectFields subject={subject} errors={told['client'] ?? told['user']} onChange={setSubject} />
        {!seesAll && (
          <p className="text-muted">
            While masking is on this needs the scope pii:read, which you don’t have.
          </p>
        )}
        {run.error && Object.keys(told).length === 0 && <Notice tone="danger">{messageOf(run.error)}</Notice>}
        <Button type="submit" icon="download" busy={run.isPending}>
          Download
        </Button>
      </form>
    </Card>
  );
}
