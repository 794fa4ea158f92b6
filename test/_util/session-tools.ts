import { z } from 'zod'
import { declare, smallestRead, smallestWrite } from './contracts.js'

const output = z.strictObject({ text: z.string() })

/** Reads data that must not get out. */
const readCustomer = declare(smallestRead, { name: 'read_customer', reads: ['sensitive'], output })

/** Reads what strangers wrote. */
export const readWeb = declare(smallestRead, { name: 'read_web', reads: ['untrusted'], output })

/** Sends what it is given to somebody outside. */
export const sendMail = declare(smallestWrite, { name: 'send_mail', sends: 'outside', approvers: ['finance'] })

export const sessionTools = [readCustomer, readWeb, sendMail]
