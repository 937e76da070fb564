import { describe, expect, it } from 'vitest'
import { publicAddress } from '../../src/api/public-address'

const site = { code: 'czj', primary_domain: 'czj.example.gov.cn' }

describe('public address of a page', () => {
  it('is on the site’s own domain in service', () => {
    expect(publicAddress(site, '/zcwj/1.html', { protocol: 'https:', hostname: 'www.example.gov.cn', port: '' })).toBe('https://czj.example.gov.cn/zcwj/1.html')
  })
  it('stays on this machine while trying', () => {
    expect(publicAddress(site, '/zcwj/1.html', { protocol: 'http:', hostname: 'localhost', port: '8080' })).toBe('http://czj.localhost:8080/zcwj/1.html')
    expect(publicAddress(site, '/a', { protocol: 'http:', hostname: 'yunling.localhost', port: '' })).toBe('http://czj.localhost/a')
  })
  it('is the path alone when the site is not known', () => {
    expect(publicAddress(undefined, '/a')).toBe('/a')
  })
})
