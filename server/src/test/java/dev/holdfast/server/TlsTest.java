package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Holdfast;
import dev.holdfast.error.PermissionException;
import dev.holdfast.http.Json;
import dev.holdfast.search.Scope;
import dev.holdfast.server.access.Tokens;
import dev.holdfast.spi.server.Role;
import dev.holdfast.testkit.process.TlsKeys;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uses a self-signed certificate, created by the JDK's keytool. */
@Tag("R-47")
class TlsTest {
  @TempDir Path folder;
  private Holdfast holdfast;
  private TlsKeys keys;

  @BeforeEach
  void open() {
    keys = TlsKeys.make(folder);
    holdfast = Holdfast.open(folder.resolve("q.db").toString());
  }

  @AfterEach
  void close() {
    holdfast.close();
  }

  @Nested
  class A_server_with_a_certificate {
    @Test
    void is_trusted_by_those_who_trust_the_certificate_and_by_nobody_else() throws Exception {
      try (Server server = Server.start(holdfast, config(keys.keystore()))) {
        assertThat(server.uri().getScheme()).isEqualTo("https");
        HttpClient knows = HttpClient.newBuilder().sslContext(keys.trusting()).build();

        HttpResponse<String> answer = knows.send(alive(server.uri()), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.sslSession().orElseThrow().getProtocol()).isIn("TLSv1.3", "TLSv1.2");

        HttpClient stranger = HttpClient.newHttpClient();
        assertThatThrownBy(() -> stranger.send(alive(server.uri()), BodyHandlers.ofString()))
            .isInstanceOf(SSLHandshakeException.class);
        assertThat(knows.send(alive(server.uri()), BodyHandlers.ofString()).statusCode())
            .isEqualTo(200);
      }
    }

    @Test
    void does_not_respond_without_TLS() throws Exception {
      try (Server server = Server.start(holdfast, config(keys.keystore()))) {
        for (String spoken :
            List.of(
                "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "\r\n",
                "\u0016\u0003\u0001\u0000\u0005hello")) {
          try (Wire wire = new Wire(server.uri())) {
            wire.send(spoken);
            wire.end();
            assertThat(wire.everything()).as(spoken).doesNotContain("HTTP/1.1 200", "status");
          }
        }
        HttpClient knows = HttpClient.newBuilder().sslContext(keys.trusting()).build();
        assertThat(knows.send(alive(server.uri()), BodyHandlers.ofString()).statusCode())
            .isEqualTo(200);
      }
    }

    @Test
    void may_listen_for_others_once_there_is_a_token() throws Exception {
      ServerConfig everywhere = config(keys.keystore()).address("0.0.0.0");
      assertThatThrownBy(() -> Server.start(holdfast, everywhere))
          .hasMessageContaining("holdfast token create");

      String token =
          Tokens.create(
                  holdfast.embedding().server().tokens(),
                  "a",
                  Role.VIEWER,
                  Scope.all(),
                  Optional.empty(),
                  "test")
              .reveal();
      try (Server server = Server.start(holdfast, everywhere)) {
        HttpClient knows = HttpClient.newBuilder().sslContext(keys.trusting()).build();
        URI here = URI.create("https://localhost:" + server.uri().getPort());
        HttpRequest.Builder status =
            HttpRequest.newBuilder(here.resolve("/api/v1/status")).timeout(Duration.ofMinutes(1));
        assertThat(knows.send(status.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(401);
        HttpResponse<String> seen =
            knows.send(
                status.header("Authorization", "Bearer " + token).build(), BodyHandlers.ofString());
        assertThat(seen.statusCode()).isEqualTo(200);
        assertThat(Json.read("the answer", seen.body()).has("status_counts")).isTrue();
      }
    }
  }

  @Nested
  class A_certificate_that_cannot_be_read {
    @Test
    void keeps_the_server_from_starting() throws Exception {
      ServerConfig wrong =
          ServerConfig.defaults().port(0).tls(new ServerConfig.Tls(keys.keystore(), "another"));
      assertThatThrownBy(() -> Server.start(holdfast, wrong))
          .isInstanceOf(PermissionException.class)
          .hasMessageContaining(keys.keystore().toString())
          .hasMessageNotContaining("another");
      assertThatThrownBy(() -> Server.start(holdfast, config(folder.resolve("none"))))
          .isInstanceOf(PermissionException.class);
    }
  }

  private static ServerConfig config(Path keystore) {
    return ServerConfig.defaults().port(0).tls(new ServerConfig.Tls(keystore, TlsKeys.PASSWORD));
  }

  private static HttpRequest alive(URI server) {
    return HttpRequest.newBuilder(server.resolve("/healthz"))
        .timeout(Duration.ofMinutes(1))
        .build();
  }
}
