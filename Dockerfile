# One image for every process: `exequatur server`, `executor`, `migrate`, `server-key create`. The example's tools and policies
# are in it; a deployment of your own copies its configuration in their place.
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY examples/refund-desk/package.json examples/refund-desk/
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json vite.config.ts ./
COPY src src
COPY workflows workflows
COPY activities activities
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:20-bookworm-slim
# Temporal's client trusts the certificates of the system, and this base has none.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
COPY bin bin
COPY policies policies
COPY src/ledger/migrations src/ledger/migrations
COPY examples/refund-desk examples/refund-desk
# An empty volume takes over the owner of the folder it is mounted on.
RUN ln -s /app/bin/exequatur.mjs /usr/local/bin/exequatur \
  && ln -s /app/bin/exequatur.mjs /usr/local/bin/exq \
  && install -d -o node -g node -m 0700 /keys /public-keys
USER node
ENTRYPOINT ["exequatur"]
