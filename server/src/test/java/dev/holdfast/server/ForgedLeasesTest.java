package dev.holdfast.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.JobId;
import dev.holdfast.http.Json;
import dev.holdfast.server.access.Permission;
import dev.holdfast.server.route.Route;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Presents leases that were not issued to every route for workers that takes one. */
@Tag("R-47")
final class ForgedLeasesTest {
  private static final String WORKER = "/api/v1/worker/";
  private static final int COUNT = 10_000;

  /** The body of each route, without the lease. A new route needs a line here. */
  private static final Map<String, String> BODIES =
      Map.ofEntries(
          Map.entry("progress", ", \"percent\": 1"),
          Map.entry("log", ", \"lines\": [{\"message\": \"m\"}]"),
          Map.entry("checkpoint", ", \"name\": \"n\", \"state\": 1"),
          Map.entry("complete", ", \"result\": 7"),
          Map.entry("fail", ", \"failure\": {\"message\": \"m\"}"),
          Map.entry("snooze", ", \"delay\": \"1h\""),
          Map.entry("release", ""),
          Map.entry("step", ", \"name\": \"n\", \"result\": 1"),
          Map.entry("sleep", ", \"name\": \"n\", \"delay\": \"1h\""),
          Map.entry("await-signal", ", \"name\": \"n\", \"timeout\": \"1h\""),
          Map.entry("await-jobs", ", \"name\": \"n\", \"jobs\": [{\"type\": \"part\"}]"));

  /** Tables that change by themselves, or with a heartbeat. */
  private static final Set<String> CHANGING = Set.of("nodes", "samples", "sqlite_sequence");

  @TempDir Path folder;
  private ServedQueue served;
  private String worker;

  @BeforeEach
  void serve() {
    served = new ServedQueue(folder);
    worker =
        served
            .post(WORKER + "register", "{\"name\": \"w\", \"types\": [\"t\"], \"lease\": \"1h\"}")
            .is(201)
            .text("worker");
  }

  @AfterEach
  void close() {
    served.close();
  }

  private JsonNode claimed() {
    served.enqueue("{\"type\": \"t\"}");
    String claim = "{\"worker\": \"%s\", \"limit\": 10}".formatted(worker);
    return served.post(WORKER + "claim", claim).is(200).json().get("jobs").get(0);
  }

  private static String lease(JsonNode job) {
    return job.get("lease").asString();
  }

  @Test
  void are_refused_by_every_route_and_change_nothing() throws IOException, SQLException {
    JsonNode first = claimed();
    String id = first.get("id").asString();
    String release = "{\"lease\": \"%s\"}".formatted(lease(first));
    served.post(WORKER + "jobs/" + id + "/release", release).is(200);
    JsonNode own = claimed();
    assertThat(own.get("id").asString()).isEqualTo(id);
    List<String> routes = routes();
    ForgedLeases forged =
        new ForgedLeases(id, lease(own), List.of(lease(claimed()), lease(claimed())));
    Map<String, List<String>> before = rows();

    List<String> wellFormed = new ArrayList<>();
    Map<Integer, Integer> answers = new LinkedHashMap<>();
    try (Wire wire = new Wire(served.server.uri())) {
      for (int i = 0; i < COUNT; i++) {
        String lease = forged.next();
        Wire.Reply reply = send(wire, routes.get(i % routes.size()), id, lease);
        assertThat(reply.status()).as(lease + ": " + reply.body()).isIn(400, 409);
        assertThat(reply.isProblem()).as(reply.head()).isTrue();
        answers.merge(reply.status(), 1, Integer::sum);
        if (reply.status() == 409) {
          assertThat(reply.body()).contains("\"stale-lease\"");
          wellFormed.add(lease);
        }
      }
    }
    assertThat(answers.get(409)).isGreaterThan(COUNT / 4);
    assertThat(answers.get(400)).isGreaterThan(COUNT / 8);
    presentInLists(id, wellFormed.stream().distinct().toList());

    Map<String, List<String>> after = rows();
    before.forEach((table, rows) -> assertThat(after.get(table)).as(table).isEqualTo(rows));
    served.post(WORKER + "jobs/" + id + "/complete", body("complete", lease(own))).is(200);
    assertThat(served.holdfast.find(JobId.parse(id)).orElseThrow().result()).contains("7");
  }

