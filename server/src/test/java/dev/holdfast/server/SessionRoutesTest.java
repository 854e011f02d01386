package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.server.ServedQueue.Reply;
import dev.holdfast.spi.server.AuditRecord;
import dev.holdfast.spi.server.Role;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("R-47")
class SessionRoutesTest {
  private static final String PATH = "/api/v1/session";

  @TempDir Path folder;

  private static Reply signIn(ServedQueue served, String token) {
    return served.post(PATH, "{\"token\": \"%s\"}".formatted(token));
  }

  /** Returns the cookie that a browser sends from then on. */
  private static String cookie(Reply signedIn) {
    String given = signedIn.is(200).headers().firstValue("Set-Cookie").orElseThrow();
    return given.replaceFirst(";.*", "");
  }

  @Nested
  class Signing_in {
    @Test
    void gives_a_cookie_for_a_token_that_is_not_in_it() {
      try (ServedQueue served = new ServedQueue(folder)) {
        String token = served.token("ada", Role.OPERATOR);

        Reply reply = signIn(served, " " + token + "\\n");

        assertThat(reply.is(200).text("name")).isEqualTo("ada");
        assertThat(reply.text("role")).isEqualTo("operator");
        assertThat(reply.json().get("permissions").toString()).isEqualTo("[\"see\",\"operate\"]");
        assertThat(reply.headers().firstValue("Set-Cookie").orElseThrow())
            .contains("; HttpOnly; SameSite=Strict")
            .doesNotContain(token, "Secure");
        served.call("GET", "/api/v1/status", null, "Cookie", cookie(reply)).is(200);
      }
    }

    @Test
    void takes_no_token_that_is_wrong_or_may_not_look() {
      try (ServedQueue served = new ServedQueue(folder)) {
        String worker = served.token("w", Role.WORKER);
        for (String wrong : new String[] {"", "hf_1", "hf_" + "x".repeat(43)}) {
          Reply refused = signIn(served, wrong).isProblem(401, "unauthenticated");
          assertThat(refused.headers().firstValue("Set-Cookie")).isEmpty();
        }
        assertThat(signIn(served, worker).isProblem(403, "forbidden").headers().map())
            .doesNotContainKey("set-cookie");
      }
    }

    @Test
    void says_who_asks_without_a_token_too() {
      try (ServedQueue served = new ServedQueue(folder)) {
        Reply reply = served.get(PATH).is(200);
        assertThat(reply.text("name")).isEqualTo("local");
        assertThat(reply.json().get("has_token").booleanValue()).isFalse();
      }
    }
  }

  @Nested
  class A_session {
    @Test
    void ends_with_its_token() {
      try (ServedQueue served = new ServedQueue(folder)) {
        String cookie = cookie(signIn(served, served.token("ada", Role.VIEWER)));
        served.call("GET", "/api/v1/jobs", null, "Cookie", cookie).is(200);

        served.holdfast.embedding().server().tokens().revoke("ada");

        await()
            .until(
                () -> served.call("GET", "/api/v1/jobs", null, "Cookie", cookie).status() == 401);
      }
    }

    @Test
    void may_do_what_its_token_may_and_no_more() {
      try (ServedQueue served = new ServedQueue(folder)) {
        String mine = served.holdfast.enqueue(NewJob.of("t", 1).group("mine")).id().toString();
        String other = served.holdfast.enqueue(NewJob.of("t", 1).group("other")).id().toString();
        String cookie = cookie(signIn(served, served.token("v", Role.VIEWER, "mine")));
        String[] own = {"Cookie", cookie, "Origin", served.server.uri().toString()};

        assertThat(served.call("GET", "/api/v1/jobs", null, own).is(200).body())
            .contains(mine)
            .doesNotContain(other);
        served.call("GET", "/api/v1/status", null, own).isProblem(403, "forbidden");
        served
            .call("POST", "/api/v1/jobs/" + mine + "/cancel", null, own)
            .isProblem(403, "forbidden");
        assertThat(served.call("GET", PATH, null, own).is(200).json().get("groups").toString())
            .isEqualTo("[\"mine\"]");
      }
    }

