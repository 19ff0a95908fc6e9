// Roles in words. What one may do is asked of the scopes (`useMay`), never of the role.

export const ROLES = ['viewer', 'auditor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

const MEANINGS: Record<Role, string> = {
  viewer: 'reads logs, statistics, findings and rules',
  auditor: 'reads what a viewer reads and the audit log, and exports',
  admin: 'may do everything but see personal data, which is granted to a person',
};

export function roleMeaning(role: string): string {
  return MEANINGS[role as Role] ?? '';
}
