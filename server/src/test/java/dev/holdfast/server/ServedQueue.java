package dev.holdfast.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.http.Json;
import dev.holdfast.search.Scope;
import dev.holdfast.server.access.TokenSecret;
import dev.holdfast.server.undertow.Capacity;
import dev.holdfast.spi.server.NewToken;
import dev.holdfast.spi.server.Role;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A queue, in a file or in a database, served over real HTTP. Every response, and every accepted
 * request, is validated against the API's description.
 */
final class ServedQueue implements AutoCloseable {
  private static final ApiDescription DESCRIPTION = new ApiDescription();

  private static final String EVENTS = "text/event-stream";

  static {
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
  }

  final Holdfast holdfast;
  final Server server;
  private final HttpClient client = HttpClient.newHttpClient();

  ServedQueue(Path folder) {
    this(folder, ServerConfig.defaults().port(0));
  }

  ServedQueue(Path folder, ServerConfig config) {
    this(file(folder), config, Capacity.defaults());
  }

  /** Serves the queue at this address: a path, or the URL of a database. */
  ServedQueue(String address, ServerConfig config, Capacity capacity) {
    this.holdfast = Holdfast.open(address);
    this.server = Server.start(holdfast, config, capacity);
  }

  /** Returns the address of a queue in a file of this folder. */
  static String file(Path folder) {
    return folder.resolve("q.db").toString();
  }

  /** A response. */
  record Reply(int status, HttpHeaders headers, String body) {
    JsonNode json() {
      return Json.read("the answer", body);
    }

    String text(String field) {
      return json().get(field).asString();
    }

    Reply is(int expected) {
      assertThat(status).as(body).isEqualTo(expected);
      return this;
    }

    /** Checks that the response is a problem with this code, by RFC 9457. */
    Reply isProblem(int expected, String code) {
      is(expected);
      assertThat(headers.firstValue("Content-Type")).contains("application/problem+json");
      assertThat(text("code")).isEqualTo(code);
      assertThat(text("type")).isEqualTo("urn:holdfast:problem:" + code);
      assertThat(json().get("status").intValue()).isEqualTo(expected);
      return this;
    }
  }

  String token(String name, Role role, String... groups) {
    Scope scope = groups.length == 0 ? Scope.all() : Scope.of(Set.of(groups));
    TokenSecret secret = TokenSecret.random(); // also of kinds that are no longer created
    holdfast
        .embedding()
        .server()
        .tokens()
        .create(new NewToken(name, secret.hash(), role, scope, Optional.empty(), "test"));
    return secret.reveal();
  }

  Reply get(String path) {
    return call("GET", path, null);
  }

  Reply post(String path, @Nullable String json) {
    return call("POST", path, json);
  }

  String enqueue(String json) {
    return post("/api/v1/jobs", json).is(201).text("id");
  }

  /**
   * Sends a request.
   *
   * @param json the body; null for none
   * @param headers names and values
   */
  Reply call(String method, String path, @Nullable String json, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.uri() + path))
            .timeout(Duration.ofSeconds(60))
            .method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
    boolean hasType = Arrays.asList(headers).contains("Content-Type");
    if (json != null && !hasType) {
      request.header("Content-Type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      HttpResponse<InputStream> response =
          client.send(request.build(), BodyHandlers.ofInputStream());
      Reply reply = new Reply(response.statusCode(), response.headers(), body(response));
      check(method, path, reply);
      if (reply.status() / 100 == 2) {
        String query = path.contains("?") ? path.replaceFirst("^[^?]*\\?", "") : "";
        DESCRIPTION.checkAccepted(method, path.replaceFirst("\\?.*$", ""), query, json);
      }
      return reply;
    } catch (IOException failure) {
      throw new IllegalStateException(method + " " + path + " got no answer", failure);
    } catch (InterruptedException hurry) {
      throw new IllegalStateException(hurry);
    }
  }

  /** Reads the body, but only the head of an event stream, which has no end. */
  private static String body(HttpResponse<InputStream> response) throws IOException {
    boolean isStream = response.headers().firstValue("Content-Type").equals(Optional.of(EVENTS));
    try (InputStream body = response.body()) {
      return isStream ? "" : new String(body.readAllBytes(), UTF_8);
    }
  }

  private static void check(String method, String path, Reply reply) {
    assertThat(reply.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(reply.headers().firstValue("Content-Security-Policy")).isPresent();
    String mediaType = reply.headers().firstValue("Content-Type").orElse("");
    if (!mediaType.startsWith("text/javascript")) {
      assertThat(reply.body()).doesNotContain("\tat ", "Exception");
    }
    DESCRIPTION.check(
        method, path.replaceFirst("\\?.*$", ""), reply.status(), mediaType, reply.body());
  }

  @Override
  public void close() {
    server.close();
    holdfast.close();
  }
}
