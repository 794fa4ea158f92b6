// Only syntax and calls that the oldest Node that runs modules knows: this must speak there, not fail.
const [major, minor] = process.versions.node.split('.').map(Number)

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Exequatur needs Node 20.19 or later; this is ${process.version}. See https://nodejs.org`)
  process.exit(1)
}
