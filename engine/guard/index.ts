/** The guards: what comes too fast, and what comes twice. */
export { fingerprintOf, forgetOldKeys, type IdempotentRequest, type KeptAnswer, once, type RepeatedAnswer } from './idempotency.ts'
export { RATE_LIMITS, RateGuard, type RateLimits, UNLIMITED } from './rate.ts'
