#!/usr/bin/env bash
# Starts what the tests of real engines need, on loopback, without containers:
#   PostgreSQL from Debian's packages, Neo4j Community from Maven Central.
# `start` prints the environment to export; `stop` ends both. Both keep their files in .cache/services.
set -euo pipefail
cd "$(dirname "$0")/.."
home="$PWD/.cache/services"
pg_port="${TEST_PG_PORT:-55432}"
neo4j_port="${TEST_NEO4J_PORT:-57687}"
neo4j_version=5.26.17
pg_bin="$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)"

as_postgres() { # initdb refuses root
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

start_postgres() {
  [ -n "$pg_bin" ] || { echo "PostgreSQL is not installed (Debian: postgresql)" >&2; exit 1; }
  # Below /tmp, as the account that may not be root must be able to enter the folder.
  pg_home="/tmp/selfsame-postgres-$pg_port"
  if ! as_postgres "$pg_bin/pg_ctl" -D "$pg_home" status >/dev/null 2>&1; then
    rm -rf "$pg_home"
    as_postgres "$pg_bin/initdb" -D "$pg_home" -U selfsame --auth=trust -E UTF8 \
      --locale-provider=icu --icu-locale=en-US >/dev/null
    as_postgres "$pg_bin/pg_ctl" -D "$pg_home" -w -l "$pg_home/log" \
      -o "-p $pg_port -c listen_addresses=127.0.0.1 -c unix_socket_directories=/tmp -c max_connections=200" start >/dev/null
  fi
}

fetch_neo4j() {
  local lib="$home/neo4j-lib"
  [ -e "$lib/.complete" ] && return
  command -v mvn >/dev/null || { echo "Maven is not installed (Debian: maven)" >&2; exit 1; }
  mkdir -p "$home/neo4j-fetch" "$lib"
  cat > "$home/neo4j-fetch/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>selfsame</groupId><artifactId>test-services</artifactId><version>1</version>
<dependencies><dependency><groupId>org.neo4j</groupId><artifactId>neo4j</artifactId>
<version>$neo4j_version</version></dependency></dependencies></project>
POM
  mvn -q -B -f "$home/neo4j-fetch/pom.xml" dependency:copy-dependencies -DoutputDirectory="$lib" >&2
  touch "$lib/.complete"
}

neo4j_answers() { (exec 3<>"/dev/tcp/127.0.0.1/$neo4j_port") 2>/dev/null; }

start_neo4j() {
  neo4j_answers && return
  fetch_neo4j
  local run="$home/neo4j"
  mkdir -p "$run/conf" "$run/data" "$run/logs"
  cat > "$run/conf/neo4j.conf" <<CONF
server.bolt.listen_address=127.0.0.1:$neo4j_port
server.bolt.advertised_address=127.0.0.1:$neo4j_port
server.http.enabled=false
dbms.usage_report.enabled=false
dbms.security.auth_enabled=false
server.directories.data=$run/data
server.directories.logs=$run/logs
server.memory.pagecache.size=256m
CONF
  setsid nohup java -Xms256m -Xmx1g --add-opens=java.base/java.nio=ALL-UNNAMED \
    --add-opens=java.base/java.io=ALL-UNNAMED --add-opens=java.base/sun.nio.ch=ALL-UNNAMED \
    -cp "$home/neo4j-lib/*" org.neo4j.server.CommunityEntryPoint \
    --home-dir="$run" --config-dir="$run/conf" </dev/null >"$run/out.log" 2>&1 &
  echo $! > "$run/pid"
  for _ in $(seq 1 90); do neo4j_answers && return; sleep 1; done
  echo "Neo4j did not start:" >&2; tail -n 20 "$run/out.log" >&2; exit 1
}

case "${1:-}" in
  start)
    start_postgres
    start_neo4j
    echo "export TEST_DATABASE_URL=postgres://selfsame@127.0.0.1:$pg_port/postgres"
    echo "export TEST_NEO4J_URI=bolt://127.0.0.1:$neo4j_port"
    ;;
  stop)
    [ -f "$home/neo4j/pid" ] && kill "$(cat "$home/neo4j/pid")" 2>/dev/null || true
    [ -n "$pg_bin" ] && as_postgres "$pg_bin/pg_ctl" -D "/tmp/selfsame-postgres-$pg_port" -m fast stop >/dev/null 2>&1 || true
    ;;
  *)
    echo "usage: scripts/test-services.sh start|stop" >&2
    exit 2
    ;;
esac
