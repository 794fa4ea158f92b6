import { useNavigation } from './navigation.js'
import { AgentsScreen } from './screens/agents.js'
import { ApprovalScreen } from './screens/approval.js'
import { AttentionCaseScreen } from './screens/attention-case.js'
import { AttentionListScreen } from './screens/attention-list.js'
import { DecidedScreen } from './screens/decided.js'
import { LinkSlackScreen } from './screens/link-slack.js'
import { NowhereScreen } from './screens/nowhere.js'
import { PasskeysScreen } from './screens/passkeys.js'
import { ReviewsScreen } from './screens/reviews.js'
import { SignedInScreen } from './screens/signed-in.js'
import { WaitingScreen } from './screens/waiting.js'

/** What the address names. */
export function Screen() {
  const { place } = useNavigation()
  switch (place.screen) {
    case 'waiting':
      return <WaitingScreen />
    case 'approval':
      return <ApprovalScreen id={place.id} />
    case 'decided':
      return <DecidedScreen />
    case 'attention':
      return <AttentionListScreen />
    case 'attention-case':
      return <AttentionCaseScreen id={place.id} />
    case 'reviews':
      return <ReviewsScreen />
    case 'agents':
      return <AgentsScreen />
    case 'passkeys':
      return <PasskeysScreen />
    case 'link-slack':
      return <LinkSlackScreen />
    case 'sign-in':
      return <SignedInScreen />
    case 'nowhere':
      return <NowhereScreen />
  }
}