  /** Returns the last words of the routes that take a lease, from the server's own table. */
  private List<String> routes() {
    List<String> routes = new ArrayList<>();
    Set<String> others = Set.of("register", "claim", "heartbeat", "leave");
    for (Route route : served.server.routes()) {
      String word = route.path().replaceFirst(".*/", "");
      if (route.permission().orElseThrow() == Permission.WORK && !others.contains(word)) {
        assertThat(route.path()).isEqualTo(WORKER + "jobs/{id}/" + word);
        routes.add(word);
      }
    }
    assertThat(routes).containsExactlyInAnyOrderElementsOf(BODIES.keySet());
    return routes;
  }

  private static String body(String route, String lease) {
    return "{\"lease\": %s%s}".formatted(Json.write(lease), requireNonNull(BODIES.get(route)));
  }

  /** Sends over one connection, without the checks of the API's description, which take long. */
  private static Wire.Reply send(Wire wire, String route, String job, String lease)
      throws IOException {
    byte[] body = body(route, lease).getBytes(UTF_8);
    String head =
        "POST %sjobs/%s/%s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(WORKER, job, route, body.length);
    wire.send(concat(head.getBytes(US_ASCII), body));
    return wire.reply().orElseThrow();
  }

  private static byte[] concat(byte[] head, byte[] body) {
    byte[] all = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    return all;
  }

  /** Claims and heartbeats take lists of leases; those that do not hold are named. */
  private void presentInLists(String id, List<String> forged) {
    for (int from = 0; from < forged.size(); from += 1_000) {
      List<String> part = forged.subList(from, Math.min(forged.size(), from + 1_000));
      String ends =
          part.stream()
              .map(
                  lease ->
                      "{\"id\": \"%s\", \"how\": \"complete\", \"lease\": \"%s\"}"
                          .formatted(id, lease))
              .collect(Collectors.joining(","));
      JsonNode claim =
          served
              .post(
                  WORKER + "claim",
                  "{\"worker\": \"%s\", \"limit\": 0, \"ends\": [%s]}".formatted(worker, ends))
              .is(200)
              .json();
      assertThat(claim.get("stale").toString()).isEqualTo("[\"" + id + "\"]");
      String listed =
          part.stream()
              .map(lease -> "{\"id\": \"%s\", \"lease\": \"%s\"}".formatted(id, lease))
              .collect(Collectors.joining(","));
      JsonNode beat =
          served
              .post(
                  WORKER + "heartbeat",
                  "{\"worker\": \"%s\", \"jobs\": [%s]}".formatted(worker, listed))
              .is(200)
              .json();
      assertThat(beat.get("revoked")).hasSize(part.size());
    }
  }

  private Map<String, List<String>> rows() throws SQLException {
    Map<String, List<String>> rows = new LinkedHashMap<>();
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + ServedQueue.file(folder));
        Statement sql = connection.createStatement()) {
      for (List<String> table :
          read(sql, "select name from sqlite_master where type = 'table' order by name")) {
        String name = table.get(0);
        if (!CHANGING.contains(name)) {
          rows.put(
              name,
              read(sql, "select * from " + name).stream().map(List::toString).sorted().toList());
        }
      }
    }
    return rows;
  }

  private static List<List<String>> read(Statement sql, String query) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    try (ResultSet row = sql.executeQuery(query)) {
      while (row.next()) {
        List<String> values = new ArrayList<>();
        for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
          values.add(String.valueOf(row.getString(column)));
        }
        rows.add(values);
      }
    }
    return rows;
  }
}
