// Who is signed in, and what they may.

import { useQuery } from '@tanstack/react-query';
import { ask, type Shape } from './client';

export type Me = Shape<'Me'>;
export type Scope =
  | 'logs:read'
  | 'logs:export'
  | 'logs:write'
  | 'logs:purge'
  | 'alerts:read'
  | 'alerts:write'
  | 'alertrules:write'
  | 'audit:read'
  | 'settings:write'
  | 'users:write'
  | 'pii:read'
  | 'admin';

export const meQuery = { ...ask('/api/auth/me'), staleTime: 60_000 };

/** Who is signed in; undefined until it is known. */
export function useMe(): Me | undefined {
  return useQuery(meQuery).data?.data;
}

/** Whether the signed-in principal may do that; false until it is known. */
export function useMay(scope: Scope): boolean {
  const scopes = useMe()?.scopes ?? [];
  return scopes.includes(scope);
}
