package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.server.undertow.Capacity;
import dev.holdfast.testkit.postgres.PostgresDatabases;
import dev.holdfast.testkit.process.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that close their connection before they have the response. */
@Tag("R-44")
class LeavingClientsTest {
  /** The part of a read's own time limit, 30 s, within which it must have been cancelled. */
  private static final Duration CANCEL_MAX = Duration.ofSeconds(20);

  private static final ServerConfig CONFIG = ServerConfig.defaults().port(0);

  @Nested
  class A_read_on_PostgreSQL {
    private final PostgresDatabases databases = PostgresDatabases.shared(18);

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/jobs", "/api/v1/jobs/facets", "/api/v1/stats"})
    void is_cancelled_when_its_client_has_left(String path) throws Exception {
      String address = databases.create();
      try (ServedQueue served = new ServedQueue(address, CONFIG, Capacity.defaults().inside(1));
          Connection looking = DriverManager.getConnection(address)) {
        served.enqueue("{\"type\": \"t\"}");
        makeReadsEndless(looking);
        try (Wire wire = new Wire(served.server.uri())) {
          wire.send(get(path));
          Eventually.is("the read runs", () -> !reads(looking).isEmpty());
        }

        Eventually.is("the read is cancelled", () -> reads(looking).isEmpty());
        assertThat(longest(looking)).isLessThan(CANCEL_MAX);
        Eventually.is(
            "its thread, the only one, is free", () -> served.get("/healthz").status() == 200);
      } finally {
        databases.drop(address);
      }
    }

    /** Puts views in the place of the jobs, in which each row takes a minute. */
    private static void makeReadsEndless(Connection connection) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute("create table seen (read_seconds double precision)");
        for (String jobs : List.of("table holdfast.jobs", "view holdfast.job_rows")) {
          String name = jobs.substring(jobs.indexOf('.') + 1);
          statement.execute("alter %s rename to real_%s".formatted(jobs, name));
          statement.execute(
              "create view holdfast.%s as select * from holdfast.real_%s where pg_sleep(60) is not null"
                  .formatted(name, name));
        }
      }
    }

    /** Returns the running reads, and remembers how long each has run. */
    private static List<String> reads(Connection connection) {
      try (Statement statement = connection.createStatement();
          ResultSet rows =
              statement.executeQuery(
                  """
                  with running as (
                    select query, extract(epoch from clock_timestamp() - query_start) as seconds
                      from pg_stat_activity
                     where datname = current_database() and state = 'active'
                       and pid <> pg_backend_pid() and wait_event = 'PgSleep'),
                  kept as (insert into seen select seconds from running)
                  select query from running
                  """)) {
        List<String> queries = new ArrayList<>();
        while (rows.next()) {
          queries.add(rows.getString(1));
        }
        return queries;
      } catch (SQLException failure) {
        throw new IllegalStateException(failure);
      }
    }

    private static Duration longest(Connection connection) throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("select max(read_seconds) from seen")) {
        row.next();
        return Duration.ofMillis((long) (row.getDouble(1) * 1_000));
      }
    }
  }

  @Nested
  class A_claim_that_waits_for_work {
    @TempDir Path folder;

    /** A client that stays shows that the claim has not ended by itself: it asked earlier. */
    @Test
    void takes_nothing_once_its_client_has_left() throws IOException {
      try (ServedQueue served = new ServedQueue(folder);
          Wire staying = new Wire(served.server.uri())) {
        String worker =
            served
                .post("/api/v1/worker/register", "{\"name\": \"w\", \"types\": [\"t\", \"u\"]}")
                .is(201)
                .text("worker");
        staying.send(claim(worker, "u"));
        Eventually.is("one claim waits", () -> served.server.waiting() == 1);
        try (Wire leaving = new Wire(served.server.uri())) {
          leaving.send(claim(worker, "t"));
          Eventually.is("two claims wait", () -> served.server.waiting() == 2);
        }
        Eventually.is("a claim is over", () -> served.server.waiting() == 1);
        assertThat(staying.hasHeard()).isFalse();

        String id = served.enqueue("{\"type\": \"t\"}");
        served.enqueue("{\"type\": \"u\"}");
        assertThat(staying.reply().orElseThrow().body()).contains("\"u\"");
        assertThat(served.get("/api/v1/jobs/" + id).text("state")).isEqualTo("PENDING");
      }
    }

    private static String claim(String worker, String type) {
      String body =
          "{\"worker\": \"%s\", \"types\": [\"%s\"], \"wait\": \"50s\"}".formatted(worker, type);
      return "POST /api/v1/worker/claim HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
          .formatted(body.length(), body);
    }
  }

  @Nested
  class A_client_that_sends_its_next_request_early {
    @TempDir Path folder;

    @Test
    void gets_both_responses() throws IOException {
      try (ServedQueue served = new ServedQueue(folder);
          Wire wire = new Wire(served.server.uri())) {
        String id = served.enqueue("{\"type\": \"t\"}");
        wire.send(get("/api/v1/jobs/" + id + "?wait=2s"));
        Eventually.is("the request waits", () -> served.server.waiting() == 1);
        wire.send(get("/healthz"));

        assertThat(wire.reply().orElseThrow().body()).contains(id);
        assertThat(wire.reply().orElseThrow().body()).contains("ok");
      }
    }
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  }
}
