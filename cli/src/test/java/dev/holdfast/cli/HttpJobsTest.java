package dev.holdfast.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.testkit.postgres.PostgresDatabases;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Jobs that call URLs, and the options that permit them. */
@Tag("R-24")
class HttpJobsTest {
  @TempDir Path folder;
  Cli cli = new Cli(Path.of(""));
  final HttpServer site = start();
  final Queue<String> keys = new ConcurrentLinkedQueue<>();

  /** Starts a server that responds with the path, once with a failure if requested. */
  HttpServer start() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            String path = exchange.getRequestURI().getPath();
            keys.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
            boolean isFirst = keys.size() == 1;
            byte[] body = path.getBytes(UTF_8);
            exchange.sendResponseHeaders(path.equals("/busy") && isFirst ? 503 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
      server.start();
      return server;
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @BeforeEach
  void nameDatabase() {
    cli = new Cli(folder);
  }

  @AfterEach
  void stopSite() {
    site.stop(0);
  }

  String origin() {
    return "http://127.0.0.1:" + site.getAddress().getPort();
  }

  String enqueue(String path) {
    Cli.Result result =
        cli.run("enqueue", "--type", "http", "--payload", "{\"url\": \"" + origin() + path + "\"}");
    assertThat(result.code()).as(result.err()).isZero();
    return result.line();
  }

  JsonNode show(String id) {
    return cli.run("show", id, "--json").json();
  }

  @Test
  void run_next_to_commands() {
    String http = enqueue("/a");
    String exec = cli.run("enqueue", "--type", "exec", "--payload", "{\"argv\":[\"true\"]}").line();

    Cli.Result result = cli.run("work", "--until-empty");

    assertThat(result.err()).isEqualTo("holdfast: completed 2, failed 0\n");
    assertThat(show(exec).get("state").stringValue()).isEqualTo("COMPLETED");
    assertThat(show(http).get("result").get("status").intValue()).isEqualTo(200);
    assertThat(show(http).get("result").get("body").stringValue()).isEqualTo("/a");
    assertThat(keys).containsExactly(http);
  }

  @Test
  void call_what_was_allowed_and_nothing_else_also_on_a_file() {
    String allowed = enqueue("/hooks/a");
    String other = enqueue("/other");
    String exec = cli.run("enqueue", "--type", "exec", "--payload", "{\"argv\":[\"true\"]}").line();

    Cli.Result result = cli.run("work", "--until-empty", "--allow-http", origin() + "/hooks");

    assertThat(result.err()).isEqualTo("holdfast: completed 2, failed 1\n");
    assertThat(show(other).get("failure").get("message").stringValue())
        .contains("may not be called from this node");
    assertThat(show(exec).get("state").stringValue()).isEqualTo("COMPLETED");
    assertThat(keys).containsExactly(allowed);
  }

  @Test
  void are_tried_again_with_the_same_key() {
    cli.env("HOLDFAST_RETRY_INITIAL_DELAY", "1ms");
    String id = enqueue("/busy");

    assertThat(cli.run("work", "--until-empty").code()).isZero();

    assertThat(show(id).get("attempt").intValue()).isEqualTo(2);
    assertThat(keys).containsExactly(id, id);
  }

  @Nested
  class On_a_server {
    @BeforeEach
    void nameServer() {
      cli.env("HOLDFAST_DB", PostgresDatabases.shared(18).create());
    }

    @Test
    void are_refused_where_nothing_was_allowed() {
      Cli.Result nothing = cli.run("work", "--until-empty");
      Cli.Result malformed = cli.run("work", "--until-empty", "--allow-http", "example.com");

      assertThat(nothing.code()).isEqualTo(ExitCodes.USAGE);
      assertThat(nothing.err()).contains("--allow-exec").contains("--allow-http");
      assertThat(malformed.code()).isEqualTo(ExitCodes.USAGE);
      assertThat(malformed.err())
          .contains("'example.com' names no URLs that may be called: expected scheme and host");
    }

    @Test
    void call_what_was_allowed_and_leave_commands_to_other_nodes() {
      String allowed = enqueue("/hooks/a");
      String other = enqueue("/other");
      String exec =
          cli.run("enqueue", "--type", "exec", "--payload", "{\"argv\":[\"true\"]}").line();

      Cli.Result result = cli.run("work", "--until-empty", "--allow-http", origin() + "/hooks");

      assertThat(result.err()).isEqualTo("holdfast: completed 1, failed 1\n");
      assertThat(show(allowed).get("result").get("body").stringValue()).isEqualTo("/hooks/a");
      assertThat(show(other).get("failure").get("message").stringValue())
          .isEqualTo(
              origin()
                  + "/other may not be called from this node: its operator can allow it with"
                  + " --allow-http");
      assertThat(show(exec).get("state").stringValue()).isEqualTo("PENDING");
      assertThat(keys).containsExactly(allowed);
    }

    @Test
    void are_left_to_other_nodes_where_only_programs_were_allowed() {
      String http = enqueue("/a");

      assertThat(cli.run("work", "--until-empty", "--allow-exec", "true").code()).isZero();

      assertThat(show(http).get("state").stringValue()).isEqualTo("PENDING");
      assertThat(cli.env("HOLDFAST_WORKER_ALLOW_HTTP", "*").run("work", "--until-empty").code())
          .isZero();
      assertThat(show(http).get("state").stringValue()).isEqualTo("COMPLETED");
    }
  }
}
