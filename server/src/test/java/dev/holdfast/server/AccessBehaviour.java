package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.BulkAction;
import dev.holdfast.BulkOperation;
import dev.holdfast.BulkRequest;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.PageRequest;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Json;
import dev.holdfast.search.Scope;
import dev.holdfast.server.ServedQueue.Reply;
import dev.holdfast.server.access.Permission;
import dev.holdfast.server.access.TokenSecret;
import dev.holdfast.server.access.Tokens;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Method;
import dev.holdfast.server.route.Route;
import dev.holdfast.server.route.RouteScope;
import dev.holdfast.server.route.RouteTable;
import dev.holdfast.server.undertow.Capacity;
import dev.holdfast.spi.server.AuditRecord;
import dev.holdfast.spi.server.Role;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The access control of a served queue, on any database. */
@Tag("R-47")
abstract class AccessBehaviour {
  private String address;

  /** Returns the address of an empty queue. */
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

  /** Calls every route with every identity; new routes and roles are included automatically. */
  @Nested
  class The_whole_matrix {
    @Test
    void admits_permitted_callers_and_nobody_else() {
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
      served.holdfast.embedding().server().tokens().revoke("revoked");
      identities.put("revoked", Optional.of(revoked));
      String expired =
          Tokens.create(
                  served.holdfast.embedding().server().tokens(),
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
              .replace("{file}", route.path().startsWith("/docs") ? "start.js" : "preact.js")
              .replace("{folder}", "vendor")
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
        assertThat(reply.status()).as(what).isNotIn(401, 403, 500);
      } else if (role.isEmpty()) {
        assertThat(reply.status()).as(what).isEqualTo(401);
      } else if (!permission.isGivenTo(role.get())) {
        assertThat(reply.status()).as(what).isEqualTo(403);
      } else if (identity.contains("-") && route.reach() == RouteScope.QUEUE) {
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

  /** Calls every route that takes no body with one; new routes are included automatically. */
  @Nested
  class A_body_where_none_is_taken {
    @Test
    void is_refused_on_every_route() {
      try (ServedQueue served = serve()) {
        String[] admin = {"Authorization", "Bearer " + served.token("a", Role.ADMIN)};
        int routes = 0;
        for (Route route : served.server.routes()) {
          if (!route.body().isTaken()) {
            String path = route.path().replaceAll("\\{\\w+}", "x");
            Reply reply =
                served.call(
                    route.method().name(), path, "{\"queue\": \"q\", \"action\": \"fail\"}", admin);
            assertThat(reply.isProblem(400, "bad-request").text("detail"))
                .as(route.name())
                .contains("takes no body");
            routes++;
          }
        }
        assertThat(routes).isGreaterThan(40);
      }
    }

    @Test
    void is_refused_in_chunks_too_and_an_empty_one_is_none() throws IOException {
      try (ServedQueue served = serve();
          Wire wire = new Wire(served.server.uri())) {
        String head =
            "POST /api/v1/jobs/recover-dead HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding:"
                + " chunked\r\n\r\n";
        wire.send(head + "0\r\n\r\n");
        assertThat(wire.reply().orElseThrow().status()).isEqualTo(200);
        wire.send(head + "2\r\n{}\r\n0\r\n\r\n");
        Wire.Reply refused = wire.reply().orElseThrow();
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.isProblem()).isTrue();
      }
    }
  }

  @Nested
  class An_unknown_field {
    @Test
    void is_refused_by_every_route_that_takes_a_body() {
      try (ServedQueue served = serve()) {
        String[] admin = {"Authorization", "Bearer " + served.token("a", Role.ADMIN)};
        String job = served.holdfast.enqueue(NewJob.of("t", 1)).id().toString();
        for (Route route : served.server.routes()) {
          if (route.body().isTaken()) {
            String path = route.path().replace("{id}", job).replaceAll("\\{\\w+}", "x");
            Reply reply = served.call(route.method().name(), path, "{\"no_such_field\": 1}", admin);
            assertThat(reply.status()).as(route.name() + reply.body()).isEqualTo(400);
            assertThat(reply.body()).as(route.name()).contains("no_such_field");
          }
        }
      }
    }
  }

  @Nested
  class A_token_that_ends {
    /** The ways to wait for something; a route that is not here fails the test below. */
    private static final Map<String, Role> WAITING =
        Map.of(
            "GET /api/v1/jobs/{id}", Role.VIEWER,
            "GET /api/v1/events", Role.VIEWER,
            "POST /api/v1/worker/claim", Role.WORKER);

    @Test
    void is_known_of_all_routes_that_wait() {
      ApiDescription description = new ApiDescription();
      Set<String> waiting = new TreeSet<>();
      description
          .document()
          .get("paths")
          .properties()
          .forEach(
              path ->
                  path.getValue()
                      .properties()
                      .forEach(
                          operation -> {
                            if (waits(description, operation.getValue())) {
                              waiting.add(
                                  operation.getKey().toUpperCase(Locale.ROOT)
                                      + " "
                                      + path.getKey());
                            }
                          }));
      assertThat(waiting).containsExactlyInAnyOrderElementsOf(WAITING.keySet());
    }

    private boolean waits(ApiDescription description, JsonNode operation) {
      JsonNode body =
          description.resolve(
              operation.path("requestBody").at("/content/application~1json/schema"));
      boolean isLongPoll =
          operation.path("parameters").values().stream()
              .map(description::resolve)
              .anyMatch(
                  parameter ->
                      parameter.path("name").asString("").equals("wait")
                          && parameter.path("description").asString("").contains("60s"));
      return isLongPoll
          || body.path("properties").has("wait")
          || operation.path("responses").toString().contains("text/event-stream");
    }

    @Test
    void ends_what_waits_for_an_answer_revoked_or_expired() throws IOException {
      try (ServedQueue served = serve()) {
        String job =
            served.holdfast.enqueue(NewJob.of("t", 1).in(Duration.ofDays(1))).id().toString();
        served.token("first", Role.VIEWER); // local callers are refused from now on
        for (boolean isRevoked : List.of(true, false)) {
          String viewer = token(served, Role.VIEWER, isRevoked);
          String worker = token(served, Role.WORKER, isRevoked);
          try (Wire poll = new Wire(served.server.uri());
              Wire claim = new Wire(served.server.uri())) {
            send(poll, "GET", "/api/v1/jobs/" + job + "?wait=60s", viewer, "");
            send(
                claim,
                "POST",
                "/api/v1/worker/register",
                worker,
                "{\"name\": \"w\", \"types\": [\"t\"]}");
            String own =
                Json.read("worker", claim.reply().orElseThrow().body()).get("worker").asString();
            send(
                claim,
                "POST",
                "/api/v1/worker/claim",
                worker,
                "{\"worker\": \"%s\", \"wait\": \"60s\"}".formatted(own));
            if (isRevoked) {
              await().until(() -> served.server.openAnswers() == 2);
              served.holdfast.embedding().server().tokens().revoke("VIEWER-true");
              served.holdfast.embedding().server().tokens().revoke("WORKER-true");
            }
            for (Wire ended : List.of(poll, claim)) { // long before the wait is over
              long from = System.nanoTime();
              Wire.Reply reply = ended.reply().orElseThrow();
              assertThat(reply.status()).as(reply.body()).isEqualTo(401);
              assertThat(reply.isProblem()).isTrue();
              assertThat(Duration.ofNanos(System.nanoTime() - from))
                  .isLessThan(Duration.ofSeconds(30));
            }
            JobId left = served.holdfast.enqueue(NewJob.of("t", 2)).id();
            await().until(() -> served.server.openAnswers() == 0);
            assertThat(served.holdfast.find(left).orElseThrow().state())
                .isEqualTo(JobState.PENDING);
            served.holdfast.queue().cancel(List.of(left), "test");
          }
        }
      }
    }

    /** Creates a token; one that is not to be revoked expires soon. */
    private String token(ServedQueue served, Role role, boolean isRevoked) {
      Duration expiry = isRevoked ? Duration.ofDays(1) : Duration.ofSeconds(10);
      return Tokens.create(
              served.holdfast.embedding().server().tokens(),
              role + "-" + isRevoked,
              role,
              Scope.all(),
              Optional.of(expiry),
              "test")
          .reveal();
    }

    private static void send(Wire wire, String method, String path, String token, String body) {
      wire.send(
          "%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n%s\r\n%s"
              .formatted(
                  method,
                  path,
                  token,
                  body.isEmpty()
                      ? ""
                      : "Content-Type: application/json\r\nContent-Length: %d\r\n"
                          .formatted(body.length()),
                  body));
    }

    @Test
    void ends_its_streams_of_events_revoked_or_expired() throws IOException {
      try (ServedQueue served = serve();
          Wire local = new Wire(served.server.uri())) {
        stream(local, "");
        await().until(() -> served.server.openAnswers() == 1);
        String revoked = served.token("revoked", Role.VIEWER);
        String expired =
            Tokens.create(
                    served.holdfast.embedding().server().tokens(),
                    "expired",
                    Role.VIEWER,
                    Scope.all(),
                    Optional.of(Duration.ofSeconds(3)),
                    "test")
                .reveal();
        try (Wire one = new Wire(served.server.uri());
            Wire other = new Wire(served.server.uri())) {
          stream(one, revoked);
          stream(other, expired);
          assertThat(one.reply().orElseThrow().status()).isEqualTo(200);
          served.holdfast.embedding().server().tokens().revoke("revoked");
          // callers without a token need one now that there are some
          assertThat(local.everything()).contains("event: end").contains("token");
          assertThat(one.everything()).contains("event: end").contains("token");
          assertThat(other.everything()).containsAnyOf("event: end", "401 ");
        }
      }
    }

    private static void stream(Wire wire, String token) {
      String authorization = token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n";
      wire.send(
          "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
              + authorization
              + "\r\n");
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

    @Test
    void has_bulk_operations_of_its_own() {
      try (ServedQueue served = serve()) {
        String[] mine = {"Authorization", "Bearer " + served.token("o", Role.OPERATOR, "mine")};
        String[] other = {"Authorization", "Bearer " + served.token("e", Role.OPERATOR, "other")};
        BulkOperation started =
            served
                .holdfast
                .queue()
                .bulkOperations()
                .start(
                    BulkRequest.of(
                        BulkAction.CANCEL, JobFilter.all().within(Scope.of(Set.of("mine")))),
                    "o");
        String path = "/api/v1/bulk-operations/" + started.id();

        served.call("GET", path, null, other).isProblem(404, "not-found");
        served.call("POST", path + "/cancel", null, other).isProblem(404, "not-found");
        assertThat(served.call("GET", path, null, mine).is(200).text("state")).isEqualTo("RUNNING");
        assertThat(served.call("POST", path + "/cancel", null, mine).is(200).text("state"))
            .isEqualTo("CANCELLED");
      }
    }

    @Test
    void is_not_left_by_a_job_that_delivers_webhooks() {
      try (ServedQueue served = serve()) {
        String[] producer = {"Authorization", "Bearer " + served.token("p", Role.PRODUCER, "mine")};
        String job = "{\"type\": \"holdfast.webhook\", \"payload\": {\"delivery\": 1}}";

        Reply one = served.call("POST", "/api/v1/jobs", job, producer);
        assertThat(one.isProblem(400, "bad-request").text("detail")).contains("made by the server");
        served
            .call("POST", "/api/v1/jobs", "[{\"type\": \"t\"}, " + job + "]", producer)
            .isProblem(400, "bad-request");
        String[] admin = {"Authorization", "Bearer " + served.token("a", Role.ADMIN)};
        String schedule = "{\"cron\": \"* * * * *\", \"zone\": \"UTC\", \"job\": " + job + "}";
        Reply timed = served.call("PUT", "/api/v1/schedules/s", schedule, admin);
        assertThat(timed.isProblem(400, "bad-request").text("detail"))
            .contains("made by the server");
        assertThat(served.holdfast.queue().list(JobFilter.all(), PageRequest.first(1)).items())
            .isEmpty();
      }
    }

    @Test
    void hides_the_jobs_of_others_in_explanations_and_histories() {
      try (ServedQueue served = serve()) {
        JobId first = served.holdfast.enqueue(NewJob.of("foreign", 1).group("other")).id();
        JobId second = served.holdfast.enqueue(NewJob.of("t", 1).group("mine")).id();
        JobId waits =
            served.holdfast.enqueue(NewJob.of("t", 1).group("mine").after(first, second)).id();
        String[] viewer = {"Authorization", "Bearer " + served.token("v", Role.VIEWER, "mine")};

        Reply explained =
            served.call("GET", "/api/v1/jobs/" + waits + "/explain", null, viewer).is(200);
        assertThat(explained.body())
            .contains(second.toString())
            .doesNotContain(first.toString(), "foreign", "(2)");
        assertThat(served.get("/api/v1/jobs/" + waits + "/explain").status()).isEqualTo(401);

        served.holdfast.queue().cancel(List.of(first), "test");
        String events =
            served.call("GET", "/api/v1/jobs/" + waits + "/events", null, viewer).is(200).body();
        assertThat(events).contains("CANCELLED").doesNotContain(first.toString());
      }
    }
  }

  @Nested
  class A_cascade_into_other_groups {
    private JobId dependent(ServedQueue served, String group, JobId on) {
      return served.holdfast.enqueue(NewJob.of("t", 1).group(group).after(on)).id();
    }

    private Reply events(ServedQueue served, JobId job, String... headers) {
      return served.call("GET", "/api/v1/jobs/" + job + "/events", null, headers).is(200);
    }

    private String last(Reply events, String field) {
      JsonNode all = events.json().get("events");
      return all.get(all.size() - 1).get(field).asString();
    }

    @Test
    void happens_but_is_counted_and_signed_only_for_those_who_may_see_it() {
      try (ServedQueue served = serve()) {
        String[] mine = {"Authorization", "Bearer " + served.token("ops", Role.OPERATOR, "mine")};
        String[] other = {"Authorization", "Bearer " + served.token("eve", Role.VIEWER, "other")};
        String[] admin = {"Authorization", "Bearer " + served.token("ada", Role.ADMIN)};
        for (String action : List.of("cancel", "delete")) {
          JobId first = served.holdfast.enqueue(NewJob.of("t", 1).group("mine")).id();
          JobId own = dependent(served, "mine", first);
          JobId foreign = dependent(served, "other", first);
          JobId indirect = dependent(served, "other", foreign);

          Reply bulk =
              served.call(
                  "POST",
                  "/api/v1/jobs/bulk",
                  "{\"action\": \"%s\", \"ids\": [\"%s\"]}".formatted(action, first),
                  mine);

          assertThat(bulk.is(200).json().at("/results/0/dependents").intValue()).isEqualTo(1);
          for (JobId cancelled : List.of(own, foreign, indirect)) {
            assertThat(served.holdfast.find(cancelled).orElseThrow().state())
                .isEqualTo(JobState.CANCELLED);
          }
          Reply seenByOther = events(served, foreign, other);
          assertThat(last(seenByOther, "why"))
              .startsWith("a job of another group, which it waited for,");
          assertThat(seenByOther.body()).doesNotContain(first.toString(), "ops");
          assertThat(last(events(served, foreign, admin), "by")).isEqualTo("ops");
          assertThat(last(events(served, foreign, admin), "why")).contains(first.toString());
        }
      }
    }

    @Test
    void is_not_counted_in_explanations() {
      try (ServedQueue served = serve()) {
        for (int i = 0; i < 7; i++) {
          served.holdfast.enqueue(NewJob.of("t", 1).group("other").priority(5));
        }
        JobId behind = served.holdfast.enqueue(NewJob.of("t", 1).group("mine")).id();
        String[] mine = {"Authorization", "Bearer " + served.token("v", Role.VIEWER, "mine")};

        Reply explained =
            served.call("GET", "/api/v1/jobs/" + behind + "/explain", null, mine).is(200);
        assertThat(explained.body())
            .contains("other jobs of queue 'default' come before it")
            .doesNotContain("before it: ");
      }
    }
  }

  @Nested
  class A_webhook {
    @Test
    void to_a_private_address_is_refused_when_it_is_made_or_changed() {
      try (ServedQueue served = serve()) {
        String made =
            served
                .post("/api/v1/webhooks", webhook("https://hooks.example.com/"))
                .is(201)
                .text("id");
        for (String url :
            List.of(
                "http://10.0.0.1/",
                "https://169.254.169.254/latest",
                "http://localhost:8080/",
                "http://api.localhost/",
                "http://127.0.0.1/",
                "http://[::1]/",
                "http://[fd00::1]/")) {
          served.post("/api/v1/webhooks", webhook(url)).isProblem(400, "bad-request");
          served
              .call("PATCH", "/api/v1/webhooks/" + made, "{\"url\": \"%s\"}".formatted(url))
              .isProblem(400, "bad-request");
        }
      }
    }

    private static String webhook(String url) {
      return "{\"url\": \"%s\", \"events\": [\"job.failed\"]}".formatted(url);
    }
  }

  @Nested
  class A_token_for_a_worker {
    @Test
    void cannot_have_groups_as_claims_take_jobs_of_all() {
      try (ServedQueue served = serve()) {
        String made = "{\"name\": \"w\", \"role\": \"worker\", \"groups\": [\"mine\"]}";
        served.post("/api/v1/tokens", made).isProblem(400, "bad-request");
        assertThat(served.holdfast.embedding().server().tokens().list()).isEmpty();
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
        served.holdfast.embedding().server().tokens().revoke("a");
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
    void records_what_operators_did_and_tried() {
      try (ServedQueue served = serve()) {
        String job = served.enqueue("{\"type\": \"t\"}");
        served.post("/api/v1/jobs/" + job + "/cancel", null).is(200);
        served.post("/api/v1/jobs/" + job + "/cancel", null).is(409);

        assertThat(served.holdfast.embedding().server().audit().newest(Optional.empty(), 10))
            .extracting(AuditRecord::action)
            .containsExactly(
                new AuditRecord.Action(
                    "local", "POST /api/v1/jobs/{id}/cancel", List.of(job), 1, 409),
                new AuditRecord.Action(
                    "local", "POST /api/v1/jobs/{id}/cancel", List.of(job), 1, 200));
      }
    }
  }

  @Nested
  class A_route {
    @Test
    void that_declares_no_permission_keeps_the_server_from_starting() {
      Route route = Route.of(Method.GET, "/x", exchange -> Answer.nothing());
      assertThatThrownBy(() -> new RouteTable(List.of(route)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("GET /x");
    }
  }
}