    @Test
    void changes_something_for_pages_of_this_server_alone() {
      ServerConfig published =
          ServerConfig.defaults().port(0).publicUrl(URI.create("https://queue.example/q"));
      try (ServedQueue served = new ServedQueue(folder, published)) {
        String cookie = cookie(signIn(served, served.token("ada", Role.OPERATOR)));
        String job = served.holdfast.enqueue(NewJob.of("t", 1)).id().toString();
        String cancel = "/api/v1/jobs/" + job + "/cancel";

        served.call("POST", cancel, null, "Cookie", cookie).isProblem(403, "forbidden");
        for (String[] foreign :
            new String[][] {
              {"Origin", "https://evil.example"},
              {"Origin", "http://queue.example"},
              {"Origin", served.server.uri().toString().replace("http:", "https:")},
              {"Origin", "null"},
              {"Sec-Fetch-Site", "same-site"},
              {"Sec-Fetch-Site", "none"}
            }) {
          served
              .call("POST", cancel, null, "Cookie", cookie, foreign[0], foreign[1])
              .isProblem(403, "forbidden");
        }
        assertThat(served.holdfast.find(JobId.parse(job)).orElseThrow().state())
            .isEqualTo(JobState.PENDING);

        served
            .call("POST", cancel, null, "Cookie", cookie, "Origin", "https://queue.example")
            .is(200);
        assertThat(served.holdfast.embedding().server().audit().newest(Optional.empty(), 1))
            .extracting(AuditRecord::action)
            .extracting(AuditRecord.Action::who)
            .containsExactly("ada");
      }
    }

    @Test
    void gives_way_to_a_token_in_the_request() {
      try (ServedQueue served = new ServedQueue(folder)) {
        String cookie = cookie(signIn(served, served.token("ada", Role.ADMIN)));
        String token = served.token("bob", Role.VIEWER);
        String[] both = {"Cookie", cookie, "Authorization", "Bearer " + token};

        assertThat(served.call("GET", PATH, null, both).is(200).text("name")).isEqualTo("bob");
        served.call("GET", "/api/v1/tokens", null, both).isProblem(403, "forbidden");
      }
    }

    @Test
    void that_is_none_of_this_queue_does_not_matter_where_no_token_is_needed() {
      try (ServedQueue served = new ServedQueue(folder)) {
        String name = "holdfast-session-" + served.server.uri().getPort();
        String foreign = name + "=000000000000." + "0".repeat(64) + ".9999999999.x";
        served.call("GET", "/api/v1/status", null, "Cookie", foreign).is(200);
      }
    }

    @Test
    void is_over_when_the_browser_signs_out_even_if_somebody_has_kept_its_cookie()
        throws Exception {
      try (ServedQueue served = new ServedQueue(folder);
          Server other = Server.start(served.holdfast, ServerConfig.defaults().port(0))) {
        String token = served.token("ada", Role.VIEWER);
        String cookie = cookie(signIn(served, token));
        String here = "holdfast-session-" + served.server.uri().getPort();
        String there = cookie.replace(here, "holdfast-session-" + other.uri().getPort());
        String second = cookie(signIn(served, token));
        served.call("GET", "/api/v1/jobs", null, "Cookie", cookie).is(200);
        assertThat(statusAt(other, there)).isEqualTo(200);

        Reply reply = served.call("DELETE", PATH, null, "Cookie", cookie).is(204);

        assertThat(reply.headers().firstValue("Set-Cookie").orElseThrow())
            .startsWith(here + "=; Max-Age=0");
        Reply refused =
            served
                .call("GET", "/api/v1/jobs", null, "Cookie", cookie)
                .isProblem(401, "unauthenticated");
        assertThat(refused.text("detail")).contains("sign in again").doesNotContain("header");
        await().until(() -> statusAt(other, there) == 401);
        served.call("GET", "/api/v1/jobs", null, "Cookie", second).is(200);
      }
    }

