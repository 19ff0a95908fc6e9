// One's own account, API keys, everybody's accounts, and who is turned away at the door.

import { useMay } from '@/api/me';
import { useSetView, useView } from '@/lib/hooks';
import { one } from '@/lib/search';
import { Page } from '@/ui/page';
import { Tabs } from '@/ui/tabs';
import { NeedsScope } from './needs-scope';
import { Accounts } from './users/accounts';
import { ApiKeys } from './users/api-keys';
import { MyAccount } from './users/my-account';
import { TurnedAway } from './users/turned-away';

export function Users() {
  const view = useView();
  const setView = useSetView();
  const manages = useMay('users:write');
  const tabs = [
    { value: 'me', label: 'My account', content: <MyAccount /> },
    { value: 'keys', label: 'API keys', content: <ApiKeys /> },
    {
      value: 'users',
      label: 'Users',
      content: (
        <NeedsScope scope="users:write" what="The accounts of others are">
          <Accounts />
        </NeedsScope>
      ),
    },
    {
      value: 'limits',
      label: 'Turned away',
      content: (
        <NeedsScope scope="admin" what="Who was turned away is">
          <TurnedAway />
        </NeedsScope>
      ),
    },
  ];
  const wanted = one(view, 'tab');
  const value = tabs.find((tab) => tab.value === wanted)?.value ?? (manages ? 'users' : 'me');
  return (
    <Page title="Users and keys">
      <Tabs label="Parts of this page" tabs={tabs} value={value} onChange={(tab) => setView({ tab })} />
    </Page>
  );
}
