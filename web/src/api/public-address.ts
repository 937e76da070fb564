import type { components } from './schema'

type SiteSummary = Pick<components['schemas']['SiteSummary'], 'code' | 'primary_domain'>

const onThisMachine = (host: string) => host === 'localhost' || host === '127.0.0.1' || host === '[::1]' || host.endsWith('.localhost')

/** Where the public reads a page: the site's own domain, or <code>.localhost while the platform is tried on one machine. */
export function publicAddress(site: SiteSummary | undefined, url: string, here: Pick<Location, 'protocol' | 'hostname' | 'port'> = location): string {
  if (!site) return url
  if (onThisMachine(here.hostname)) return `${here.protocol}//${site.code}.localhost${here.port ? `:${here.port}` : ''}${url}`
  return site.primary_domain ? `https://${site.primary_domain}${url}` : url
}
