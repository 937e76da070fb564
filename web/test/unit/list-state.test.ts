import { describe, expect, it } from 'vitest'
import { ITEM_CHANGED, keys } from '../../src/api/keys'
import { filterFromQuery, queryFromFilter } from '../../src/ui/list-state'

const defaults = { q: '', site: 0, mine: false, sort: 'updated_newest', page: 1, size: 20 }

describe('filters in the address', () => {
  it('leave out what is as always', () => {
    expect(queryFromFilter({ ...defaults, q: '预算', mine: true, page: 3 }, defaults)).toEqual({ q: '预算', mine: '1', page: '3' })
  })

  it('come back as they were', () => {
    const filter = { ...defaults, q: '预算', site: 7, mine: true, page: 2 }
    expect(filterFromQuery(defaults, queryFromFilter(filter, defaults))).toEqual(filter)
  })

  it('survive nonsense that somebody typed', () => {
    expect(filterFromQuery(defaults, { page: 'abc', site: ['4', '5'], other: 'x', mine: 'yes' })).toEqual({ ...defaults, site: 4 })
  })
})

describe('keys of what is remembered', () => {
  it('a change to an item forgets the item, its lists, its versions and its publications', () => {
    const forgotten = (key: readonly unknown[]) => ITEM_CHANGED.some((prefix) => prefix.every((part, i) => part === key[i]))
    for (const key of [keys.item(5), keys.items({}), keys.versions(5), keys.publications(5), keys.trail(5), keys.flows({}), keys.workbench, keys.columns(1)])
      expect(forgotten(key), key.join('/')).toBe(true)
    expect(forgotten(keys.orgs)).toBe(false)
    expect(forgotten(keys.session)).toBe(false)
  })

  it('lists and single things never share a key', () => {
    expect(keys.items({ page: 1 })).not.toEqual(keys.items({ page: 2 }))
    expect(keys.item(1).join()).not.toBe(keys.items(1).join())
  })
})
