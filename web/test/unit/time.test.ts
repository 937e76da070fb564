import { describe, expect, it } from 'vitest'
import { bucketOf, dayOf, dueText, minuteOf, shortOf, sizeText } from '../../src/ui/time'

const now = Date.parse('2026-11-22T09:00:00+08:00')

describe('times', () => {
  it('are shown in Beijing time wherever the reader sits', () => {
    expect(minuteOf('2026-11-22T16:30:00Z')).toBe('2026-11-23 00:30')
    expect(dayOf('2026-12-31T16:00:00Z')).toBe('2027-01-01')
    expect(minuteOf(undefined)).toBe('')
    expect(minuteOf('nonsense')).toBe('')
  })

  it('leave out the year when it is this one', () => {
    expect(shortOf('2026-11-20T10:00:00+08:00', now)).toBe('11-20 10:00')
    expect(shortOf('2025-11-20T10:00:00+08:00', now)).toBe('2025-11-20')
  })

  it('say how long is left, or how long it is over', () => {
    expect(dueText('2026-11-22T12:00:00+08:00', now)).toBe('还剩 3 小时（11-22 12:00）')
    expect(dueText('2026-11-19T09:00:00+08:00', now)).toBe('已超 3 天（11-19 09:00）')
  })

  it('sort to-dos by when they are due', () => {
    expect(bucketOf('2026-11-22T23:59:00+08:00', false, now)).toBe('today')
    expect(bucketOf('2026-11-22T08:00:00+08:00', false, now)).toBe('overdue')
    expect(bucketOf('2026-11-25T08:00:00+08:00', false, now)).toBe('week')
    expect(bucketOf(undefined, false, now)).toBe('later')
  })

  it('sizes are readable', () => {
    expect([sizeText(12), sizeText(20480), sizeText(5_400_000)]).toEqual(['12 B', '20 KB', '5.1 MB'])
  })
})
