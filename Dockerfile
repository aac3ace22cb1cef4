# The worker that holds the Nango key: node lib/worker.js. It listens to nothing; its settings come from the environment.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build
# Temporal's packages are peers, and development needs them too; without the latter they stay, as the lockfile has them.
RUN npm pkg delete devDependencies && npm prune --ignore-scripts --no-audit --no-fund

FROM node:24-bookworm-slim AS worker
# Temporal's client takes its root certificates from the system, for a Temporal that is reached by TLS.
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json package.json
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/lib lib
USER node
HEALTHCHECK --interval=30s --timeout=15s --start-period=60s --retries=3 CMD ["node", "lib/healthcheck.js"]
# Without a shell in between, so that SIGTERM reaches the worker, which then drains.
CMD ["node", "lib/worker.js"]
