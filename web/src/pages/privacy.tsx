import { Page } from '@/ui/page';

export function Privacy() {
  return <Page title="Privacy">{null}</Page>;
}
