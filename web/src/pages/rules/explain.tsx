// What the rules in force say of a request, and why.

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client, type Shape } from '@/api/client';
import { ApiError, messageOf } from '@/api/error';
import { useSetView, useView } from '@/lib/hooks';
import { one } from '@/lib/search';
import { number } from '@/lib/units';
import { scoreTone } from '@/lib/words';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Input, Select } from '@/ui/field';
import { Notice } from '@/ui/notice';
import { Card, Empty, Loading } from '@/ui/panel';
import { MatchedRules } from '@/ui/verdict';
import { useCategoryTitle } from './titles';

const METHODS = ['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'CONNECT'].map((value) => ({
  value,
  label: value,
}));

interface Asked {
  url: string;
  method: string;
  user_agent: string;
  referer: string;
}

/** Asked once for each address, so that an explanation is a link. */
function useVerdict(asked: Asked | undefined) {
  return useQuery({
    queryKey: ['waf score', asked],
    enabled: asked !== undefined,
    staleTime: 60_000,
    retry: false,
    queryFn: async ({ signal }) => {
      const { url, method, user_agent, referer } = asked as Asked;
      const rest = { ...(user_agent ? { user_agent } : {}), ...(referer ? { referer } : {}) };
      return (await client.POST('/api/waf/score', { body: { url, method, ...rest }, signal })).data?.data;
    },
  });
}

export function Explain() {
  const view = useView();
  const setView = useSetView();
  const read = (name: string) => one(view, name) ?? '';
  const url = read('url');
  const there: Asked = {
    url,
    method: read('method') || 'GET',
    user_agent: read('agent'),
    referer: read('referer'),
  };
  const [draft, setDraft] = useState(there);
  const verdict = useVerdict(url ? there : undefined);
  const fields = verdict.error instanceof ApiError ? verdict.error.fields : {};
  const change = (name: keyof Asked) => (event: { target: { value: string } }) =>
    setDraft({ ...draft, [name]: event.target.value });
  return (
    <div className="grid gap-3">
      <Card
        title="Explain a URL"
        note="Scored by the rules in force. Nothing is fetched and nothing is stored; the URL becomes part of this page’s address."
      >
        <form
          className="grid max-w-4xl gap-3 sm:grid-cols-[8rem_minmax(0,1fr)]"
          onSubmit={(event) => {
            event.preventDefault();
            setView({
              url: draft.url,
              method: draft.method === 'GET' ? undefined : draft.method,
              agent: draft.user_agent || undefined,
              referer: draft.referer || undefined,
            });
          }}
        >
          <Select label="Method" value={draft.method} options={METHODS} onChange={change('method')} />
          <Input
            label="URL"
            required
            spellCheck={false}
            autoComplete="off"
            className="font-mono"
            placeholder="http://shop.example/item?id=1%27%20OR%201=1--"
            value={draft.url}
            errors={fields['url']}
            onChange={change('url')}
          />
          <span className="hidden sm:block" />
          <div className="grid gap-3 sm:grid-cols-2">
            <Input
              label="User-Agent (may be left out)"
              spellCheck={false}
              value={draft.user_agent}
              errors={fields['user_agent']}
              onChange={change('user_agent')}
            />
            <Input
              label="Referer (may be left out)"
              spellCheck={false}
              value={draft.referer}
              errors={fields['referer']}
              onChange={change('referer')}
            />
          </div>
          <span className="hidden sm:block" />
          <div>
            <Button type="submit" look="primary" busy={verdict.isFetching}>
              Explain
            </Button>
          </div>
        </form>
        {verdict.error && Object.keys(fields).length === 0 && (
          <Notice tone="danger" className="mt-3">
            {messageOf(verdict.error)}
          </Notice>
        )}
      </Card>
      {verdict.isLoading && <Loading height={160} />}
      {verdict.data && <Verdict scored={verdict.data} />}
    </div>
  );
}

function Verdict({ scored }: { scored: Shape<'Scored'> }) {
  const title = useCategoryTitle();
  return (
    <Card
      title={
        <span className="flex flex-wrap items-baseline gap-2">
          Score {number(scored.score)}
          <Badge tone={scored.flagged ? 'danger' : scoreTone(scored.score)}>
            {scored.flagged ? 'flagged' : 'not flagged'}
          </Badge>
        </span>
      }
      note={
        <span role="status">
          Flagged from {number(scored.threshold)}.{' '}
          {scored.categories.length > 0 && `Categories: ${scored.categories.map(title).join(', ')}.`}
        </span>
      }
    >
      {scored.matched_rules.length === 0 ? (
        <Empty title="No rule matches">Nothing in it looks like an attack to the rules in force.</Empty>
      ) : (
        <MatchedRules rules={scored.matched_rules} />
      )}
    </Card>
  );
}
