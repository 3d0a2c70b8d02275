# What compose builds where an image of a debug stack is not there. It cannot: the images take more than a Dockerfile, and
# `./build-debug.sh` makes them. Without this compose would ask a registry, which has never heard of them; with it
# the error that people get to see has the command in it.
FROM scratch
COPY ["this image is not built yet: run ./build-debug.sh, then compose again", "/"]
