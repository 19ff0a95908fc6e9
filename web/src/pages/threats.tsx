import { Page } from '@/ui/page';

export function Threats() {
  return <Page title="Threats">{null}</Page>;
}
