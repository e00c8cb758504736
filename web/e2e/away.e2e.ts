/** A doctor is away: set on their account page, shown in the patient's open chat, and gone again. */
import {
  chatOf,
  composer,
  desktop,
  expect,
  expectAccessible,
  phone,
  picture,
  signIn,
  test,
  visits,
} from './clinic.ts'
import { withShortTokens } from './short-tokens.ts'

/** Four days on, at nine, as the doctor's browser writes it. */
const backOn = () => `${new Date(Date.now() + 4 * 86_400_000).toISOString().slice(0, 10)}T09:00`

for (const [name, patientOn, doctorOn] of [
  ['phone', phone, desktop],
  ['desktop', desktop, phone],
] as const) {
  test(`E45 a doctor is away and back again, and the patient's open chat follows: on a ${name}`, async ({
    stranger,
  }) => {
    const patient = await stranger({ ...patientOn, ...withShortTokens })
    await signIn(patient, 'henry')
    await patient.goto(chatOf(visits.henry))
    await expect(composer(patient)).toBeVisible()
    const notice = patient.locator('.bs-away')
    await expect(notice).toBeEmpty()
    await patient.evaluate(() => Object.assign(window, { isSamePage: true }))

    const doctor = await stranger({ ...doctorOn, ...withShortTokens })
    await signIn(doctor, 'ines')
    await doctor.goto('/account')
    const set = doctor.getByRole('button', { name: 'Set out of office' })
    await set.click()
    await expect(doctor.getByText('Enter the day and the time when you are back.')).toBeVisible()
    await picture(doctor, `away-problem-beside-${name}`)
    await doctor.getByLabel('Back on').fill(backOn())
    await doctor.getByLabel('Note for your patients').fill('At a congress. أعود قريبًا.')
    await expectAccessible(doctor)
    await set.click()
    await expect(doctor.getByText(/^You are away\. Back on .*9:00/)).toBeVisible()
    await expectAccessible(doctor)
    await picture(doctor, `away-set-beside-${name}`)

    await expect(notice).toContainText('Dr. Inés Castellano')
    await expect(notice).toContainText('At a congress.')
    await expect(notice.getByRole('link', { name: /Call the clinic/ })).toBeVisible()
    // There is still room to write.
    await expect(composer(patient)).toBeInViewport({ ratio: 1 })
    await expectAccessible(patient)
    await picture(patient, `away-${name}`)
    // Folded where there is little room.
    await notice.locator('summary').click()
    await expect(notice.getByText('At a congress.')).toBeHidden()

    await doctor.reload()
    await doctor.getByRole('button', { name: 'Clear out of office' }).click()
    await expect(doctor.getByText('Your patients no longer see it', { exact: false })).toBeVisible()
    await expect(notice).toBeEmpty()
    expect(await patient.evaluate(() => 'isSamePage' in window)).toBe(true)
  })
}
