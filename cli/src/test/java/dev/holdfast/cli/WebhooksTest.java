package dev.holdfast.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.http.Json;
import dev.holdfast.testkit.process.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The messages that a server sends, received by a real receiver. */
@Tag("R-45")
@Tag("slow")
class WebhooksTest {
  private static final String VERIFIER = "standardwebhooks@1.1.1";
  private static final int SECONDS_MAX = 120;

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private final Set<String> taken = ConcurrentHashMap.newKeySet();
  private final HttpServer site = startSite();
  private final List<ChildJvm> servers = new ArrayList<>();
  private volatile int status = 204;
  private URI server = URI.create("");

  private record Received(String id, String timestamp, String signature, String body) {
    JsonNode json() {
      return Json.read("a message", body);
    }
  }

  private HttpServer startSite() {
    try {
      HttpServer started =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      started.createContext("/", this::receive);
      started.start();
      return started;
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private void receive(HttpExchange exchange) throws IOException {
    int answer = status; // as it is now, not as it is changed once this was received
    String id = exchange.getRequestHeaders().getFirst("webhook-id");
    if (answer < 300) {
      taken.add(id); // before anybody is notified
    }
    received.add(
        new Received(
            id,
            exchange.getRequestHeaders().getFirst("webhook-timestamp"),
            exchange.getRequestHeaders().getFirst("webhook-signature"),
            new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
    exchange.sendResponseHeaders(answer, -1);
    exchange.close();
  }

  @BeforeEach
  void serve() throws IOException {
    configure(100);
    startServer();
  }

  private void configure(int attempts) throws IOException {
    Path file = Files.createDirectories(folder.resolve("config/holdfast")).resolve("holdfast.yaml");
    Files.writeString(
        file,
        """
        redact: [password]
        server:
          port: 0
          webhooks:
            allow_loopback: true
            max_attempts: %d
            initial_delay: 50ms
            max_delay: 100ms
          alerts:
            interval: 1s
        """
            .formatted(attempts));
  }

  private void startServer() throws IOException {
    ChildJvm child = ChildJvm.holdfast(folder, Path.of("/dev/null"), "serve");
    servers.add(child);
    server = URI.create(child.awaitServer());
  }

  @AfterEach
  void stop() {
    servers.forEach(ChildJvm::killIfAlive);
    site.stop(0);
  }

  private JsonNode call(String method, String path, String body, int expected)
      throws IOException, InterruptedException {
    HttpRequest.BodyPublisher publisher =
        body.isEmpty()
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body);
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(server.resolve("/api/v1" + path))
                .header("Content-Type", "application/json")
                .method(method, publisher)
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(expected);
    return Json.read("an answer", answer.body().isEmpty() ? "null" : answer.body());
  }

  private JsonNode createWebhook(String events) throws IOException, InterruptedException {
    String body =
        "{\"url\": \"http://127.0.0.1:%d/in\", \"events\": %s}"
            .formatted(site.getAddress().getPort(), events);
    return call("POST", "/webhooks", body, 201);
  }

  private String cancelOne() throws IOException, InterruptedException {
    String id = call("POST", "/jobs", "{\"type\": \"nobody\"}", 201).get("id").stringValue();
    call("POST", "/jobs/" + id + "/cancel", "", 200);
    return id;
  }

  private Received next() throws InterruptedException {
    Received message = received.poll(SECONDS_MAX, TimeUnit.SECONDS);
    assertThat(message).as("a message").isNotNull();
    return message;
  }

  private JsonNode awaitState(String webhook, String wanted)
      throws IOException, InterruptedException {
    Eventually.is(wanted, () -> newest(webhook).get("state").asString().equals(wanted));
    return newest(webhook);
  }

  private JsonNode newest(String webhook) throws IOException, InterruptedException {
    return call("GET", "/webhooks/" + webhook + "/deliveries", "", 200).get("deliveries").get(0);
  }

  @Test
  void is_signed_so_that_others_can_verify_it() throws Exception {
    JsonNode webhook = createWebhook("[\"job.cancelled\"]");
    String secret = webhook.get("secret").stringValue();
    String job = cancelOne();
    Received message = next();

    assertThat(message.json().get("type").stringValue()).isEqualTo("job.cancelled");
    assertThat(message.json().get("data").get("job").get("id").stringValue()).isEqualTo(job);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring(6)), "HmacSHA256"));
    String signed = message.id() + "." + message.timestamp() + "." + message.body();
    assertThat(message.signature())
        .isEqualTo("v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(UTF_8))));
    verifyByOthers(secret, message);

    String id = webhook.get("id").stringValue();
    assertThat(call("GET", "/webhooks/" + id, "", 200).has("secret")).isFalse();
    assertThat(call("GET", "/webhooks", "", 200).toString()).doesNotContain("whsec_");
    awaitState(id, "COMPLETED");
    call("POST", "/webhooks/" + id + "/test", "", 202);
    assertThat(next().json().get("type").stringValue()).isEqualTo("webhook.test");
  }

  /**
   * Verifies with other libraries. Needs Node with npm, and its registry; if CI is set, it fails
   * without them.
   */
  private void verifyByOthers(String secret, Received message) throws Exception {
    boolean hasNode = Files.isExecutable(Path.of("/usr/bin/npm"));
    if (System.getenv("CI") == null) {
      assumeThat(hasNode).as("Node and npm").isTrue();
    }
    Path home = Files.createDirectories(folder.resolve("verifier"));
    run(home, "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", VERIFIER);
    Files.writeString(
        home.resolve("verify.cjs"),
        """
        const { Webhook } = require("standardwebhooks");
        const { secret, headers, body } = JSON.parse(require("fs").readFileSync("message.json"));
        new Webhook(secret).verify(body, headers);
        let refused = false;
        try { new Webhook(secret).verify(body + " ", headers); } catch (wrong) { refused = true; }
        if (!refused) process.exit(3);
        """);
    Map<String, Object> headers =
        Map.of(
            "webhook-id",
            message.id(),
            "webhook-timestamp",
            message.timestamp(),
            "webhook-signature",
            message.signature());
    Files.writeString(
        home.resolve("message.json"),
        Json.write(Map.of("secret", secret, "headers", headers, "body", message.body())));
    run(home, "node", "verify.cjs");
  }

  private static void run(Path home, String... command) throws Exception {
    Path log = home.resolve("log");
    Process process =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(log)).isZero();
  }

