// Whether personal data is hidden, how, and from whom.

import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ask } from '@/api/client';
import type { Me } from '@/api/me';
import { Badge } from '@/ui/badge';
import { KeyValue } from '@/ui/key-value';
import { Card, Panel } from '@/ui/panel';

export function MaskingState({ me }: { me: Me }) {
  return me.scopes.includes('admin') ? (
    <InForce me={me} />
  ) : (
    <Card title="Masking">
      <Yourself me={me} />
    </Card>
  );
}

/** What masking means for whoever reads this. */
function Yourself({ me }: { me: Me }) {
  return me.scopes.includes('pii:read') ? (
    <p>
      Your account has the scope <code className="font-mono">pii:read</code>: you see addresses, users and
      URLs as they were logged, whether masking is on or not.
    </p>
  ) : (
    <p>
      While masking is on you see pseudonyms in place of addresses and users:{' '}
      <code className="font-mono">c-…</code> for a client, <code className="font-mono">u-…</code> for a user.
      The same value has the same pseudonym everywhere, so that rows still belong together. An administrator
      may grant the scope <code className="font-mono">pii:read</code>.
    </p>
  );
}

const LEVELS: Readonly<Record<string, string>> = {
  pseudonym: 'under a pseudonym',
  prefix: 'as its network (/24, /48)',
  mask: 'not at all',
  personal: 'without its personal parts',
};

function InForce({ me }: { me: Me }) {
  const query = useQuery(ask('/api/settings'));
  return (
    <Panel
      title="Masking"
      query={query}
      actions={
        <Link to="/settings" search={{ q: 'gdpr' }} className="text-accent underline">
          Change
        </Link>
      }
    >
      {({ data }) => {
        const value = (name: string) => data.find((setting) => setting.setting_name === name)?.setting_value;
        const level = (name: string) => LEVELS[String(value(name))] ?? String(value(name));
        const on = value('gdpr_mode') === true;
        const flag = (name: string): ReactNode => (value(name) === true ? 'yes' : 'no');
        return (
          <div className="space-y-3">
            <p className="flex items-center gap-2">
              <Badge tone={on ? 'ok' : 'warn'}>{on ? 'On' : 'Off'}</Badge>
              {on
                ? 'Hidden from everybody without pii:read.'
                : 'Everybody who may read the log sees addresses, users and URLs.'}
            </p>
            <KeyValue
              items={[
                ['Clients appear', level('gdpr_client_level')],
                ['Users appear', level('gdpr_user_level')],
                ['URLs appear', level('gdpr_url_level')],
                ['New rows stored under pseudonyms', flag('gdpr_store_pseudonymised')],
                ['Reveals need a second person', flag('gdpr_reveal_needs_approval')],
              ]}
            />
            <Yourself me={me} />
          </div>
        );
      }}
    </Panel>
  );
}
