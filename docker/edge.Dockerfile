# An edge. The program names its interpreter, /usr/local/bin/node, in its first line, and comes executable: nothing here
# needs a shell, which an assembled base does not have.
ARG BASE=node:24-slim
FROM ${BASE}
# Creates the folders.
WORKDIR /etc/expanso/edge
WORKDIR /var/lib/expanso/edge
WORKDIR /
COPY edge.mjs /usr/local/bin/expanso-edge
ENTRYPOINT ["/usr/local/bin/expanso-edge"]
CMD ["run"]
