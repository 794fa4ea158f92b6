export { actionRequest } from './action-request.js'
