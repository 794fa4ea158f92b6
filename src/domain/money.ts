/** Money: whole hundredths, and a currency as `usd`. */
export interface Money {
  readonly cents: number
  readonly currency: string
}

const signs: ReadonlyMap<string, string> = new Map([
  ['usd', '$'],
  ['eur', '€'],
  ['gbp', '£'],
])

/** `$1,234.50`, or `1,234.50 CHF`; for people. */
export function tellMoney({ cents, currency }: Money): string {
  const hundredths = Math.abs(cents)
  const whole = String(Math.floor(hundredths / 100)).replace(/\B(?=(\d{3})+$)/g, ',')
  const amount = `${whole}.${String(hundredths % 100).padStart(2, '0')}`
  const sign = signs.get(currency)
  const minus = cents < 0 ? '-' : ''
  return sign ? `${minus}${sign}${amount}` : `${minus}${amount} ${currency.toUpperCase()}`
}

/** All of them together; null where there are none, more than one currency, or more than can be counted exactly. */
export function sumOf(amounts: readonly Money[]): Money | null {
  const [first] = amounts
  if (!first || amounts.some(({ currency }) => currency !== first.currency)) return null
  const cents = amounts.reduce((sum, amount) => sum + amount.cents, 0)
  return Number.isSafeInteger(cents) ? { cents, currency: first.currency } : null
}
