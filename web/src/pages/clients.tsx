import { Page } from '@/ui/page';

export function Clients() {
  return <Page title="Clients">{null}</Page>;
}
