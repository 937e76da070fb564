// The names under which answers of the server are remembered. A change forgets by the first word:
// saving an item forgets everything under ["items"].
export const keys = {
  session: ['session'] as const,
  sessions: ['session', 'all'] as const,
  workbench: ['workbench'] as const,
  items: (filter: unknown) => ['items', 'list', filter] as const,
  item: (id: number) => ['items', id] as const,
  versions: (id: number) => ['items', id, 'versions'] as const,
  version: (id: number, number: number) => ['items', id, 'versions', number] as const,
  trail: (id: number) => ['items', id, 'trail'] as const,
  publications: (id: number) => ['items', id, 'publications'] as const,
  flows: (filter: unknown) => ['flows', 'list', filter] as const,
  flow: (id: number) => ['flows', id] as const,
  chains: ['chains'] as const,
  submissions: (filter: unknown) => ['submissions', filter] as const,
  sites: ['sites'] as const,
  site: (id: number) => ['sites', id] as const,
  columns: (site: number) => ['sites', site, 'columns'] as const,
  orgs: ['orgs'] as const,
  users: (filter: unknown) => ['users', 'list', filter] as const,
  user: (id: number) => ['users', id] as const,
  roles: ['roles'] as const,
  audit: (filter: unknown) => ['audit', filter] as const,
}

/** What must be read again after something happened to an item: its own page, every list that shows
 *  its state, the inbox and the counts. */
export const ITEM_CHANGED = [['items'], ['flows'], ['submissions'], ['workbench'], ['sites']] as const
