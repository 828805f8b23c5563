import { expect, test } from 'vitest'
import { generateDemo } from '../../seeds/sales/demo/generate-demo.ts'
import { generateOther } from '../../seeds/sales/demo/generate-other.ts'
import { demoLogins, today } from './demo-tenants.ts'

test('the start names exactly the people that the demo data lets sign in', () => {
  const made = [generateDemo({ anchor: today() }), generateOther({ anchor: today() })]
  const expected = made.flatMap(({ tenant, users }) =>
    users.filter(user => user.signs_in).map(({ email, roles }) => ({ tenant: tenant.key, email, roles })),
  )
  expect(demoLogins()).toEqual(expected)
  expect(expected).toHaveLength(11)
})
