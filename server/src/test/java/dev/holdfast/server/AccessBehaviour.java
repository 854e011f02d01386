package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.InvalidRequestException;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.Scope;
import dev.holdfast.server.ServedQueue.Reply;
import dev.holdfast.server.access.Permission;
import dev.holdfast.server.access.TokenSecret;
import dev.holdfast.server.access.Tokens;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Method;
import dev.holdfast.server.route.Reach;
import dev.holdfast.server.route.Route;
import dev.holdfast.server.route.RouteTable;
import dev.holdfast.server.undertow.Capacity;
import dev.holdfast.spi.AuditRecord;
import dev.holdfast.spi.Role;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who may do what with a served queue, whatever database it is in. */
@Tag("R-47")
abstract class AccessBehaviour {
  private String address;

  /** The address of an empty queue. */
  abstract String address();

  @BeforeEach
  void choose() {
    address = address();
  }

  private ServedQueue serve() {
    return serve(ServerConfig.defaults().port(0));
  }

  private ServedQueue serve(ServerConfig config) {
    return new ServedQueue(address, config, Capacity.defaults());
  }

  /** Every route for every identity; new routes and roles come in by themselves. */
  @Nested
  class The_whole_matrix {
    @Test
    void answers_those_who_may_and_nobody_else() {
      try (ServedQueue served = serve()) {
        Map<String, Optional<String>> identities = identities(served);
        int requests = 0;
        for (Route route : served.server.routes()) {
          String job = served.holdfast.enqueue(NewJob.of("t", 1).group("ours")).id().toString();
          for (Map.Entry<String, Optional<String>> identity : identities.entrySet()) {
            check(served, route, job, identity.getKey(), identity.getValue());
            requests++;
          }
        }
        assertThat(requests).isGreaterThan(23 * 10);
      }
    }

    private Map<String, Optional<String>> identities(ServedQueue served) {
      Map<String, Optional<String>> identities = new LinkedHashMap<>();
      identities.put("none", Optional.empty());
      identities.put("unknown", Optional.of(TokenSecret.random().reveal()));
      identities.put("malformed", Optional.of("hf_1"));
      String revoked = served.token("revoked", Role.ADMIN);
      served.holdfast.tokens().revoke("revoked");
      identities.put("revoked", Optional.of(revoked));
      String expired =
          Tokens.create(
                  served.holdfast.tokens(),
                  "expired",
                  Role.ADMIN,
                  Scope.all(),
                  Optional.of(Duration.ofNanos(1_000)),
                  "test")
              .reveal();
      identities.put("expired", Optional.of(expired));
      for (Role role : Role.values()) {
        identities.put(role.name(), Optional.of(served.token("all-" + role, role)));
        identities.put("ours-" + role, Optional.of(served.token("ours-" + role, role, "ours")));
        identities.put(
            "others-" + role, Optional.of(served.token("others-" + role, role, "others", "more")));
      }
      return identities;
    }

    private void check(
        ServedQueue served, Route route, String job, String identity, Optional<String> token) {
      String path =
          route
              .path()
              .replace("{id}", job)
              .replace("{queue}", "default")
              .replace("{file}", "start.js")
              .replaceAll("\\{\\w+}", "x");
      String body = route.body().isTaken() ? "{}" : null;
      String[] headers =
          token
              .map(secret -> new String[] {"Authorization", "Bearer " + secret})
              .orElse(new String[0]);

      Reply reply = served.call(route.method().name(), path, body, headers);

      String what = route.name() + " as " + identity + ": " + reply.body();
      Permission permission = route.permission().orElseThrow();
      String roleName = identity.replaceFirst("^(ours|others)-", "");
      Optional<Role> role =
          List.of(Role.values()).stream().filter(one -> one.name().equals(roleName)).findFirst();
      if (permission == Permission.NONE) {
        assertThat(reply.status()).as(what).isEqualTo(200);
      } else if (role.isEmpty()) {
        assertThat(reply.status()).as(what).isEqualTo(401);
      } else if (!permission.isGivenTo(role.get())) {
        assertThat(reply.status()).as(what).isEqualTo(403);
      } else if (identity.contains("-") && route.reach() == Reach.QUEUE) {
        assertThat(reply.status()).as(what).isEqualTo(403);
      } else if (identity.startsWith("others-") && route.path().contains("{id}")) {
        boolean isBodyRefused = reply.status() == 400 && route.body().isTaken();
        assertThat(isBodyRefused || reply.status() == 404).as(what).isTrue();
        assertThat(reply.body()).as(what).doesNotContain("ours", "PENDING");
      } else {
        assertThat(reply.status()).as(what).isNotIn(401, 403, 500);
        if (identity.startsWith("others-")) {
          assertThat(reply.body()).as(what).doesNotContain(job, "ours");
        }
      }
    }
  }

