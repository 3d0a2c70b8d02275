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
EXPOSE 9010
ENTRYPOINT ["/usr/local/bin/expanso-orchestrator"]
CMD ["run"]
