# An edge. The program names its interpreter, /usr/local/bin/node, in its first line, or is one for Linux as it is, and
# comes executable: nothing here needs a shell, which an assembled base does not have.
ARG BASE=node:24-slim
FROM ${BASE}
# The program: this repository's own, or one of somebody's build (`repro images --system expanso`).
ARG EDGE=edge.mjs
# Creates the folders.
WORKDIR /etc/expanso/edge
WORKDIR /var/lib/expanso/edge
WORKDIR /
COPY ${EDGE} /usr/local/bin/expanso-edge
ENTRYPOINT ["/usr/local/bin/expanso-edge"]
CMD ["run"]
