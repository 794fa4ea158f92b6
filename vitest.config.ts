import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What brings up whole stacks is begun first: begun last, it would be waited for alone. */
class StacksFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const bringsUp = ({ moduleId }: TestSpecification) =>
      /\/test\/(workflow\/|campaign\/crash\.|example\/(demo|policies-page)\.|conformance\/verify\.)/.test(moduleId)
    const sorted = await super.sort(files)
    return [...sorted.filter(bringsUp), ...sorted.filter((file) => !bringsUp(file))]
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/_util/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // One more than cores: who has a stack mostly waits.
    maxWorkers: 3,
    sequence: { sequencer: StacksFirst },
  },
})
