# An edge of somebody else's, as it is: docker-compose.yml runs the same one by its own name.
ARG BASE=ghcr.io/expanso-io/expanso-edge:nightly
FROM ${BASE}
