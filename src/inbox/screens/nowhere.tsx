import { Link } from '../navigation.js'
import { Heading } from '../parts/heading.js'

export function NowhereScreen() {
  return (
    <>
      <Heading title="There is nothing here" />
      <p>
        <Link to="/inbox">To what waits for you</Link>
      </p>
    </>
  )
}
