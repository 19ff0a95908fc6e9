import { Page } from '@/ui/page';

export function Settings() {
  return <Page title="Settings">{null}</Page>;
}
