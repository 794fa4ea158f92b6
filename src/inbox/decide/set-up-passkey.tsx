import { NewPasskey } from './new-passkey.js'

/** For whoever has no passkey yet and needs one. */
export function SetUpPasskey({ onDone }: { readonly onDone: () => Promise<void> }) {
  return (
    <div class="note">
      <p>
        <strong>This needs a passkey, and you have none here yet.</strong> A passkey is a key that stays on your device.
        It signs exactly what you see, so that no other user can approve in your name.
      </p>
      <NewPasskey first onDone={onDone} />
    </div>
  )
}
