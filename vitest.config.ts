import { defineConfig } from 'vitest/config'

/** What reaches other processes from the test's own, by the environment or by connections that are kept. */
const alone = ['test/{dev,example,conformance}/**/*.test.ts']

const shared = {
  // Far longer than it takes where there is not much else to do: nothing is to fail because a machine is busy.
  testTimeout: 120_000,
  hookTimeout: 300_000,
  expect: { poll: { timeout: 20_000 } },
  pool: 'forks',
  // One more than it is measured on has cores: many wait for processes of their own more than they work.
  maxWorkers: 3,
} as const

export default defineConfig({
  test: {
    globalSetup: ['test/_util/global-setup.ts'],
    projects: [
      {
        test: {
          ...shared,
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: alone,
          // Files share what a worker has loaded: to load it for each anew takes longer than most of them.
          isolate: false,
        },
      },
      { test: { ...shared, name: 'alone', include: alone } },
    ],
  },
})
