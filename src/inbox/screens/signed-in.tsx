import { useState } from 'preact/hooks'
import { takeCode } from '../fragment.js'
import { Link } from '../navigation.js'
import { Heading } from '../parts/heading.js'
import { useSession } from '../session.js'

/** A link to sign in, opened by somebody who is signed in: it is not used up. */
export function SignedInScreen() {
  const { me } = useSession()
  useState(takeCode)
  return (
    <>
      <Heading title={`You are signed in as ${me.name}`} />
      <p>To sign in as somebody else, sign out first, then open the link again.</p>
      <p>
        <Link to="/inbox">To what waits for you</Link>
      </p>
    </>
  )
}
