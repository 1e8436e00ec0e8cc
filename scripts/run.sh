#!/bin/sh
# Runs a process of the product: sh scripts/run.sh dist/gateway/main.js
#
# Memory is bounded where it costs little (bench/pipeline, embedded, 2 cores): two arenas of malloc, freed at once,
# take 65 MB less than what threads would keep apart. A heap that may grow by 40 % between two collections takes
# 60 MB less than one that doubles, for 13 % more CPU; 50 % lies between. Beside a PostgreSQL of its own the engine's
# memory is not in this process: there the heap may grow by 80 %.
if [ -n "$DATABASE_URL" ]; then
  heap="--max-semi-space-size=32 --heap-growing-percent=80"
else
  heap="--max-semi-space-size=16 --heap-growing-percent=45"
fi
# shellcheck disable=SC2086
NODE_ENV=production MALLOC_ARENA_MAX=2 MALLOC_TRIM_THRESHOLD_=131072 exec node --enable-source-maps $heap "$@"