  /** Moves time by moving the end of the overlap in the database. */
  @Test
  void is_signed_with_the_old_secret_and_the_new_one_until_the_overlap_ends() throws Exception {
    JsonNode webhook = createWebhook("[\"job.cancelled\"]");
    String id = webhook.get("id").stringValue();
    String old = webhook.get("secret").stringValue();
    JsonNode rotated = call("POST", "/webhooks/" + id + "/rotate-secret", "{}", 200);
    String fresh = rotated.get("secret").stringValue();
    assertThat(fresh).startsWith("whsec_").isNotEqualTo(old);
    Instant until = Instant.parse(rotated.get("old_secret_until").stringValue());
    assertThat(Duration.between(Instant.now(), until).toHours()).isEqualTo(23);

    cancelOne();
    Received both = next();
    assertThat(both.signature().split(" ")).hasSize(2);
    verifyByOthers(fresh, both);
    verifyByOthers(old, both);

    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:sqlite:" + folder.resolve("jobs.db") + "?busy_timeout=60000");
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("update webhooks set old_secret_until = 1");
    }
    cancelOne();
    Received one = next();
    assertThat(one.signature().split(" ")).hasSize(1);
    verifyByOthers(fresh, one);
    assertThatThrownBy(() -> verifyByOthers(old, one)).isInstanceOf(AssertionError.class);
    assertThat(call("GET", "/webhooks/" + id, "", 200).has("secret")).isFalse();
    call("POST", "/webhooks/none/rotate-secret", "{}", 404);
    for (String wrong : List.of("{\"overlap\": \"31d\"}", "{\"secret\": \"x\"}", "{\"x\": 1}")) {
      call("POST", "/webhooks/" + id + "/rotate-secret", wrong, 400);
    }
  }

  @Test
  @Tag("R-60")
  void contains_no_secret_that_a_failure_quotes() throws Exception {
    String secret = "correct horse battery staple";
    String webhook = createWebhook("[\"job.failed\"]").get("id").stringValue();
    String job =
        "{\"type\": \"t\", \"max_attempts\": 1, \"payload\": {\"password\": \"%s\"}}"
            .formatted(secret);
    String id = call("POST", "/jobs", job, 201).get("id").stringValue();
    String worker =
        call("POST", "/worker/register", "{\"name\": \"w\", \"types\": [\"t\"]}", 201)
            .get("worker")
            .stringValue();
    String claim = "{\"worker\": \"%s\", \"types\": [\"t\"]}".formatted(worker);
    JsonNode claimed = call("POST", "/worker/claim", claim, 200).get("jobs").get(0);
    String cutShort = "x".repeat(949) + " " + secret; // 1,000 characters are sent
    call(
        "POST",
        "/worker/jobs/" + id + "/fail",
        "{\"lease\": \"%s\", \"failure\": {\"message\": \"%s\"}}"
            .formatted(claimed.get("lease").stringValue(), "cannot read " + secret + cutShort),
        200);

    Received message = next();

    for (String told :
        List.of(
            message.body(),
            call("GET", "/webhooks/" + webhook + "/deliveries", "", 200).toString(),
            call("GET", "/jobs/" + id + "/events", "", 200).toString())) {
      assertThat(told).contains("cannot read [redacted]x").doesNotContain("correct");
    }
  }

  @Test
  void is_tried_again_as_the_same_message() throws Exception {
    status = 500;
    String id = createWebhook("[\"job.cancelled\"]").get("id").stringValue();
    cancelOne();
    Received first = next();
    status = 204;
    Received second = next();
    while (!taken.contains(second.id())) {
      second = next();
    }

    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.body()).isEqualTo(first.body());
    awaitState(id, "COMPLETED");
  }

  @Test
  void ends_as_a_dead_letter_and_can_be_delivered_again() throws Exception {
    servers.get(0).signal("KILL");
    configure(2);
    startServer();
    status = 500;
    String id = createWebhook("[\"job.cancelled\"]").get("id").stringValue();
    cancelOne();
    JsonNode dead = awaitState(id, "FAILED");
    assertThat(received).hasSize(2);
    String deliveries = "/webhooks/" + id + "/deliveries/";
    String again = deliveries + dead.get("number").asLong() + "/redeliver";
    String failure =
        call("GET", "/jobs/" + dead.get("job_id").stringValue(), "", 200).get("failure").toString();
    assertThat(failure).contains("the receiver responded 500");

    status = 204;
    call("POST", again, "", 202);
    awaitState(id, "COMPLETED");
    assertThat(received.stream().map(Received::id).distinct()).hasSize(1);
    assertThat(received).hasSize(3);
    call("POST", deliveries + "1000000/redeliver", "", 404);
  }

  @Test
  void is_not_lost_when_the_server_is_killed_before_it() throws Exception {
    status = 500;
    createWebhook("[\"job.cancelled\"]");
    Set<String> jobs = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      jobs.add(cancelOne());
    }
    servers.get(0).signal("KILL");
    servers.get(0).end();
    received.clear();
    status = 204;
    startServer();

    Set<String> told = new HashSet<>();
    while (told.size() < jobs.size() || taken.size() < jobs.size()) {
      told.add(next().json().get("data").get("job").get("id").stringValue());
    }
    assertThat(told).isEqualTo(jobs);
    assertThat(taken).hasSize(20);
  }

  @Test
  void reports_alerts() throws Exception {
    createWebhook("[\"alert.raised\", \"alert.cleared\"]");
    call("PUT", "/alerts/waiting", "{\"kind\": \"QUEUE_AGE\", \"over\": \"1s\"}", 200);
    String job = call("POST", "/jobs", "{\"type\": \"nobody\"}", 201).get("id").stringValue();

    assertThat(next().json().get("type").stringValue()).isEqualTo("alert.raised");
    assertThat(call("GET", "/status", "", 200).get("problems").toString())
        .contains("alert-raised", "waiting");
    call("POST", "/jobs/" + job + "/cancel", "", 200);
    assertThat(next().json().get("type").stringValue()).isEqualTo("alert.cleared");
    call("DELETE", "/alerts/waiting", "", 204);
    assertThat(call("GET", "/alerts", "", 200).get("alerts")).isEmpty();
  }

  @Test
  void refuses_what_cannot_be_called() throws Exception {
    for (String url : List.of("ftp://a.example", "http://127.1/", "http://u:p@a.example", "a")) {
      String body = "{\"url\": \"%s\", \"events\": [\"job.failed\"]}".formatted(url);
      call("POST", "/webhooks", body, 400);
    }
    call("POST", "/webhooks", "{\"url\": \"https://a.example\", \"events\": []}", 400);
    call("POST", "/webhooks", "{\"url\": \"https://a.example\", \"events\": [\"x\"]}", 400);
    call("GET", "/webhooks/none", "", 404);
    call("DELETE", "/webhooks/none", "", 404);
    call("PUT", "/alerts/a", "{\"kind\": \"STUCK\", \"over\": \"0s\"}", 400);
  }
}
