# gt, bd and what agents need, for a town in a volume at /gt. docs/guide/docker.md says how to use it.

FROM node:26-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund && npm cache clean --force
COPY . .
# The image has Node itself: the program that the dependencies bring is not needed.
RUN node scripts/build.mjs && npm prune --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/node-linux-* node_modules/node-darwin-* node_modules/node-bin-*

FROM node:26-bookworm-slim
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates gh git openssh-client procps tini tmux \
  && rm -rf /var/lib/apt/lists/*
# Runtimes to install, for example @anthropic-ai/claude-code; none is needed for plain commands (--agent script).
ARG AGENT=""
# hadolint ignore=DL3016
RUN if [ -n "$AGENT" ]; then npm install -g --no-audit --no-fund "$AGENT" && npm cache clean --force; fi
RUN groupmod -n agent node && usermod -l agent -d /home/agent -m node \
  && mkdir /gt && chown agent:agent /gt
COPY --from=build /build/package.json /opt/gastown/
COPY --from=build /build/bin /opt/gastown/bin
COPY --from=build /build/dist /opt/gastown/dist
COPY --from=build /build/node_modules /opt/gastown/node_modules
COPY --from=build /build/formulas /opt/gastown/formulas
COPY --from=build /build/templates /opt/gastown/templates
COPY docker/entrypoint.sh docker/healthcheck.sh /opt/gastown/docker/
RUN ln -s /opt/gastown/bin/gt /opt/gastown/bin/bd /usr/local/bin/
# The user agent, by number: a host can tell that it is not root.
USER 1000:1000
WORKDIR /gt
ENV IS_SANDBOX=1
VOLUME ["/gt", "/home/agent"]
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["/opt/gastown/docker/healthcheck.sh"]
ENTRYPOINT ["tini", "--", "/opt/gastown/docker/entrypoint.sh"]
