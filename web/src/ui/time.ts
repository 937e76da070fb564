// Times as people here read them: Beijing time, however the computer's clock is set.
const PARTS = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})

function parts(time: string | number | Date) {
  const out: Record<string, string> = {}
  for (const p of PARTS.formatToParts(new Date(time))) out[p.type] = p.value
  return out as { year: string; month: string; day: string; hour: string; minute: string; second: string }
}

const isTime = (time: string | undefined | null): time is string => !!time && !Number.isNaN(Date.parse(time))

/** 2026-11-22 09:30 */
export function minuteOf(time: string | undefined | null): string {
  if (!isTime(time)) return ''
  const p = parts(time)
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}`
}

/** 2026-11-22 09:30:05 */
export function secondOf(time: string | undefined | null): string {
  return isTime(time) ? `${minuteOf(time)}:${parts(time).second}` : ''
}

/** 2026-11-22 */
export function dayOf(time: string | undefined | null): string {
  return isTime(time) ? minuteOf(time).slice(0, 10) : ''
}

/** 11-22 09:30 within this year, the whole day otherwise. */
export function shortOf(time: string | undefined | null, now = Date.now()): string {
  if (!isTime(time)) return ''
  const text = minuteOf(time)
  return text.startsWith(parts(now).year) ? text.slice(5) : text.slice(0, 10)
}

/** 还剩 3 小时（11-24 18:00）, 已超 2 天（…）. */
export function dueText(time: string | undefined | null, now = Date.now()): string {
  if (!isTime(time)) return ''
  const minutes = Math.round((Date.parse(time) - now) / 60_000)
  return `${minutes >= 0 ? '还剩' : '已超'} ${span(Math.abs(minutes))}（${shortOf(time, now)}）`
}

function span(minutes: number): string {
  if (minutes < 60) return `${minutes} 分钟`
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} 小时`
  return `${Math.floor(minutes / 1440)} 天`
}

export type Bucket = 'overdue' | 'today' | 'week' | 'later'

/** Where a to-do stands: 已超期, 今天到期, 本周, 其他. */
export function bucketOf(due: string | undefined | null, overdue = false, now = Date.now()): Bucket {
  if (overdue) return 'overdue'
  if (!isTime(due)) return 'later'
  if (Date.parse(due) < now) return 'overdue'
  const today = dayOf(new Date(now).toISOString())
  if (dayOf(due) === today) return 'today'
  return Date.parse(due) - now < 7 * 86_400_000 ? 'week' : 'later'
}

export function sizeText(bytes: number | undefined): string {
  if (bytes === undefined) return ''
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(0)} KB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}
