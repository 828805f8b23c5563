/** Gathers what a scan finds: how often, and on which records first. Knows no record and no model. */

/** One thing that is wrong with some records. */
export interface Finding {
  readonly entity: string
  readonly field: string | null
  /** The validation or unique rule that is broken. */
  readonly rule: string | null
  readonly code: string
  readonly message: string
  readonly count: number
  readonly ids: readonly string[]
}

/** Values of a field that change their type. */
export interface Conversion {
  readonly entity: string
  readonly field: string
  readonly from: string
  readonly to: string
  readonly values: number
  readonly lost: number
  /** Records whose values are lost. */
  readonly ids: readonly string[]
}

/** Values of a copying field that are made anew. */
export interface Recopied {
  readonly entity: string
  readonly field: string
  readonly values: number
  /** Those of them that are not what the field would copy today: somebody wrote over the copy, or its source has changed since. */
  readonly written_over: number
  /** Records of the latter. */
  readonly ids: readonly string[]
}

/** Records shown of each finding. */
const SAMPLES = 5

type Open<T> = { -readonly [K in keyof T]: T[K] } & { ids: string[] }

export class Findings {
  private readonly found = new Map<string, Open<Finding>>()
  private readonly converted = new Map<string, Open<Conversion>>()
  private readonly recopied = new Map<string, Open<Recopied>>()

  note(finding: Omit<Finding, 'count' | 'ids'>, id: string): void {
    const name = JSON.stringify([finding.entity, finding.field, finding.rule, finding.code])
    const known = this.found.get(name) ?? { ...finding, count: 0, ids: [] }
    known.count += 1
    if (known.ids.length < SAMPLES) known.ids.push(id)
    this.found.set(name, known)
  }

  noteConversion(conversion: Omit<Conversion, 'values' | 'lost' | 'ids'>, id: string, lost: boolean): void {
    const name = `${conversion.entity}.${conversion.field}`
    const known = this.converted.get(name) ?? { ...conversion, values: 0, lost: 0, ids: [] }
    known.values += 1
    if (lost) {
      known.lost += 1
      if (known.ids.length < SAMPLES) known.ids.push(id)
    }
    this.converted.set(name, known)
  }

  noteCopy(copy: Pick<Recopied, 'entity' | 'field'>, id: string, writtenOver: boolean): void {
    const name = `${copy.entity}.${copy.field}`
    const known = this.recopied.get(name) ?? { ...copy, values: 0, written_over: 0, ids: [] }
    known.values += 1
    if (writtenOver) {
      known.written_over += 1
      if (known.ids.length < SAMPLES) known.ids.push(id)
    }
    this.recopied.set(name, known)
  }

  all(): Finding[] {
    return [...this.found.values()]
  }

  conversions(): Conversion[] {
    return [...this.converted.values()]
  }

  copies(): Recopied[] {
    return [...this.recopied.values()]
  }
}
