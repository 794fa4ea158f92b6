import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/_util/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // One more than it is measured on has cores: many wait for processes of their own more than they work.
    maxWorkers: 3,
    // Files share what a worker has loaded: to load it for each anew takes longer than most of them.
    isolate: false,
  },
})
