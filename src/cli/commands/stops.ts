import type { CliCommand } from '../cli-command.js'
import { exitCodes } from '../exit-codes.js'
import type { Run } from '../session.js'
import { renderStops } from '../show-stop.js'
import { type DirectOptions, directCommand, directly, orDirect } from '../stop-order.js'

export function stops(run: Run): CliCommand {
  return directCommand('stops', 'List the stops in force.')
    .example('exq stops --as person:omar')
    .action(
      run(async ({ terminal, output, api }, options: DirectOptions) => {
        const items = options.direct
          ? await directly({ terminal, output }, options, 'tenant', async ({ authorities }, tenant) => {
              const { stopsIn } = await import('../../control-plane/stops.js')
              const authority = await authorities.current(tenant)
              return authority ? stopsIn(authority) : []
            })
          : (await orDirect('stops', () => api(options).listStops())).items
        output.show({ items, next: null }, (page, paint) => renderStops(page.items, paint))
        return exitCodes.ok.code
      }),
    )
}
