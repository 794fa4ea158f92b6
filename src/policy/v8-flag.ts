import v8 from 'node:v8'

// Node 20 aborts the whole process when an inlined call into Cedar's wasm is deoptimised. Must run before the first call.
v8.setFlagsFromString('--no-turbo-inline-js-wasm-calls')
