/** A length of time in the largest units that say something: `0.4 s`, `12 s`, `3 min 20 s`, `5 h`, `3 d`. */
export function tellDuration(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000
  if (seconds < 10) return `${Math.floor(seconds * 10) / 10} s`
  if (seconds < 120) return `${Math.floor(seconds)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 10) return `${minutes} min ${Math.floor(seconds % 60)} s`
  if (minutes < 120) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`
}
