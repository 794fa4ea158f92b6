/** What a key that the person has signs for a Slack user: whoever took their session cannot decide in their name there. */
export interface SlackLinkEndorsement {
  readonly purpose: 'link-slack'
  readonly tenant: string
  readonly principal: string
  readonly team: string
  readonly user: string
}
