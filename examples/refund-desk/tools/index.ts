import type { Tool } from 'exequatur'
import { createJiraTicket } from './create-jira-ticket.js'
import { deleteCustomer } from './delete-customer.js'
import { getInvoice } from './get-invoice.js'
import { pauseSubscription } from './pause-subscription.js'
import { refundInvoice } from './refund-invoice.js'
import { setFeatureFlag } from './set-feature-flag.js'

export const tools: readonly Tool[] = [
  getInvoice,
  refundInvoice,
  pauseSubscription,
  createJiraTicket,
  setFeatureFlag,
  deleteCustomer,
]
