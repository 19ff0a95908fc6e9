// Tries a pattern or a rule on stored rows before it is put in force.

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { client, type Shape } from '@/api/client';
import { ApiError, messageOf } from '@/api/error';
import { number } from '@/lib/units';
import { Button } from '@/ui/button';
import { Input, Select, TextArea } from '@/ui/field';
import { Notice } from '@/ui/notice';
import { Card } from '@/ui/panel';
import { LogRows } from './log-rows';

type Kind = 'regex' | 'rule';

const KINDS = [
  { value: 'regex', label: 'A regular expression' },
  { value: 'rule', label: 'A rule in SecLang' },
];

const EXAMPLE = `SecRule REQUEST_FILENAME "@endsWith .exe" \\
    "id:8000001,phase:2,pass,t:none,t:lowercase,\\
    msg:'Windows program',severity:'WARNING'"`;

export function TestRule() {
  const [kind, setKind] = useState<Kind>('regex');
  const [text, setText] = useState('');
  const [hours, setHours] = useState('24');
  const tried = useMutation({
    mutationFn: async () => {
      const body = { [kind]: text, hours: Number(hours) };
      return (await client.POST('/api/waf/test-rule', { body })).data?.data;
    },
  });
  const fields = tried.error instanceof ApiError ? tried.error.fields : {};
  const other = tried.error && Object.keys(fields).length === 0;
  return (
    <div className="grid gap-3">
      <Card
        title="Try it on stored rows"
        note="The newest rows are looked at, for some seconds at most. Nothing is changed."
      >
        <form
          className="max-w-3xl space-y-3"
          onSubmit={(event) => {
            event.preventDefault();
            tried.mutate();
          }}
        >
          <div className="grid grid-cols-2 gap-3 sm:max-w-md">
            <Select
              label="What is tried"
              value={kind}
              options={KINDS}
              onChange={(event) => {
                setKind(event.target.value as Kind);
                tried.reset();
              }}
            />
            <Input
              label="Hours back"
              type="number"
              min={1}
              max={8760}
              required
              value={hours}
              errors={fields['hours']}
              onChange={(event) => setHours(event.target.value)}
            />
          </div>
          <TextArea
            label={kind === 'regex' ? 'Regular expression' : 'Rule'}
            hint={
              kind === 'regex'
                ? 'Matched on the URL as rows show it, without regard to case.'
                : 'One or more rules, with everything they need.'
            }
            rows={kind === 'regex' ? 2 : 6}
            className="font-mono"
            spellCheck={false}
            required
            placeholder={kind === 'regex' ? 'wp-(admin|login)' : EXAMPLE}
            value={text}
            errors={fields[kind]}
            onChange={(event) => setText(event.target.value)}
          />
          {other && <Notice tone="danger">{messageOf(tried.error)}</Notice>}
          <Button type="submit" look="primary" icon="play" busy={tried.isPending}>
            Try it
          </Button>
        </form>
      </Card>
      {tried.data && <Outcome tested={tried.data} />}
    </div>
  );
}

function Outcome({ tested }: { tested: Shape<'Tested'> }) {
  return (
    <Card
      title={`${number(tested.matched)} of ${number(tested.scanned)} rows match`}
      note={
        <span role="status">
          {tested.complete
            ? `All rows of the last ${number(tested.hours)} hours were looked at.`
            : 'Time ran out before all rows were looked at: the newest were.'}{' '}
          {tested.matched > tested.examples.length &&
            tested.examples.length > 0 &&
            `The newest ${number(tested.examples.length)} of those that match:`}
        </span>
      }
      flush
    >
      {tested.examples.length > 0 && <LogRows label="Rows that match" rows={tested.examples} />}
    </Card>
  );
}
