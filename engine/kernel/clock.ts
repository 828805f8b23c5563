/** The engine's clock. Stations never read it: the time of a request is taken once and travels in its context. */

/** Gives the current instant; tests may hand in another. */
export interface Clock {
  now(): Date
}

/** The clock of the machine. */
export const systemClock: Clock = { now: () => new Date() }
