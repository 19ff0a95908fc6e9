// Who is signed in, the theme, and the way out.

import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { client } from '@/api/client';
import { messageOf } from '@/api/error';
import { meQuery, useMe } from '@/api/me';
import { queryClient } from '@/api/queries';
import { buttonClass } from '@/ui/button';
import { Icon } from '@/ui/icons';
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLine } from '@/ui/popup';
import { setTheme, THEMES, useTheme, type Theme } from '@/ui/theme';
import { toast } from '@/ui/toast';
import { openShortcuts } from './palette-state';

const WORDS: Record<Theme, string> = { system: 'As the system', light: 'Light', dark: 'Dark' };

export function UserMenu() {
  const me = useMe();
  const { theme } = useTheme();
  const keep = useMutation({
    mutationFn: async (next: Theme) =>
      me && client.PUT('/api/users/{id}', { params: { path: { id: me.id } }, body: { theme: next } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: meQuery.queryKey }),
    onError: (failure) => toast.failed(`The theme was not kept for other browsers. ${messageOf(failure)}`),
  });
  const leave = useMutation({
    mutationFn: () => client.POST('/logout', {}),
    onSettled: () => {
      queryClient.clear();
      location.assign('/login');
    },
  });
  if (!me) return null;
  return (
    <Menu
      trigger={
        <button type="button" aria-label={`Account: ${me.username}`} className={buttonClass()}>
          <Icon name="user" width={14} height={14} />
          <span className="hidden max-w-32 truncate md:inline">{me.display_name || me.username}</span>
        </button>
      }
    >
      <MenuLabel>
        {me.username}, {me.role}
      </MenuLabel>
      <MenuItem asChild>
        <Link to="/users" search={{}}>
          Account and keys
        </Link>
      </MenuItem>
      <MenuItem onSelect={openShortcuts}>Keyboard shortcuts</MenuItem>
      <MenuItem asChild>
        <a href="/api/docs" target="_blank" rel="noreferrer">
          API documentation
        </a>
      </MenuItem>
      <MenuLine />
      <MenuChoice
        label="Theme"
        value={theme}
        options={THEMES.map((value) => ({ value, label: WORDS[value] }))}
        onChange={(value) => {
          setTheme(value as Theme);
          keep.mutate(value as Theme);
        }}
      />
      <MenuLine />
      <MenuItem onSelect={() => leave.mutate()}>Sign out</MenuItem>
    </Menu>
  );
}
