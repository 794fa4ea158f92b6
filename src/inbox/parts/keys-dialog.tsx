import { useState } from 'preact/hooks'
import { Dialog } from './dialog.js'
import { keysAreOn, turnKeys } from './keys-setting.js'

/** Every key there is; docs/APPROVERS.md has the same list. */
const keyList: readonly { readonly key: string; readonly does: string }[] = [
  { key: 'j', does: 'the next one in a list' },
  { key: 'k', does: 'the one before' },
  { key: 'Enter', does: 'open it' },
  { key: 'x', does: 'select it, to reject several at once' },
  { key: '/', does: 'filter the list' },
  { key: 'a', does: 'approve what is open: asks you to confirm' },
  { key: 'r', does: 'reject what is open or selected: asks you for the reason' },
  { key: 'u', does: 'back to the list' },
  { key: '?', does: 'these keys' },
]

export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  const [on, setOn] = useState(keysAreOn)
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl class="keys">
        {keyList.map(({ key, does }) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p>No key decides by itself: it opens a question, and Enter on its button decides, pressed anew.</p>
      <label class="tick">
        <input
          type="checkbox"
          checked={on}
          onChange={({ currentTarget }) => {
            turnKeys(currentTarget.checked)
            setOn(currentTarget.checked)
          }}
        />
        Single keys do something
      </label>
      <div class="actions">
        <button type="button" data-first onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  )
}
