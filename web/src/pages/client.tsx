import { Page } from '@/ui/page';

export function Client() {
  return <Page title="Client">{null}</Page>;
}
