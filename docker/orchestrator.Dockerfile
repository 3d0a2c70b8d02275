# The orchestrator, and the CLI with it. The programs name their interpreter, /usr/local/bin/node, in their first line,
# and come executable: nothing here needs a shell, which an assembled base does not have.
ARG BASE=node:24-slim
FROM ${BASE}
# Creates the folders.
WORKDIR /etc/expanso/orchestrator
WORKDIR /var/lib/expanso/orchestrator
WORKDIR /
COPY orchestrator.mjs /usr/local/bin/expanso-orchestrator
COPY cli.mjs /usr/local/bin/expanso-cli
# Not part of the system: the harness's way to deliver a lost message by hand (docs/proof.md).
COPY nats-publish.mjs /usr/local/bin/nats-publish
# In the container's own file system: who may run commands in it needs no key from outside.
ENV EXPANSO_ORCHESTRATOR_RUN_DIR=/run/expanso
EXPOSE 9010
ENTRYPOINT ["/usr/local/bin/expanso-orchestrator"]
CMD ["run"]
