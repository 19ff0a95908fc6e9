import { Page } from '@/ui/page';

export function Users() {
  return <Page title="Users and keys">{null}</Page>;
}
