# syntax=docker/dockerfile:1
ARG NODE=node:24.21.0-bookworm-slim

# The Prisma client is generated where the CLI is; --ignore-scripts, because none of the install scripts serves that.
FROM ${NODE} AS generated
WORKDIR /app
COPY package.json package-lock.json prisma.config.ts ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY prisma prisma
RUN npx prisma generate

# 221 MB. With the optional packages (a bundled ffmpeg and PostgreSQL, both refused in production) and the peers (the
# Prisma CLI and TypeScript, used above only) it would be 700 MB more.
FROM ${NODE} AS modules
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --omit=peer --ignore-scripts --no-audit --no-fund

FROM ${NODE}
RUN apt-get update \
  && apt-get install -y --no-install-recommends ffmpeg fonts-dejavu-core \
  && rm -rf /var/lib/apt/lists/* \
  && install -d -o node -g node /data
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 OFFPRINT_HOME=/data
COPY --from=modules /app/node_modules node_modules
COPY package.json ./
COPY prisma prisma
COPY scripts/migrate.ts scripts/
COPY tasks tasks
COPY src src
COPY --from=generated /app/src/generated src/generated
USER node
EXPOSE 4000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/server.ts"]
