# The orchestrator, and the CLI with it. The programs name their interpreter, /usr/local/bin/node, in their first line,
# or are some for Linux as they are, and come executable: nothing here needs a shell, which an assembled base does not
# have.
ARG BASE=node:24-slim
FROM ${BASE}
# The programs: this repository's own, or those of somebody's build (`repro images --system expanso`).
ARG ORCHESTRATOR=orchestrator.mjs
ARG CLI=cli.mjs
# Creates the folders.
WORKDIR /etc/expanso/orchestrator
WORKDIR /var/lib/expanso/orchestrator
WORKDIR /
COPY ${ORCHESTRATOR} /usr/local/bin/expanso-orchestrator
COPY ${CLI} /usr/local/bin/expanso-cli
# Not part of the system: the harness's way to deliver a lost message by hand (docs/proof.md).
COPY nats-publish.mjs /usr/local/bin/nats-publish
EXPOSE 9010
ENTRYPOINT ["/usr/local/bin/expanso-orchestrator"]
CMD ["run"]
