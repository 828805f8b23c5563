/** The guards: what comes too fast, what comes twice, and what comes when too many wait. */
export { ANY_CROWD, CROWD_LIMITS, CrowdGuard, type CrowdLimits } from './crowd.ts'
export { fingerprintOf, forgetOldKeys, type IdempotentRequest, type KeptAnswer, once, type RepeatedAnswer } from './idempotency.ts'
export { RATE_LIMITS, RateGuard, type RateLimits, UNLIMITED } from './rate.ts'