    private static int statusAt(Server server, String cookie) throws Exception {
      var request =
          HttpRequest.newBuilder(URI.create(server.uri() + "/api/v1/jobs"))
              .header("Cookie", cookie)
              .build();
      return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
    }

    @Test
    void ends_what_waits_for_an_answer_when_it_is_over() {
      try (ServedQueue served = new ServedQueue(folder)) {
        String cookie = cookie(signIn(served, served.token("ada", Role.VIEWER)));
        String job =
            served.holdfast.enqueue(NewJob.of("t", 1).in(Duration.ofDays(1))).id().toString();
        CompletableFuture<Reply> poll =
            CompletableFuture.supplyAsync(
                () ->
                    served.call(
                        "GET", "/api/v1/jobs/" + job + "?wait=60s", null, "Cookie", cookie));
        await().until(() -> served.server.openAnswers() == 1);

        served.call("DELETE", PATH, null, "Cookie", cookie).is(204);

        assertThat(poll.join().isProblem(401, "unauthenticated").text("detail"))
            .contains("sign in again");
      }
    }

    @Test
    void counts_though_an_older_cookie_of_its_name_comes_first() {
      try (ServedQueue served = new ServedQueue(folder)) {
        String old = cookie(signIn(served, served.token("old", Role.VIEWER)));
        String now = cookie(signIn(served, served.token("ada", Role.VIEWER)));
        served.holdfast.embedding().store().server().tokens().revoke("old");

        await().until(() -> served.call("GET", PATH, null, "Cookie", old).status() == 401);
        Reply reply = served.call("GET", PATH, null, "Cookie", old + "; " + now).is(200);
        assertThat(reply.text("name")).isEqualTo("ada");
      }
    }
  }

  @Nested
  class The_audit_log {
    @Test
    void has_who_signed_in_and_out_and_the_first_that_were_refused() {
      try (ServedQueue served = new ServedQueue(folder)) {
        String cookie = cookie(signIn(served, served.token("ada", Role.VIEWER)));
        served.call("DELETE", PATH, null, "Cookie", cookie).is(204);
        served.call("DELETE", PATH, null, "Cookie", cookie).is(204);
        for (int i = 0; i < 30; i++) {
          signIn(served, "hf_" + "x".repeat(43)).isProblem(401, "unauthenticated");
        }

        List<AuditRecord> records =
            served.holdfast.embedding().store().server().audit().newest(Optional.empty(), 100);

        assertThat(records).hasSizeBetween(12, 22); // the minute may end in between
        assertThat(records.get(0).action())
            .isEqualTo(new AuditRecord.Action("nobody", "POST " + PATH, List.of(), 0, 401));
        assertThat(records.subList(records.size() - 2, records.size()))
            .extracting(AuditRecord::action)
            .containsExactly(
                new AuditRecord.Action("ada", "DELETE " + PATH, List.of(), 0, 204),
                new AuditRecord.Action("ada", "POST " + PATH, List.of(), 0, 200));
      }
    }

    @Test
    void is_read_page_by_page() {
      try (ServedQueue served = new ServedQueue(folder)) {
        String job = served.enqueue("{\"type\": \"t\"}");
        served.post("/api/v1/jobs/" + job + "/cancel", null).is(200);
        served.post("/api/v1/jobs/" + job + "/retry", null).is(200);

        Reply first = served.get("/api/v1/audit?limit=1").is(200);
        assertThat(first.json().at("/records/0/what").asString())
            .isEqualTo("POST /api/v1/jobs/{id}/retry");
        assertThat(first.json().at("/records/0/targets/0").asString()).isEqualTo(job);
        Reply second =
            served.get("/api/v1/audit?before=" + first.json().get("next").longValue()).is(200);
        assertThat(second.json().at("/records/0/what").asString())
            .isEqualTo("POST /api/v1/jobs/{id}/cancel");
        assertThat(second.json().get("next").isNull()).isTrue();
        served.get("/api/v1/audit?before=x").isProblem(400, "bad-request");
      }
    }
  }
}
