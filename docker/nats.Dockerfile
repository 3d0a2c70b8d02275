# The broker. On the public `nats` image or on one assembled from an installed nats-server: both have /nats-server.
ARG BASE=nats:2
FROM ${BASE}
# The public image has no /tmp, and people `docker cp` into one. (There is no shell here to `RUN mkdir`.)
WORKDIR /tmp
WORKDIR /
COPY nats.conf /etc/nats/nats.conf
COPY auth.conf /etc/nats/auth/auth.conf
EXPOSE 4222 8222
# -D and -V: the protocol trace, with microseconds. A PUB on a subject and no MSG after it is the broker's own witness
# of a lost message; its totals cannot tell one message from another.
ENTRYPOINT ["/nats-server", "-c", "/etc/nats/nats.conf", "-DV"]
CMD []
