export { actionRequest } from './action-request.js'
export { reconcile, reconcileEffects } from './reconcile.js'
