// config.toml as it is in force, without secrets.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ask } from '@/api/client';
import { CopyText } from '@/ui/copy-text';
import { Panel } from '@/ui/panel';

export function Configuration() {
  const query = useQuery(ask('/api/config'));
  return (
    <Panel
      title="Configuration in force"
      note="config.toml with its defaults, without secrets"
      query={query}
      height={240}
      actions={
        <Link to="/settings" search={{}} className="text-accent underline">
          Settings
        </Link>
      }
    >
      {({ data }) => (
        <CopyText
          text={JSON.stringify(data.config, null, 2)}
          label="the configuration"
          className="max-h-96 overflow-y-auto"
        />
      )}
    </Panel>
  );
}