  @Nested
  class A_scope {
    @Test
    void holds_for_lists_bulk_actions_and_what_is_enqueued() {
      try (ServedQueue served = serve()) {
        String mine = served.holdfast.enqueue(NewJob.of("t", 1).group("mine")).id().toString();
        String other = served.holdfast.enqueue(NewJob.of("t", 1).group("other")).id().toString();
        String[] producer = {"Authorization", "Bearer " + served.token("p", Role.PRODUCER, "mine")};
        String[] operator = {"Authorization", "Bearer " + served.token("o", Role.OPERATOR, "mine")};

        assertThat(served.call("GET", "/api/v1/jobs", null, operator).is(200).body())
            .contains(mine)
            .doesNotContain(other);
        assertThat(served.call("GET", "/api/v1/jobs?group=other", null, operator).is(200).body())
            .doesNotContain(other);
        Reply bulk =
            served.call(
                "POST",
                "/api/v1/jobs/bulk",
                "{\"action\": \"cancel\", \"ids\": [\"%s\", \"%s\"]}".formatted(other, mine),
                operator);
        assertThat(bulk.is(200).json().get("count").intValue()).isEqualTo(1);
        assertThat(bulk.body()).contains(mine).doesNotContain(other);
        assertThat(served.holdfast.find(JobId.parse(other)).orElseThrow().state())
            .isEqualTo(JobState.PENDING);

        Reply own = served.call("POST", "/api/v1/jobs", "{\"type\": \"t\"}", producer).is(201);
        Reply seen = served.call("GET", "/api/v1/jobs/" + own.text("id"), null, producer).is(200);
        assertThat(seen.text("group")).isEqualTo("mine");
        assertThat(seen.text("created_by")).isEqualTo("p");
        served
            .call("POST", "/api/v1/jobs", "{\"type\": \"t\", \"group\": \"other\"}", producer)
            .isProblem(403, "forbidden");
        served
            .call(
                "POST",
                "/api/v1/jobs",
                "{\"type\": \"t\", \"depends_on\": [\"%s\"]}".formatted(other),
                producer)
            .isProblem(400, "bad-request");
        served
            .call(
                "POST",
                "/api/v1/jobs",
                "{\"type\": \"t\", \"id\": \"%s\"}".formatted(other),
                producer)
            .isProblem(403, "forbidden");
      }
    }
  }

  @Nested
  class A_server_without_tokens {
    @Test
    void is_open_to_this_machine_until_there_is_one_and_never_again() {
      try (ServedQueue served = serve()) {
        served.get("/api/v1/status").is(200);
      }
      try (ServedQueue served = serve()) {
        served.token("a", Role.ADMIN);
        served.get("/api/v1/status").isProblem(401, "unauthenticated");
        served.holdfast.tokens().revoke("a");
      }
      try (ServedQueue served = serve()) {
        served.get("/api/v1/status").isProblem(401, "unauthenticated");
      }
    }

    @Test
    void does_not_listen_for_others() {
      try (ServedQueue served = serve()) {
        ServerConfig everywhere = ServerConfig.defaults().port(0).address("0.0.0.0");
        assertThatThrownBy(() -> Server.start(served.holdfast, everywhere))
            .isInstanceOf(InvalidRequestException.class)
            .hasMessageContaining("holdfast token create");
        ServerConfig proxied = ServerConfig.defaults().port(0).behindProxy(true);
        assertThatThrownBy(() -> Server.start(served.holdfast, proxied))
            .isInstanceOf(InvalidRequestException.class);

        served.token("a", Role.ADMIN);
        assertThatThrownBy(() -> Server.start(served.holdfast, everywhere))
            .isInstanceOf(InvalidRequestException.class)
            .hasMessageContaining("--tls-keystore");
        Server.start(served.holdfast, proxied).close();
      }
    }
  }

  @Nested
  class A_page_of_a_stranger {
    @Test
    void gets_nothing_by_a_name_of_its_own() {
      try (ServedQueue served = serve()) {
        served
            .call("GET", "/api/v1/jobs", null, "Host", "evil.example:8484")
            .isProblem(421, "wrong-host");
        served.call("GET", "/api/v1/jobs", null, "Host", "LocalHost:1").is(200);
      }
      ServerConfig known = ServerConfig.defaults().port(0).allowedHosts(Set.of("Queue.Example"));
      try (ServedQueue served = serve(known)) {
        served.call("GET", "/api/v1/jobs", null, "Host", "queue.example").is(200);
      }
    }

    @Test
    void changes_nothing_in_the_name_of_its_visitor() {
      try (ServedQueue served = serve()) {
        String job = served.enqueue("{\"type\": \"t\"}");
        String cancel = "/api/v1/jobs/" + job + "/cancel";
        String own = served.server.uri().toString();
        for (String origin : List.of("https://evil.example", "null", own + ".evil.example")) {
          served.call("POST", cancel, null, "Origin", origin).isProblem(403, "forbidden");
        }
        served
            .call("POST", cancel, null, "Sec-Fetch-Site", "cross-site")
            .isProblem(403, "forbidden");
        served.call("POST", cancel, null, "Origin", own).is(200);
      }
    }
  }

  @Nested
  class The_audit_log {
    @Test
    void tells_what_operators_did_and_tried() {
      try (ServedQueue served = serve()) {
        String job = served.enqueue("{\"type\": \"t\"}");
        served.post("/api/v1/jobs/" + job + "/cancel", null).is(200);
        served.post("/api/v1/jobs/" + job + "/cancel", null).is(409);

        assertThat(served.holdfast.audit().newest(Optional.empty(), 10))
            .extracting(AuditRecord::deed)
            .containsExactly(
                new AuditRecord.Deed(
                    "local", "POST /api/v1/jobs/{id}/cancel", List.of(job), 1, 409),
                new AuditRecord.Deed(
                    "local", "POST /api/v1/jobs/{id}/cancel", List.of(job), 1, 200));
      }
    }
  }

  @Nested
  class A_route {
    @Test
    void that_asks_nothing_of_its_callers_keeps_the_server_from_starting() {
      Route route = Route.of(Method.GET, "/x", exchange -> Answer.nothing());
      assertThatThrownBy(() -> new RouteTable(List.of(route)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("GET /x");
    }
  }
}
